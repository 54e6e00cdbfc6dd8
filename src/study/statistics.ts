/** Statistics of a study: quantiles over runs, means and paired differences with their intervals. */

import { quantileOf } from '../core/quantile.js';
import { studentQuantile } from '../core/student.js';

/** A mean with its interval; the ends are null where there are fewer than two numbers. */
export interface Interval {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

export interface Difference extends Interval {
  /** `same`: equal in every run. `unclear`: the interval holds 0, or there is none. */
  readonly verdict: 'lower' | 'higher' | 'same' | 'unclear';
}

const LEVEL = 0.95;

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Standard deviation of a sample, with divisor n - 1, in two passes. */
export function sampleSd(values: ArrayLike<number>): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * Quantiles at each step over runs: one array of steps for each probability. Runs that have no value at a step are left
 * out there; where none has, the quantile is NaN.
 */
export function quantileBands(
  runs: readonly ArrayLike<number>[],
  probabilities: readonly number[],
  steps = Math.max(0, ...runs.map(({ length }) => length)),
): Float64Array[] {
  const bands = probabilities.map(() => new Float64Array(steps));
  const column = new Float64Array(runs.length);
  for (let t = 0; t < steps; t++) {
    let n = 0;
    for (const run of runs) if (t < run.length && Number.isFinite(run[t])) column[n++] = run[t];
    const sorted = column.subarray(0, n).sort();
    bands.forEach((band, k) => {
      band[t] = quantileOf(sorted, probabilities[k]);
    });
  }
  return bands;
}

/** The t that `P(|T| < t)` is `level` for: 2.262 for 0.95 and 9 degrees of freedom. */
export const tCritical = (level: number, df: number): number => studentQuantile((1 + level) / 2, df);

/**
 * Mean with its interval `mean ± t(level, n - 1) s / sqrt(n)`.
 *
 * Source: Student (1908), "The Probable Error of a Mean", Biometrika 6(1).
 */
export function meanInterval(values: ArrayLike<number>, level = LEVEL): Interval {
  const n = values.length;
  const centre = mean(values);
  if (n < 2) return { mean: centre, low: null, high: null, n };
  const half = (tCritical(level, n - 1) * sampleSd(values)) / Math.sqrt(n);
  return { mean: centre, low: centre - half, high: centre + half, n };
}

/**
 * Mean of `values[i] - baseline[i]` with its interval: the t interval of the differences. Runs on the same draws have most
 * of their noise in common, which the difference loses: `var(a - b) = var a + var b - 2 cov(a, b)`.
 *
 * Source: Law (2015), "Simulation Modeling and Analysis", 5th edition, sections 10.2.1 (paired-t) and 11.2 (common random
 * numbers).
 */
export function pairedDifference(values: ArrayLike<number>, baseline: ArrayLike<number>, level = LEVEL): Difference {
  if (values.length !== baseline.length) throw new RangeError('pairs need two numbers each');
  const differences = Float64Array.from(values, (value, i) => value - baseline[i]);
  const interval = meanInterval(differences, level);
  return { ...interval, verdict: verdictOf(interval, differences) };
}

function verdictOf({ high, low }: Interval, differences: Float64Array): Difference['verdict'] {
  if (low === null || high === null) return 'unclear';
  if (differences.every((difference) => difference === 0)) return 'same';
  return low > 0 ? 'higher' : high < 0 ? 'lower' : 'unclear';
}

/** Mean with its interval of what is read from runs, those left out that have none; null where none has. */
export function intervalOf<R>(runs: readonly R[], read: (run: R) => number | null): Interval | null {
  const known = runs.map(read).filter((value) => value !== null);
  return known.length === 0 ? null : meanInterval(known);
}

/** Paired difference of what is read from runs, over the seeds that both have; null where none is common. */
export function differenceBySeed<R extends { readonly seed: number }>(
  runs: readonly R[],
  baseline: readonly R[],
  read: (run: R) => number | null,
): Difference | null {
  const others = new Map(baseline.map((run) => [run.seed, read(run)]));
  const pairs = runs.flatMap((run): [number, number][] => {
    const [value, other] = [read(run), others.get(run.seed) ?? null];
    return value === null || other === null ? [] : [[value, other]];
  });
  if (pairs.length === 0) return null;
  return pairedDifference(
    pairs.map(([value]) => value),
    pairs.map(([, other]) => other),
  );
}
