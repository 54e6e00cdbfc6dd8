/**
 * The yardstick: the cheapest schedule of trainings in hindsight, on the draws of one seed.
 *
 * Where the world does not react to the model, it is exact. One run trains at every step and keeps every version; at each step
 * all of them say what the errors would have cost with them in service: the matrix from which dynamic programming finds the
 * schedule of least cost (`retrain/schedule.ts`). Where the world reacts there is no such matrix, since what a version costs
 * depends on those before it: then it is the cheapest of whole runs, those of the policies that are compared, of fixed periods,
 * and of schedules near them. It is called `best found`, since a cheaper one may exist.
 *
 * Policies that are compared may learn on different windows and labels: each of these has its own schedules, and the cheapest of
 * all counts.
 */
import type { Version } from '../loop/version.js';
import { oracleSchedule, periodicSchedule } from '../retrain/schedule.js';
import type { LoadedScenario } from '../scenario/load.js';
import { type Policy, policyOverrides } from '../scenario/policy.js';
import { runOf } from '../scenario/simulate.js';
import { type CompareOptions, oneRun } from './compare.js';
import { reacts } from './feedback.js';

/** Trains at the end of these steps, on what `base` says, and deploys without a gate or a trial. */
export const scheduleOf = (steps: readonly number[], base: Policy['set'] = {}): Policy => ({
  name: 'schedule',
  set: {
    ...base,
    'retrain.when': steps.length === 0 ? 'never' : { at: [...steps] },
    'retrain.cool': null,
    'retrain.budget': null,
    'retrain.gate': null,
    'retrain.deploy.shadow': null,
    'retrain.deploy.canary': null,
    'retrain.deploy.rollback': null,
  },
});

/**
 * Whether the oracle of this scenario is exact: the world does not react, only the primary model retrains, and nothing is paid
 * for alarms, which depend on what was trained before.
 */
export const isExact = (loaded: LoadedScenario): boolean =>
  !reacts(loaded) &&
  (loaded.plan.cost?.alarm ?? 0) === 0 &&
  Object.entries(loaded.scenario.models).every(
    ([name, { retrain }]) => name === loaded.plan.primary.model || retrain?.when === 'never',
  );

/** The steps at whose end to train, and what that costs in errors, trainings and deployments. */
export interface OracleSchedule {
  readonly steps: readonly number[];
  readonly cost: number;
}

/** The cheapest schedule for one seed, where the world does not react to the model. */
export function exactOracle(
  loaded: LoadedScenario,
  seed: number,
  base: Policy['set'] = {},
  look?: CompareOptions['look'],
): OracleSchedule {
  const pe = lossMatrix(loaded, seed, base, look);
  const { cost } = loaded.plan;
  const { lag } = loaded.plan.models.find(({ name }) => name === loaded.plan.primary.model)?.deployment ?? { lag: 0 };
  const price = (cost?.retrain ?? 0) + (cost?.deploy ?? 0);
  const found = oracleSchedule(pe, { lag, retrain: price });
  return { steps: found.schedule.map(trainedAfter), cost: found.cost };
}

/** The step at whose end the version is trained that a schedule has begin at step r. */
const trainedAfter = (r: number): number => r - 1;

/** `[i][t]`: the cost of errors at step t with the version trained at the end of step i - 1; 0 is the lab's. */
export function lossMatrix(
  loaded: LoadedScenario,
  seed: number,
  base: Policy['set'] = {},
  look?: CompareOptions['look'],
): Float64Array[] {
  const { steps } = loaded.plan;
  const everyStep = { ...scheduleOf([], base).set, 'retrain.when': { every: 1 } };
  const learning = loaded.with(policyOverrides(loaded, { name: 'every version', set: everyStep }));
  const matrix = Array.from({ length: steps }, () => new Float64Array(steps));
  const versions: Version[] = [];
  const run = runOf(learning, {
    seed,
    hash: false,
    ...(look === undefined ? {} : { look }),
    audit: (world) => {
      const { t } = world.frame;
      const newest = world.newest();
      // A training that failed leaves the version before it.
      versions.push(newest ?? versions[t - 1]);
      const costs = world.costWith(versions);
      for (let i = 0; i <= t; i++) matrix[i][t] = costs[i];
    },
  });
  // The matrix is made on the way; a run that diverges leaves the rest of it at 0, and no version that it had not yet.
  for (const _record of run);
  return matrix;
}

/** Runs that `bestFound` makes for each seed and window. */
export const RUNS_OF_THE_SEARCH = 24;

/**
 * The cheapest schedule of those that were run, where the world reacts to the model: the given ones, fixed periods, and, for as
 * many `runs` as are left, neighbours of the best so far (one training less, one moved, one more in the widest gap).
 */
export function bestFound(
  loaded: LoadedScenario,
  seed: number,
  given: readonly OracleSchedule[],
  base: Policy['set'] = {},
  runs = RUNS_OF_THE_SEARCH,
  look?: CompareOptions['look'],
): OracleSchedule {
  const { steps } = loaded.plan;
  const known = new Map(given.map((one) => [one.steps.join(' '), one]));
  let left = runs;
  const cost = (schedule: readonly number[]): OracleSchedule => {
    const key = schedule.join(' ');
    const before = known.get(key);
    if (before !== undefined) return before;
    left--;
    const variant = loaded.with(policyOverrides(loaded, scheduleOf(schedule, base)));
    const { costs } = oneRun({ name: 'schedule', loaded: variant }, seed, look);
    const found = { steps: schedule, cost: costs?.total ?? Number.POSITIVE_INFINITY };
    known.set(key, found);
    return found;
  };
  const cheaper = (a: OracleSchedule, b: OracleSchedule) => (b.cost < a.cost ? b : a);
  let best = [cost([]), ...given].reduce(cheaper);
  for (const period of PERIODS.filter((k) => k < steps))
    if (left > 0) best = cheaper(best, cost(periodicSchedule(steps, period).map(trainedAfter)));
  for (let isBetter = true; isBetter && left > 0; ) {
    isBetter = false;
    for (const neighbour of neighbours(best.steps, steps)) {
      if (left <= 0) break;
      const found = cost(neighbour);
      if (!(found.cost < best.cost)) continue;
      best = found;
      isBetter = true;
      break;
    }
  }
  return best;
}

/** Periods between which the best one is mostly to be found. */
export const PERIODS = [2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200];

function* neighbours(schedule: readonly number[], steps: number): Generator<number[]> {
  for (const step of schedule) yield schedule.filter((one) => one !== step);
  const ends = [-1, ...schedule, steps - 1];
  const gaps = schedule.length + 1;
  const widest = Array.from({ length: gaps }, (_, i) => i).sort(
    (a, b) => ends[b + 1] - ends[b] - (ends[a + 1] - ends[a]),
  );
  for (const i of widest.slice(0, 2)) {
    const middle = Math.floor((ends[i] + ends[i + 1]) / 2);
    if (middle > ends[i] && middle < ends[i + 1]) yield [...schedule, middle].sort((a, b) => a - b);
  }
  for (const shift of [-5, 5, -1, 1])
    for (const step of schedule) {
      const moved = step + shift;
      if (moved >= 0 && moved < steps - 1 && !schedule.includes(moved))
        yield schedule.map((one) => (one === step ? moved : one)).sort((a, b) => a - b);
    }
}
