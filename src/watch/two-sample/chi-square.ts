/**
 * The chi-square test of homogeneity: whether two samples of categories come from one distribution.
 *
 *   statistic = sum (O - E)^2 / E over the 2 x K table of the categories that occur, E = row total x column total / total;
 *   K - 1 degrees of freedom. Yates' continuity correction (|O - E| less 0.5, two categories only) is what many libraries apply;
 *   here it must be asked for.
 *
 * Goodness of fit against the scaled reference, which others use, takes the reference for the truth: its p-values are far too
 * small, and a new category gives 0. Cramer's V is the strength of the difference, bias-corrected; NaN with one category.
 *
 * Source: Pearson (1900); Bergsma (2013), "A bias-correction for Cramer's V", Journal of the Korean Statistical Society 42.
 *
 * @example chiSquare(Float64Array.of(40, 60), Float64Array.of(55, 45)).pValue
 */
import { chiSquareTail } from '../../core/chi-square.js';
import type { Test } from './ks.js';

export interface ChiSquare extends Test {
  readonly freedom: number;
  readonly cramersV: number;
}

/** Counts of the same categories in the same order. `yates`: the continuity correction for two categories. */
export function chiSquare(reference: Float64Array, current: Float64Array, yates = false): ChiSquare {
  let n = 0;
  let m = 0;
  let categories = 0;
  for (let k = 0; k < reference.length; k++) {
    n += reference[k];
    m += current[k];
    if (reference[k] + current[k] > 0) categories++;
  }
  const total = n + m;
  if (!(n > 0) || !(m > 0))
    return { statistic: Number.NaN, pValue: Number.NaN, freedom: Math.max(0, categories - 1), cramersV: Number.NaN };
  let statistic = 0;
  for (let k = 0; k < reference.length; k++) {
    const column = reference[k] + current[k];
    if (!(column > 0)) continue;
    const expected = (n * column) / total;
    const expectedCurrent = (m * column) / total;
    // Both rows are off by the same.
    const off = Math.abs(reference[k] - expected);
    const counted = yates && categories === 2 ? off - Math.min(0.5, off) : off;
    statistic += (counted * counted) / expected + (counted * counted) / expectedCurrent;
  }
  const freedom = categories - 1;
  return {
    statistic,
    pValue: chiSquareTail(statistic, freedom),
    freedom,
    cramersV: cramersV(statistic, total, categories),
  };
}

/** Of a table of two rows. */
function cramersV(statistic: number, n: number, columns: number): number {
  const phi = Math.max(0, statistic / n - (columns - 1) / (n - 1));
  const corrected = (size: number): number => size - (size - 1) ** 2 / (n - 1);
  const least = Math.min(corrected(columns) - 1, corrected(2) - 1);
  return least > 0 ? Math.sqrt(phi / least) : Number.NaN;
}

/** How often (or with what weight) each category 0 ... K - 1 occurs. Missing values do not count. */
export function categoryCounts(
  values: Float64Array,
  weights: Float64Array | null,
  n: number,
  categories: number,
): Float64Array {
  const counts = new Float64Array(categories);
  for (let i = 0; i < n; i++) if (values[i] >= 0 && values[i] < categories) counts[values[i]] += weights?.[i] ?? 1;
  return counts;
}
