/**
 * Isotonic regression: the non-decreasing curve nearest to the points by least squares (pool adjacent violators).
 *
 * Points of the same x are averaged first. Between the points the curve is linear, beyond them constant.
 * Source: Barlow, Bartholomew, Bremner and Brunk (1972), "Statistical inference under order restrictions".
 */
import { indices } from './vector.js';

export interface Isotonic {
  /** Ascending, each once. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export function fitIsotonic(x: Float64Array, y: Float64Array, n = x.length): Isotonic {
  const order = indices(n).sort((a, b) => x[a] - x[b]);
  const at: number[] = [];
  const value: number[] = [];
  const weight: number[] = [];
  for (const i of order) {
    const last = at.length - 1;
    if (last >= 0 && at[last] === x[i]) {
      weight[last] += 1;
      value[last] += (y[i] - value[last]) / weight[last];
    } else {
      at.push(x[i]);
      value.push(y[i]);
      weight.push(1);
    }
  }
  // Blocks of equal value: start, mean and weight.
  const starts: number[] = [];
  const means: number[] = [];
  const weights: number[] = [];
  for (let k = 0; k < at.length; k++) {
    let start = k;
    let mean = value[k];
    let w = weight[k];
    while (means.length > 0 && means[means.length - 1] >= mean) {
      const before = weights.pop() as number;
      mean = (mean * w + (means.pop() as number) * before) / (w + before);
      w += before;
      start = starts.pop() as number;
    }
    starts.push(start);
    means.push(mean);
    weights.push(w);
  }
  const fitted = new Float64Array(at.length);
  for (let b = 0; b < starts.length; b++) fitted.fill(means[b], starts[b], starts[b + 1] ?? at.length);
  return { x: Float64Array.from(at), y: fitted };
}

export function predictIsotonic({ x, y }: Isotonic, value: number): number {
  const last = x.length - 1;
  if (last < 0 || Number.isNaN(value)) return Number.NaN;
  if (value <= x[0]) return y[0];
  if (value >= x[last]) return y[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= value) low = middle;
    else high = middle;
  }
  return y[low] + ((y[high] - y[low]) * (value - x[low])) / (x[high] - x[low]);
}
