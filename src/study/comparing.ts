/**
 * A comparison on request: the policies that a person names, and the yardsticks that are made from their runs.
 *
 * - `oracle`: the cheapest schedule in hindsight, seed by seed (`oracle.ts`).
 * - `best fixed`: the period that costs least on the mean over all seeds, in hindsight.
 * - `random like NAME`: trains at random as often as that policy did.
 */
import type { LoadedScenario } from '../scenario/load.js';
import { type Policy, PolicyError, policyOf } from '../scenario/policy.js';
import { type ComparedRun, variantsOf } from './compare.js';
import { comparison, costOf, type PolicyResult } from './comparison.js';
import type { Executor } from './executor/index.js';
import type { Asked, OracleBase } from './jobs/comparison.js';
import type { tasks } from './jobs/index.js';
import { isExact, PERIODS } from './oracle.js';

const ORACLE = 'oracle';
const BEST_FIXED = 'best fixed';
const RANDOM = /^random like (.+)$/;

export interface ComparingOptions {
  readonly asked: Asked;
  readonly loaded: LoadedScenario;
  /** As a person writes them, or as the scenario names them. */
  readonly policies: readonly string[];
  readonly seeds: number;
  readonly seed: number;
  readonly baseline?: string;
  readonly higherIsBetter: boolean;
  readonly executor: Executor<typeof tasks>;
  readonly progress?: (done: number, total: number) => void;
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

/** @throws PolicyError, ScenarioError before anything runs; Error where a run fails. */
export async function compared(options: ComparingOptions): Promise<Compared> {
  const { asked, executor, higherIsBetter, loaded, progress, seed, seeds } = options;
  const names = [...new Set(options.policies.map((text) => text.trim()))];
  const policies = names.filter((name) => !isYardstick(name)).map((text) => namedPolicy(loaded, text));
  checkYardsticks(loaded, names);
  const periods = names.includes(BEST_FIXED) ? fixedPeriods(loaded.plan.steps) : [];
  variantsOf(loaded, [...policies, ...periods]);
  const baseline = options.baseline ?? (names.includes('never') ? 'never' : names[0]);
  if (!names.includes(baseline)) throw new PolicyError(`the baseline \`${baseline}\` is not among the policies`);

  const drawn = Array.from({ length: seeds }, (_, k) => seed + k);
  const randoms = names.filter((name) => RANDOM.test(name));
  const wantsOracle = names.includes(ORACLE);
  const total = seeds * (policies.length + periods.length + randoms.length + (wantsOracle ? 1 : 0));
  let done = 0;
  const tick = () => progress?.(++done, total);
  const isReplay = loaded.plan.population.replay !== null;
  const runOn = async (some: readonly Policy[], on: readonly number[]): Promise<ComparedRun[]> => {
    const jobs = on.flatMap((one) =>
      some.map((policy) => ({ task: 'runOfPolicy' as const, asks: { asked, policy, seed: one } })),
    );
    return answers(await executor.run(jobs, tick));
  };
  const runAll = async (some: readonly Policy[]): Promise<ComparedRun[]> => {
    if (!isReplay) return runOn(some, drawn);
    // What draws nothing is the same for the seeds to come.
    const first = await runOn(some, drawn.slice(0, 2));
    const runsOf = ({ name }: Policy) => first.filter(({ policy }) => policy === name);
    const settled = some.filter((policy) => !isRandom(loaded, policy) && sameForAll(runsOf(policy)));
    const rest = drawn.slice(2);
    const others = await runOn(
      some.filter((policy) => !settled.includes(policy)),
      rest,
    );
    return [
      ...first,
      ...others,
      ...settled.flatMap((policy) => rest.map((one) => ({ ...runsOf(policy)[0], seed: one }))),
    ];
  };

  const own = await runAll(policies);
  const runs = new Map(policies.map(({ name }) => [name, own.filter(({ policy }) => policy === name)]));
  let bestFixed: number | null | undefined;
  if (periods.length > 0) {
    const fixed = await runAll(periods);
    const best = cheapest(fixed, higherIsBetter);
    bestFixed = best === 'never' ? null : Number(best.replace(/\D/g, ''));
    runs.set(
      BEST_FIXED,
      fixed.filter(({ policy }) => policy === best).map((run) => ({ ...run, policy: BEST_FIXED })),
    );
  }
  for (const name of randoms) {
    const like = RANDOM.exec(name)?.[1] ?? '';
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
    runs.set(ORACLE, answers(await executor.run(jobs, tick)));
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

const isYardstick = (name: string): boolean => name === ORACLE || name === BEST_FIXED || RANDOM.test(name);

/** The policy of that name in the scenario, or the one that the text itself says. */
function namedPolicy({ scenario }: LoadedScenario, text: string): Policy {
  const own = scenario.policies?.[text];
  if (text === "the scenario's own") return { name: text, set: {} };
  return policyOf(own ?? text, text);
}

function checkYardsticks({ plan }: LoadedScenario, names: readonly string[]): void {
  if (names.includes(ORACLE) && plan.cost === null)
    throw new PolicyError('an oracle needs to know what things cost: the scenario names no `costs:`');
  for (const name of names) {
    const like = RANDOM.exec(name)?.[1];
    if (like !== undefined && (!names.includes(like) || like === ORACLE))
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
