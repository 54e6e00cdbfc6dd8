/** The harm of one seed, divided among the players: over the steps that are asked for, and at each step. */
import { type Order, sampledShares } from './permutations.js';
import { shapleyValues } from './shapley.js';

/** What was run with one seed: the harm at each step, by coalition. */
export interface Played {
  readonly players: number;
  /** Null: every coalition was run. */
  readonly orders: readonly Order[] | null;
  readonly harm: ReadonlyMap<number, Float64Array>;
}

export interface Divided {
  /** Harm with none of the players, and with all of them. */
  readonly none: number;
  readonly all: number;
  readonly shares: Float64Array;
  /** Standard errors of sampling; null where every coalition was run. */
  readonly errors: Float64Array | null;
}

/**
 * Means over the steps from (with) to (without) at which every run has a value; null where there is no such step, or where a
 * run diverged before the last of them: what it would have come to nobody knows.
 */
export function dividedOver(played: Played, from: number, to: number): Divided | null {
  const series = [...played.harm.values()];
  if (series.some(({ length }) => length < to)) return null;
  const sums = new Map<number, number>();
  let n = 0;
  for (let t = from; t < to; t++) {
    if (!isKnown(series, t)) continue;
    n++;
    for (const [coalition, harm] of played.harm) sums.set(coalition, (sums.get(coalition) ?? 0) + harm[t]);
  }
  return n === 0 ? null : divided(played, (coalition) => (sums.get(coalition) ?? Number.NaN) / n);
}

/** A column of steps for each player; NaN where a run has no value. */
export function dividedByStep(played: Played, steps: number): Float64Array[] {
  const series = [...played.harm.values()];
  const columns = Array.from({ length: played.players }, () => new Float64Array(steps).fill(Number.NaN));
  for (let t = 0; t < steps; t++) {
    if (!isKnown(series, t)) continue;
    const { shares } = divided(played, (coalition) => played.harm.get(coalition)?.[t] ?? Number.NaN);
    for (let i = 0; i < columns.length; i++) columns[i][t] = shares[i];
  }
  return columns;
}

const isKnown = (series: readonly Float64Array[], t: number): boolean =>
  series.every((harm) => t < harm.length && Number.isFinite(harm[t]));

function divided({ orders, players }: Played, worth: (coalition: number) => number): Divided {
  const everybody = 2 ** players - 1;
  const ends = { none: worth(0), all: worth(everybody) };
  if (orders === null) {
    const table = Float64Array.from({ length: everybody + 1 }, (_, coalition) => worth(coalition));
    return { ...ends, shares: shapleyValues(table), errors: null };
  }
  return { ...ends, ...sampledShares(orders, worth) };
}
