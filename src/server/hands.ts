/** Hands on a world: each is tried before it is put on it, and what cannot be taken changes nothing. */
import { nearest } from '../core/nearest.js';
import type { Intervention } from '../loop/trace.js';
import type { LoadedScenario } from '../scenario/load.js';
import { beyond, type WorldLimits } from './limits.js';
import type { Scalar } from './protocol.js';
import { orRefused, Refused, unfit } from './refused.js';

export type Values = Readonly<Record<string, Scalar>>;
type Hand = { readonly set?: Values; readonly retrain?: true | readonly string[] };

/** What a world is made of when it begins: no hand changes it later. */
const FIXED = ['name', 'extends', 'steps', 'seed', 'replicates', 'population.size', 'population.nodes', 'lab'] as const;
const BLOCKS = ['drift', 'sense', 'respond', 'collect'];

/** A scenario as a run begins with it: values and switches as they were asked for, and within the limits. */
export function prepared(
  loaded: LoadedScenario,
  { off, set }: { readonly off: readonly string[]; readonly set: Values },
  limits: WorldLimits,
): LoadedScenario {
  const known = loaded.plan.mechanisms.map(({ id }) => id);
  for (const id of off)
    if (!BLOCKS.includes(id) && !known.includes(id)) throw new Refused(unknown('mechanism', id, known));
  const next = orRefused(() => loaded.with(set).switchedOff(off));
  keepsFiles(loaded, next);
  const large = beyond(next, limits);
  if (large.length > 0) throw unfit(large);
  return next;
}

/** The scenario was read before: it names no other file after that. Throws a `Refused`. */
export function keepsFiles(before: LoadedScenario, after: LoadedScenario): void {
  for (const part of ['extends', 'population.rows'])
    if (written(after, part) !== written(before, part)) throw new Refused(`\`${part}\` cannot be set from here.`);
}

/** The hands on one run: the scenario's own schedule, those that the run begins with, and those that come. */
export class Hands {
  /** Handed to the run, which reads on in it: grows as hands come. */
  readonly interventions: Intervention[];
  /** The scenario with every hand on it that acts before step `next`. */
  private current: LoadedScenario;
  private next = 0;

  /** Throws a `Refused` where one of those that it begins with cannot be taken. */
  constructor(
    private readonly begun: LoadedScenario,
    first: readonly Intervention[],
    private readonly limits: WorldLimits,
  ) {
    this.current = begun;
    this.interventions = [...first];
    for (const hand of first) this.check(hand.at, hand);
    this.follow(begun, 0, Number.POSITIVE_INFINITY);
  }

  /** Puts a hand on the world before step `at`, the next that will be made. Throws a `Refused`. */
  add(at: number, hand: Hand): Intervention {
    this.check(at, hand);
    let current = this.follow(this.current, this.next, at + 1);
    if (hand.set !== undefined) current = this.changed(current, hand.set);
    // Hands that are still to come must be able to stand on top of it.
    this.follow(current, at + 1, Number.POSITIVE_INFINITY);
    this.current = current;
    this.next = at + 1;
    const intervention = { at, ...hand };
    this.interventions.push(intervention);
    return intervention;
  }

  private check(at: number, { retrain }: Hand): void {
    const { models, steps } = this.begun.plan;
    if (at >= steps) throw new Refused(`There is no step ${at} to act on: the run has ${steps}, from 0.`);
    const names = models.map(({ name }) => name);
    for (const name of retrain === true ? [] : (retrain ?? []))
      if (!names.includes(name)) throw new Refused(unknown('model', name, names));
  }

  /** The scenario after the hands from one step to another, in the order in which the run applies them. */
  private follow(from: LoadedScenario, first: number, end: number): LoadedScenario {
    return [...this.begun.plan.schedule, ...this.interventions]
      .filter(({ at, set }) => set !== undefined && at >= first && at < end)
      .sort((a, b) => a.at - b.at)
      .reduce((scenario, { set = {} }) => this.changed(scenario, set), from);
  }

  private changed(before: LoadedScenario, set: Values): LoadedScenario {
    const after = orRefused(() => before.with(set));
    const large = beyond(after, this.limits);
    if (large.length > 0) throw unfit(large);
    for (const part of [...FIXED, 'population.rows'])
      if (written(after, part) !== written(before, part))
        throw new Refused(`\`${part}\` cannot change while the run goes on: set it before it begins.`);
    if (namesOf(after) !== namesOf(before))
      throw new Refused('A hand on the world changes values: it can add or take away nothing.');
    return after;
  }
}

const written = (scenario: LoadedScenario, path: string): string => JSON.stringify(scenario.find(path)?.value ?? null);

const namesOf = ({ plan, scenario }: LoadedScenario): string =>
  JSON.stringify([
    plan.population.fields.map(({ name }) => name),
    plan.outcome.map(({ name }) => name),
    plan.models.map(({ columns, kind, name, target }) => [name, scenario.models[name].learner, kind, target, columns]),
    plan.mechanisms.map(({ id }) => id),
    ...[plan.decisions, plan.state, plan.measures, plan.slices, plan.theory].map((list) =>
      list.map(({ name }) => name),
    ),
  ]);

function unknown(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `There is no ${what} \`${name}\`${meant === null ? '' : `; did you mean \`${meant}\`?`}`;
}
