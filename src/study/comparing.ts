/**
 * A comparison on request: the policies that a person names, and the yardsticks that are made from their runs.
 *
 * - `oracle`: the cheapest schedule in hindsight, seed by seed (`oracle.ts`).
 * - `best fixed`: the period that costs least on the mean over all seeds, in hindsight.
 * - `random like NAME`: trains at random as often as that policy did.
 */
import type { LoadedScenario } from '../scenario/load.js';
import { namedPolicy, type Policy, PolicyError, policyOf } from '../scenario/policy.js';
import { BEST_FIXED, isYardstick, likeOf, ORACLE } from './asked-policies.js';
import { type ComparedRun, variantsOf } from './compare.js';
import { comparison, costOf, type PolicyResult } from './comparison.js';
import type { Executor, Result } from './executor/index.js';
import type { Asked, OracleBase } from './jobs/comparison.js';
import type { tasks } from './jobs/index.js';
import { isExact, PERIODS } from './oracle.js';

/** What a comparison asks of its executor. */
export type ComparisonTasks = Pick<typeof tasks, 'runOfOracle' | 'runOfPolicy'>;

export interface ComparingOptions {
  readonly asked: Asked;
  readonly loaded: LoadedScenario;
  /** As a person writes them, or as the scenario names them; or as values by path. */
  readonly policies: readonly (string | Policy)[];
  readonly seeds: number;
  readonly seed: number;
  readonly baseline?: string;
  readonly higherIsBetter: boolean;
  readonly executor: Executor<ComparisonTasks>;
  readonly progress?: (done: number, total: number) => void;
  /** Told of each run of the table once it is known, before `progress`; the periods that `best fixed` is chosen from are not in it. */
  readonly tell?: (run: ComparedRun) => void;
}

export interface Compared {
  readonly seeds: readonly number[];
  /**
   * Of a replay: how many seeds gave the same runs to the last number, where all did and there were two at least. Nothing is
   * drawn then, and only the first seed is in the results. 0: it is no replay, or something is drawn.
   */
  readonly alike: number;
  readonly metric: string;
  readonly baseline: string;
  /** What the oracle is: the cheapest of all schedules, or the best that was found; null where nobody asked. */
  readonly oracle: 'exact' | 'best found' | null;
  /** The period that `best fixed` came to; null: never. */
  readonly bestFixed: number | null | undefined;
  readonly policies: readonly PolicyResult[];
  readonly runs: readonly ComparedRun[];
}

/** What a comparison is made of, known before anything runs. */
export interface ComparisonPlan {
  /** Of the table, in the order that was asked for. */
  readonly names: readonly string[];
  readonly policies: readonly Policy[];
  /** Those that `best fixed` is chosen from; none where nobody asks. */
  readonly periods: readonly Policy[];
  /** Names of the yardsticks that train at random. */
  readonly randoms: readonly string[];
  readonly wantsOracle: boolean;
  readonly baseline: string;
}

/** @throws PolicyError where what was asked for cannot be. */
export function comparisonPlan({
  baseline: asked,
  loaded,
  policies: given,
}: Pick<ComparingOptions, 'baseline' | 'loaded' | 'policies'>): ComparisonPlan {
  const own = loaded.scenario.policies ?? {};
  const nameOf = (one: string | Policy) => (typeof one === 'string' ? one.trim() : one.name);
  const byName = new Map(given.map((one) => [nameOf(one), one]));
  const names = [...byName.keys()];
  const policies = [...byName].flatMap(([name, one]) =>
    typeof one !== 'string' ? [one] : isYardstick(name) ? [] : [namedPolicy(own, name)],
  );
  checkYardsticks(loaded, names);
  const baseline = asked ?? (names.includes('never') ? 'never' : names[0]);
  if (!names.includes(baseline)) throw new PolicyError(`the baseline \`${baseline}\` is not among the policies`);
  const isMade = (name: string) => policies.some((policy) => policy.name === name);
  return {
    names,
    policies,
    periods: names.includes(BEST_FIXED) && !isMade(BEST_FIXED) ? fixedPeriods(loaded.plan.steps) : [],
    randoms: names.filter((name) => likeOf(name) !== null && !isMade(name)),
    wantsOracle: names.includes(ORACLE) && !isMade(ORACLE),
    baseline,
  };
}

