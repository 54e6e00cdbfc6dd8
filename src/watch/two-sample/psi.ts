/**
 * PSI, the population stability index.
 *
 *   PSI = sum (c - r) ln(c / r) over bins, r and c the shares of the reference and of the current sample, each at least 0.0001
 *
 * Numbers: 10 bins between quantiles of the reference, the outer ones open. Categories: theirs. The usual limits of 0.1 and 0.25
 * ignore the sizes of the samples: where nothing changed, PSI / (1 / n + 1 / m) follows about a chi-square distribution with
 * B - 1 degrees of freedom, so that with n = m = 100 four fifths of all values are above 0.1. Read it beside its null quantile.
 *
 * Source: Siddiqi (2006), "Credit risk scorecards"; Yurdakul (2018), "Statistical properties of population stability index".
 *
 * @example
 * const edges = quantileEdges(lab, 10);
 * psi(sharesBetween(edges, lab), sharesBetween(edges, today)) > psiNullQuantile(0.99, edges.length + 1, lab.n, today.n);
 */
import { chiSquareQuantile, chiSquareTail } from '../../core/chi-square.js';

/** Of the shares of the same bins. `floor`: what an empty bin counts as. */
export function psi(reference: Float64Array, current: Float64Array, floor = 1e-4): number {
  let sum = 0;
  for (let k = 0; k < reference.length; k++) {
    const r = Math.max(floor, reference[k]);
    const c = Math.max(floor, current[k]);
    sum += (c - r) * Math.log(c / r);
  }
  return sum;
}

/** The value that PSI stays below with probability p where nothing changed; n and m: effective sizes of the samples. */
export const psiNullQuantile = (p: number, bins: number, n: number, m: number): number =>
  (1 / n + 1 / m) * chiSquareQuantile(p, bins - 1);

/** The probability of a PSI as large where nothing changed. */
export const psiPValue = (value: number, bins: number, n: number, m: number): number =>
  chiSquareTail(value / (1 / n + 1 / m), bins - 1);
