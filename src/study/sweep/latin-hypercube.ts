/**
 * Latin hypercube: n points of which each coordinate has exactly one in every n-th of its range, at random within it, the
 * n-ths of the coordinates shuffled against each other.
 *
 * Source: McKay, Beckman and Conover (1979), "A Comparison of Three Methods for Selecting Values of Input Variables in the
 * Analysis of Output from a Computer Code", Technometrics 21(2).
 */
import { Stream } from '../../core/random/index.js';

/** `n` points as rows of `d` coordinates on [0, 1). */
export function latinHypercube(n: number, d: number, seed: number): Float64Array {
  const points = new Float64Array(n * d);
  for (let j = 0; j < d; j++) {
    const stream = new Stream({ seed, replicate: 0, component: `sweep/latin-hypercube/${j}`, step: 0 });
    const order = shuffled(n, stream);
    for (let i = 0; i < n; i++) points[i * d + j] = Math.min(BELOW_ONE, (order[i] + stream.uniform()) / n);
  }
  return points;
}

/** (n - 1 + u) / n may round up to 1. */
const BELOW_ONE = 1 - Number.EPSILON / 2;

/** 0 to n - 1 in random order (Fisher and Yates). */
function shuffled(n: number, stream: Stream): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const k = Math.floor(stream.uniform() * (i + 1));
    const kept = order[i];
    order[i] = order[k];
    order[k] = kept;
  }
  return order;
}
