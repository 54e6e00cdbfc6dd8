/**
 * Statistics over the steps of a run, or over runs. Values that do not exist are left out before; NaN where none is left,
 * so that nothing follows from nothing.
 */
import { quantileOf } from '../core/quantile.js';

/** Mean. */
const mean = (x: Float64Array): number => (x.length > 0 ? sumOf(x) / x.length : Number.NaN);

/** Standard deviation, divisor n - 1. */
function sd(x: Float64Array): number {
  const centre = mean(x);
  return x.length > 1 ? Math.sqrt(x.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (x.length - 1)) : Number.NaN;
}

/** Quantile, linear between order statistics (Hyndman and Fan 1996, type 7). */
export const quantile = (x: Float64Array, q: number): number => quantileOf(x.slice().sort(), q);

const sumOf = (x: Float64Array): number => x.reduce((a, b) => a + b, 0);
const orNone = (f: (x: Float64Array) => number) => (x: Float64Array) => (x.length > 0 ? f(x) : Number.NaN);

/** One number from many, by the name that expectations call it. */
export const REDUCE: Readonly<Record<string, (x: Float64Array) => number>> = {
  mean,
  sum: orNone(sumOf),
  sd,
  min: orNone((x) => x.reduce((a, b) => Math.min(a, b))),
  max: orNone((x) => x.reduce((a, b) => Math.max(a, b))),
  median: (x) => quantile(x, 0.5),
  share: (x) => mean(x.map((v) => (v !== 0 ? 1 : 0))),
};

/** Each value's predecessor. */
export function lagged(x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  out[0] = Number.NaN;
  out.set(x.subarray(0, -1), 1);
  return out;
}

/** Least-squares slope of y on x, with an intercept. */
export function slope(y: Float64Array, x: Float64Array): number {
  const pairs = [...y].map((v, i) => [x[i], v] as const).filter(([a, b]) => !Number.isNaN(a + b));
  const mx = mean(Float64Array.from(pairs, ([a]) => a));
  const my = mean(Float64Array.from(pairs, ([, b]) => b));
  let xy = 0;
  let xx = 0;
  for (const [a, b] of pairs) {
    xy += (a - mx) * (b - my);
    xx += (a - mx) ** 2;
  }
  return xy / xx;
}
