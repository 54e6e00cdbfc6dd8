/** The challenge's arithmetic: what a run costs, whom the oracle may choose from, and how near one came. */
import type { CompareLine, ComparePolicy } from '../src/server/protocol.js';
import type { MetricWords } from './compare-figures.js';
import { nameOf, type Window, withChoice } from './compare-policy.js';

export type Run = Extract<CompareLine, { type: 'run' }>;

const PERIODS = [1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 60];
const WINDOWS: readonly Window[] = [{ kind: 'all' }, { kind: 'last', steps: 10 }, { kind: 'last', steps: 40 }];

/** The set that the oracle takes the cheapest of. A period as long as the run never comes due: that is `never`. */
export function oraclePolicies(steps: number): ComparePolicy[] {
  const never: ComparePolicy = { name: 'never', set: { 'retrain.when': 'never' } };
  const every = PERIODS.filter((k) => k < steps).flatMap((k) =>
    WINDOWS.map((window) => {
      const choice = { when: { kind: 'every', steps: k }, window } as const;
      return { name: nameOf(choice), set: withChoice({}, choice) };
    }),
  );
  return [never, ...every];
}

/** The set in words: said on screen, so that nobody has to guess what the oracle knows. */
export function oracleWords(steps: number): string {
  const periods = PERIODS.filter((k) => k < steps);
  const every = `every ${periods.join(', ')} steps, each on all records, on the last 10 and on the last 40 steps`;
  return periods.length === 0 ? 'never' : `never; ${every}`;
}

/** In pieces that the server takes: at most 8 policies, and no more work than 2e9 individuals and steps. */
export function batches(policies: readonly ComparePolicy[], individuals: number, steps: number): ComparePolicy[][] {
  const size = Math.max(1, Math.min(8, Math.floor(2e9 / Math.max(1, individuals * steps))));
  return Array.from({ length: Math.ceil(policies.length / size) }, (_, k) => policies.slice(k * size, (k + 1) * size));
}

export interface Bill {
  /** Infinite where the run diverged. */
  readonly total: number;
  readonly parts: readonly { readonly name: string; readonly cost: number }[];
}

const PARTS: Readonly<Record<string, string>> = { error: 'errors', label: 'labels', retrain: 'trainings' };

/** By the scenario's `costs:`; without them, the error summed over the steps, and a price for each training. */
export function billOf({ actual, costs, mean, trainings }: Run, words: MetricWords, price: number): Bill {
  if (mean === null) return { total: Number.POSITIVE_INFINITY, parts: [] };
  if (costs !== null) {
    const parts = Object.entries(costs).filter(([kind]) => kind !== 'total');
    return {
      total: costs.total ?? Number.POSITIVE_INFINITY,
      parts: parts.map(([kind, cost]) => ({ name: PARTS[kind] ?? kind, cost: cost ?? 0 })),
    };
  }
  const errors = actual.reduce<number>((sum, value) => sum + (value === null ? 0 : words.errorOf(value)), 0);
  const learning = price * trainings;
  return {
    total: errors + learning,
    parts: [
      { name: 'errors', cost: errors },
      { name: 'trainings', cost: learning },
    ],
  };
}

/** The cheapest; of two that cost the same, the one that trains less. */
export function cheapest(runs: readonly Run[], words: MetricWords, price: number): Run | null {
  let best: Run | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const run of runs) {
    const { total } = billOf(run, words, price);
    if (total < least || (total === least && best !== null && run.trainings < best.trainings)) {
      best = run;
      least = total;
    }
  }
  return best;
}

export type Medal = 'beaten' | 'equal' | 'close' | 'none';

const ALIKE = 1e-9;
const CLOSE = 0.05;

/** How much more than the oracle, as a share of what the oracle pays; negative where it is beaten. */
export const excess = (mine: number, oracle: number): number => (mine - oracle) / Math.max(Math.abs(oracle), 1e-12);

export function medalOf(mine: number, oracle: number): Medal {
  const share = excess(mine, oracle);
  if (Math.abs(share) <= ALIKE) return 'equal';
  if (share < 0) return 'beaten';
  return share <= CLOSE ? 'close' : 'none';
}

export const MEDALS: Readonly<Record<Medal, string>> = {
  beaten: 'Oracle beaten',
  equal: 'Level with the oracle',
  close: 'Within 5 %',
  none: '',
};

/** One hundredth of what never retraining costs in errors, to two digits: a price at which the question is open. */
export function suggestedPrice(never: Run, words: MetricWords): number {
  const { parts } = billOf({ ...never, costs: null }, words, 0);
  return Number(((parts[0]?.cost ?? 1) / 100).toPrecision(2));
}
