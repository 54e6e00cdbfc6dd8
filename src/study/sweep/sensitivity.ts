/**
 * Sobol' indices: how much of the variance of a number goes back to each parameter.
 *
 * With f at the points of A, B and AB_i (A with column i of B), N of each, and V the variance over A and B:
 *
 *   first order  S_i = (1/N) sum f(B) (f(AB_i) - f(A)) / V
 *   total        T_i = (1/2N) sum (f(A) - f(AB_i))^2 / V
 *
 * S_i is what is lost on the mean when parameter i is known, T_i what is left when all others are: it has its part in every
 * interaction.
 *
 * f is centred first: the sums would carry the mean along as noise. Intervals are percentiles of bootstrap samples of the N
 * rows. An estimate may leave [0, 1] by chance.
 *
 * Source: Saltelli et al. (2010), Comput. Phys. Commun. 181(2), table 2 (b) and (f); (f) is from Jansen (1999). Intervals:
 * Archer, Saltelli and Sobol' (1997), "Sensitivity measures, ANOVA-like techniques and the use of bootstrap".
 */
import { quantileOf } from '../../core/quantile.js';
import { Stream } from '../../core/random/index.js';

export interface Index {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface SobolIndices {
  readonly first: readonly Index[];
  readonly total: readonly Index[];
  /** Of f over A and B, with divisor 2N. */
  readonly variance: number;
  /** Rows: points of A that count. */
  readonly n: number;
}

const LEVEL = 0.95;

const resamplesFor = (n: number): number => Math.max(200, Math.min(1000, Math.floor(5e6 / Math.max(1, n))));

/**
 * `ab`: a column for each parameter. Null where the variance is 0, or there are fewer than two rows: nothing can be shared
 * out. `resamples`: bootstrap samples. Default: 1,000, of many rows fewer, 200 at least.
 */
export function sobolIndices(
  a: Float64Array,
  b: Float64Array,
  ab: readonly Float64Array[],
  { resamples = resamplesFor(a.length), seed = 1 }: { readonly resamples?: number; readonly seed?: number } = {},
): SobolIndices | null {
  const n = a.length;
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const found = estimate(a, b, ab, rows);
  if (n < 2 || !(found.variance > 0)) return null;
  const stream = new Stream({ seed, replicate: 0, component: 'sweep/bootstrap', step: 0 });
  const first = ab.map(() => new Float64Array(resamples));
  const total = ab.map(() => new Float64Array(resamples));
  let kept = 0;
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < n; i++) rows[i] = Math.floor(stream.uniform() * n);
    const again = estimate(a, b, ab, rows);
    if (!(again.variance > 0)) continue;
    again.first.forEach((value, j) => {
      first[j][kept] = value;
    });
    again.total.forEach((value, j) => {
      total[j][kept] = value;
    });
    kept++;
  }
  const withInterval = (values: readonly number[], samples: readonly Float64Array[]): Index[] =>
    values.map((value, j) => {
      const sorted = samples[j].subarray(0, kept).sort();
      return { value, low: quantileOf(sorted, (1 - LEVEL) / 2), high: quantileOf(sorted, (1 + LEVEL) / 2) };
    });
  return {
    first: withInterval(found.first, first),
    total: withInterval(found.total, total),
    variance: found.variance,
    n,
  };
}

/** Over the rows named, which may repeat. */
function estimate(a: Float64Array, b: Float64Array, ab: readonly Float64Array[], rows: Int32Array) {
  const n = rows.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[rows[i]] + b[rows[i]];
  const mean = sum / (2 * n);
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (a[rows[i]] - mean) ** 2 + (b[rows[i]] - mean) ** 2;
  const variance = squares / (2 * n);
  const first: number[] = [];
  const total: number[] = [];
  for (const column of ab) {
    let product = 0;
    let difference = 0;
    for (let i = 0; i < n; i++) {
      const row = rows[i];
      const moved = column[row] - a[row];
      product += (b[row] - mean) * moved;
      difference += moved ** 2;
    }
    first.push(product / n / variance);
    total.push(difference / (2 * n) / variance);
  }
  return { first, total, variance };
}