/** Jobs that it comes to: runs, and for each seed the oracle's search with its run. */
export const jobsOf = ({ periods, policies, randoms, wantsOracle }: ComparisonPlan, seeds: number): number =>
  seeds * (policies.length + periods.length + randoms.length + (wantsOracle ? 1 : 0));

/** @throws PolicyError, ScenarioError before anything runs; Error where a run fails. */
export async function compared(options: ComparingOptions): Promise<Compared> {
  const { asked, executor, higherIsBetter, loaded, progress, seed, seeds, tell } = options;
  const plan = comparisonPlan(options);
  const { baseline, names, periods, policies, randoms, wantsOracle } = plan;
  variantsOf(loaded, [...policies, ...periods]);

  const drawn = Array.from({ length: seeds }, (_, k) => seed + k);
  const total = jobsOf(plan, seeds);
  let done = 0;
  const tick = (of: readonly Policy[]) => (_: number, result: Result<ComparedRun>) => {
    if (result.ok && of !== periods) tell?.(result.answer);
    progress?.(++done, total);
  };
  const isReplay = loaded.plan.population.replay !== null;
  const runOn = async (
    some: readonly Policy[],
    on: readonly number[],
    of: readonly Policy[],
  ): Promise<ComparedRun[]> => {
    const jobs = on.flatMap((one) =>
      some.map((policy) => ({ task: 'runOfPolicy' as const, asks: { asked, policy, seed: one } })),
    );
    return answers(await executor.run(jobs, tick(of)));
  };
  const runAll = async (some: readonly Policy[]): Promise<ComparedRun[]> => {
    if (!isReplay) return runOn(some, drawn, some);
    // What draws nothing is the same for the seeds to come.
    const first = await runOn(some, drawn.slice(0, 2), some);
    const runsOf = ({ name }: Policy) => first.filter(({ policy }) => policy === name);
    const settled = some.filter((policy) => !isRandom(loaded, policy) && sameForAll(runsOf(policy)));
    const rest = drawn.slice(2);
    const others = await runOn(
      some.filter((policy) => !settled.includes(policy)),
      rest,
      some,
    );
    const repeated = settled.flatMap((policy) => rest.map((one) => ({ ...runsOf(policy)[0], seed: one })));
    if (some !== periods) for (const run of repeated) tell?.(run);
    return [...first, ...others, ...repeated];
  };

  const own = await runAll(policies);
  const runs = new Map(policies.map(({ name }) => [name, own.filter(({ policy }) => policy === name)]));
  let bestFixed: number | null | undefined;
  if (periods.length > 0) {
    const fixed = await runAll(periods);
    const best = cheapest(fixed, higherIsBetter);
    bestFixed = best === 'never' ? null : Number(best.replace(/\D/g, ''));
    const chosen = fixed.filter(({ policy }) => policy === best).map((run) => ({ ...run, policy: BEST_FIXED }));
    runs.set(BEST_FIXED, chosen);
    for (const run of chosen) tell?.(run);
  }
  for (const name of randoms) {
    const like = likeOf(name) ?? '';
    const trained = (runs.get(like) ?? []).reduce((sum, run) => sum + run.trained.length, 0);
    const rate = trained / (seeds * loaded.plan.steps);
    runs.set(name, await runAll([{ ...likeIt(policies, like), ...randomly(policies, like, rate), name }]));
  }
  if (wantsOracle) {
    const jobs = drawn.map((one) => ({
      task: 'runOfOracle' as const,
      asks: { asked, name: ORACLE, seed: one, bases: basesOf(policies, [...runs.values()].flat(), one) },
      cost: 1,
    }));
    runs.set(ORACLE, answers(await executor.run(jobs, tick([]))));
  }
  const each = names.map((name) => runs.get(name) ?? []);
  const isRandomAny = randoms.length > 0 || policies.some((policy) => isRandom(loaded, policy));
  const alike = isReplay && seeds > 1 && !isRandomAny && each.every(sameForAll) ? seeds : 0;
  const all = each.flatMap((some) => (alike > 0 ? some.slice(0, 1) : some));
  const oracle = wantsOracle ? (isExact(loaded) ? 'exact' : 'best found') : null;
  return {
    seeds: alike > 0 ? drawn.slice(0, 1) : drawn,
    alike,
    metric: loaded.plan.primary.metric,
    baseline,
    oracle,
    bestFixed,
    policies: comparison(all, {
      baseline,
      higherIsBetter,
      exact: alike > 0,
      ...(wantsOracle ? { oracle: ORACLE } : {}),
    }),
    runs: all,
  };
}

