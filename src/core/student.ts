/** Student's t distribution: its distribution function and quantile. */
import { incompleteBeta } from './beta.js';

/** P(|T| > x) / 2 for x >= 0, with the incomplete beta function of the argument that keeps its digits. */
function upperTail(x: number, freedom: number): number {
  const square = x * x;
  return square > freedom
    ? incompleteBeta(freedom / (freedom + square), freedom / 2, 0.5) / 2
    : (1 - incompleteBeta(square / (freedom + square), 0.5, freedom / 2)) / 2;
}

/** P(T <= x) for `freedom` degrees of freedom, which need not be whole. Absolute error about 1e-13. */
export function studentCdf(x: number, freedom: number): number {
  const tail = upperTail(Math.abs(x), freedom);
  return x > 0 ? 1 - tail : tail;
}

/** Quantile, by bisection; infinite without degrees of freedom. */
export function studentQuantile(p: number, freedom: number): number {
  if (p === 0.5) return 0;
  if (!(freedom > 0)) return p > 0.5 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const tail = p > 0.5 ? 1 - p : p;
  let low = 0;
  let high = 1;
  while (upperTail(high, freedom) > tail && high < 1e300) high *= 2;
  for (let k = 0; k < 200; k++) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    if (upperTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return p > 0.5 ? high : -high;
}
