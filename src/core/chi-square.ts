/** The chi-square distribution: its upper tail and its quantile. */
import { upperGamma } from './gamma.js';

/** P(X > x) for `freedom` degrees of freedom; without any, X is 0 for sure. */
export function chiSquareTail(x: number, freedom: number): number {
  if (!(freedom > 0)) return x > 0 ? 0 : 1;
  return upperGamma(freedom / 2, x / 2);
}

/** Quantile, by bisection; 0 without degrees of freedom. */
export function chiSquareQuantile(p: number, freedom: number): number {
  if (!(freedom > 0) || !(p > 0)) return 0;
  const tail = 1 - p;
  let low = 0;
  let high = 1;
  while (chiSquareTail(high, freedom) > tail && high < 1e300) high *= 2;
  for (let k = 0; k < 200; k++) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    if (chiSquareTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return high;
}