/** Whether it trains at random: two runs in which it happens not to tell nothing. */
function isRandom({ scenario }: LoadedScenario, { set }: Policy): boolean {
  const when = set['retrain.when'] ?? scenario.retrain.when;
  return typeof when === 'object' && when !== null && 'random' in when;
}

/** Whether runs differ in nothing but their seed. */
function sameForAll(runs: readonly ComparedRun[]): boolean {
  const texts = runs.map(({ seed: _seed, ...rest }) => JSON.stringify(rest));
  return texts.every((text) => text === texts[0]);
}

function checkYardsticks({ plan }: LoadedScenario, names: readonly string[]): void {
  if (names.includes(ORACLE) && plan.cost === null)
    throw new PolicyError('an oracle needs to know what things cost: the scenario names no `costs:`');
  for (const name of names) {
    const like = likeOf(name);
    if (like !== null && (!names.includes(like) || like === ORACLE))
      throw new PolicyError(`\`${name}\`: \`${like}\` is not among the policies`);
  }
}

const fixedPeriods = (steps: number): Policy[] => [
  policyOf('never'),
  ...[1, ...PERIODS].filter((k) => k < steps).map((k) => policyOf(`every ${k}`)),
];

const likeIt = (policies: readonly Policy[], like: string): Policy =>
  policies.find(({ name }) => name === like) ?? { name: like, set: {} };

/** The same policy, but for its trigger and what holds it back. */
function randomly(policies: readonly Policy[], like: string, rate: number): Pick<Policy, 'set'> {
  const { set } = likeIt(policies, like);
  return { set: { ...set, 'retrain.when': { random: rate }, 'retrain.cool': null, 'retrain.budget': null } };
}

function cheapest(runs: readonly ComparedRun[], higherIsBetter: boolean): string {
  const sums = new Map<string, number>();
  for (const run of runs)
    sums.set(run.policy, (sums.get(run.policy) ?? 0) + (costOf(run, higherIsBetter) ?? Number.POSITIVE_INFINITY));
  return [...sums].reduce((a, b) => (b[1] < a[1] ? b : a))[0];
}

/** Sets of windows and label budgets that the oracle looks for schedules on. */
export const basesFor = (policies: readonly Policy[]): number => basesOf(policies, [], 0).length;

/** The windows and label budgets that are compared, each with the schedules that were run on it with this seed. */
function basesOf(policies: readonly Policy[], runs: readonly ComparedRun[], seed: number): OracleBase[] {
  const bases = new Map<string, { set: Policy['set']; given: OracleBase['given'][number][] }>();
  const baseOf = (set: Policy['set']) => {
    const base = Object.fromEntries(Object.entries(set).filter(([path]) => BASE.test(path)));
    const key = JSON.stringify(base);
    const found = bases.get(key) ?? { set: base, given: [] };
    bases.set(key, found);
    return found;
  };
  baseOf({});
  for (const { name, set } of policies) {
    const base = baseOf(set);
    // Where versions must pass a gate or a trial, what was trained is not what served.
    if (Object.keys(set).some((path) => GATED.test(path))) continue;
    for (const { costs, policy, seed: of, trained } of runs)
      if (policy === name && of === seed && costs?.total !== undefined && costs.total !== null)
        base.given.push({ steps: trained, cost: costs.total });
  }
  return [...bases.values()];
}
const BASE = /^retrain\.(window|labels)/;
const GATED = /^retrain\.(gate|deploy)/;

function answers<A>(results: readonly ({ ok: true; answer: A } | { ok: false; why: string })[]): A[] {
  return results.map((result) => {
    if (result.ok) return result.answer;
    throw new Error(result.why);
  });
}
