/**
 * What the runs of several policies come to: each against a baseline on the same draws, in an order that says which of them
 * cannot be told apart, and which of them nobody beats in both cost of upkeep and error.
 */
import type { ComparedRun } from './compare.js';
import { paretoFront } from './pareto-front.js';
import { type Difference, differenceBySeed, type Interval, intervalOf } from './statistics.js';

export interface PolicyResult {
  readonly name: string;
  readonly runs: number;
  /** Runs that diverged: they have no cost, and are left out of every mean. */
  readonly diverged: number;
  /** Of a whole run; null where no run has one. */
  readonly cost: Interval | null;
  /** To the baseline, over the seeds that both have finished; null for the baseline itself. */
  readonly difference: Difference | null;
  /** To the oracle, over the same seeds; null without one, and for itself. */
  readonly regret: Interval | null;
  /** Mean cost by kind, the total left out; empty where the scenario names no costs. */
  readonly split: Readonly<Record<string, number>>;
  readonly trainings: Interval | null;
  /** Mean over the steps of the primary metric, actual. */
  readonly metric: Interval | null;
  /**
   * Its place, from the best that it may have to the worst: 1 more than the number of policies that are surely cheaper, and the
   * number of those that are not surely dearer. Surely: the paired interval of the difference, at 0.95, leaves 0 out, or nothing is drawn.
   */
  readonly rank: readonly [best: number, worst: number];
  /** No other policy has both less cost of errors and less of upkeep (labels, trainings, deployments, alarms), on the mean. */
  readonly front: boolean;
}

export interface ComparisonOptions {
  /** Name of the policy that the others are compared with. Default: the first. */
  readonly baseline?: string;
  /** Name of the yardstick, if it is among them: it has no rank of its own to win. */
  readonly oracle?: string;
  /** Whether more of the metric is better. Without costs, the error is what it costs. */
  readonly higherIsBetter: boolean;
  /** Whether every run of a policy would be the same: one run tells which of two is cheaper, and there is no interval. */
  readonly exact?: boolean;
}

/** The cheapest first; what has no cost comes last. */
export function comparison(
  runs: readonly ComparedRun[],
  { baseline, exact = false, higherIsBetter, oracle }: ComparisonOptions,
): PolicyResult[] {
  const of = new Map<string, ComparedRun[]>();
  for (const run of runs) of.set(run.policy, [...(of.get(run.policy) ?? []), run]);
  const names = [...of.keys()];
  const cost = (run: ComparedRun) => costOf(run, higherIsBetter);
  const differ = (a: string, b: string): Difference | null => {
    const found = differenceBySeed(of.get(a) ?? [], of.get(b) ?? [], cost);
    if (found === null || !exact) return found;
    return { ...found, verdict: found.mean < 0 ? 'lower' : found.mean > 0 ? 'higher' : 'same' };
  };
  const base = baseline ?? names[0];
  const points = names.map((name) => upkeepAndError(of.get(name) ?? [], higherIsBetter));
  const known = points.filter((point) => point !== null);
  const isOn = paretoFront(known);
  const front = new Set<(typeof points)[number]>(known.filter((_, k) => isOn[k]));
  const results = names.map((name, k): PolicyResult => {
    const own = of.get(name) ?? [];
    const others = names.filter((other) => other !== name).map((other) => differ(name, other)?.verdict ?? 'unclear');
    const finished = own.filter(({ mean }) => mean !== null);
    const regret = oracle === undefined || oracle === name ? null : differ(name, oracle);
    return {
      name,
      runs: own.length,
      diverged: own.length - finished.length,
      cost: intervalOf(finished, cost),
      difference: name === base ? null : differ(name, base),
      regret: regret && { mean: regret.mean, low: regret.low, high: regret.high, n: regret.n },
      split: costsByKind(finished),
      trainings: intervalOf(own, ({ trainings }) => trainings),
      metric: intervalOf(finished, ({ mean }) => mean),
      rank: [
        1 + others.filter((verdict) => verdict === 'higher').length,
        names.length - others.filter((verdict) => verdict === 'lower').length,
      ],
      front: front.has(points[k]),
    };
  });
  return results.sort(
    (a, b) => (a.cost?.mean ?? Number.POSITIVE_INFINITY) - (b.cost?.mean ?? Number.POSITIVE_INFINITY),
  );
}

/** What a run costs in all; where the scenario names no costs, its error. */
export const costOf = ({ costs, mean }: ComparedRun, higherIsBetter: boolean): number | null =>
  costs !== null ? (costs.total ?? null) : errorOf(mean, higherIsBetter);

const errorOf = (mean: number | null, higherIsBetter: boolean): number | null =>
  mean === null ? null : higherIsBetter ? 1 - mean : mean;

/** Mean cost by kind, the total left out, of runs that did not diverge. */
export function costsByKind(runs: readonly Pick<ComparedRun, 'costs'>[]): Record<string, number> {
  const kinds = Object.keys(runs[0]?.costs ?? {}).filter((kind) => kind !== 'total');
  return Object.fromEntries(
    kinds.map((kind) => [kind, runs.reduce((sum, { costs }) => sum + (costs?.[kind] ?? 0), 0) / runs.length]),
  );
}

/** What is spent to keep the model up, and what its errors cost; trainings and the metric, where nothing has a price. */
function upkeepAndError(runs: readonly ComparedRun[], higherIsBetter: boolean): { x: number; y: number } | null {
  const finished = runs.filter(({ mean }) => mean !== null);
  if (finished.length === 0) return null;
  const average = (of: (run: ComparedRun) => number) =>
    finished.reduce((sum, run) => sum + of(run), 0) / finished.length;
  return {
    x: average(upkeepOf),
    y: average((run) => errorCostOf(run, higherIsBetter)),
  };
}

/** What a run spends on all but its errors; its trainings, where nothing has a price. */
export const upkeepOf = ({ costs, trainings }: Pick<ComparedRun, 'costs' | 'trainings'>): number =>
  costs === null ? trainings : (costs.total ?? 0) - (costs.error ?? 0);

/** What the errors of a run cost; its mean error, where nothing has a price. */
export const errorCostOf = ({ costs, mean }: Pick<ComparedRun, 'costs' | 'mean'>, higherIsBetter: boolean): number =>
  costs === null ? (errorOf(mean, higherIsBetter) ?? 0) : (costs.error ?? 0);
