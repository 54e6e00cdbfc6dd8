/**
 * Sums of products of columns, two columns by two at a time: each value that is loaded does for two products.
 */
import { dot } from './vector.js';

/** Rows at a time, so that a block of every column stays in the cache. */
export const BLOCK = 2048;

const firstWeighted = new Float64Array(BLOCK);
const secondWeighted = new Float64Array(BLOCK);

/**
 * Adds sum_i w[i] x_j[start + i] x_k[start + i] over i < n to out[j p + k], j <= k: the upper triangle of a matrix of p columns.
 * At most `BLOCK` rows; null: weights of 1.
 */
export function addCrossProducts(
  out: Float64Array,
  p: number,
  columns: readonly Float64Array[],
  weights: Float64Array | null,
  start: number,
  n: number,
): void {
  const d = columns.length;
  let j = 0;
  for (; j + 1 < d; j += 2) {
    const a = weighted(columns[j], weights, start, n, firstWeighted);
    const b = weighted(columns[j + 1], weights, start, n, secondWeighted);
    addPair(out, j * p + j, p, a, b, columns[j], columns[j + 1], start, n);
    let k = j + 2;
    for (; k + 1 < d; k += 2) addFour(out, j * p + k, p, a, b, columns[k], columns[k + 1], start, n);
    if (k < d) {
      out[j * p + k] += dot(a, columns[k], n, start);
      out[(j + 1) * p + k] += dot(b, columns[k], n, start);
    }
  }
  if (j < d) out[j * p + j] += dot(weighted(columns[j], weights, start, n, firstWeighted), columns[j], n, start);
}

function weighted(
  x: Float64Array,
  weights: Float64Array | null,
  start: number,
  n: number,
  out: Float64Array,
): Float64Array {
  if (weights === null) return start === 0 ? x : x.subarray(start, start + n);
  for (let i = 0; i < n; i++) out[i] = weights[i] * x[start + i];
  return out;
}

/** a x, a y and b y: two columns with themselves and each other. */
function addPair(
  out: Float64Array,
  at: number,
  p: number,
  a: Float64Array,
  b: Float64Array,
  x: Float64Array,
  y: Float64Array,
  start: number,
  n: number,
): void {
  let ax = 0;
  let ay = 0;
  let by = 0;
  let ax1 = 0;
  let ay1 = 0;
  let by1 = 0;
  let i = 0;
  for (; i + 1 < n; i += 2) {
    const k = start + i;
    const y0 = y[k];
    const y1 = y[k + 1];
    ax += a[i] * x[k];
    ay += a[i] * y0;
    by += b[i] * y0;
    ax1 += a[i + 1] * x[k + 1];
    ay1 += a[i + 1] * y1;
    by1 += b[i + 1] * y1;
  }
  if (i < n) {
    ax += a[i] * x[start + i];
    ay += a[i] * y[start + i];
    by += b[i] * y[start + i];
  }
  out[at] += ax + ax1;
  out[at + 1] += ay + ay1;
  out[at + p + 1] += by + by1;
}

/** a x, a y, b x and b y. */
function addFour(
  out: Float64Array,
  at: number,
  p: number,
  a: Float64Array,
  b: Float64Array,
  x: Float64Array,
  y: Float64Array,
  start: number,
  n: number,
): void {
  let ax = 0;
  let ay = 0;
  let bx = 0;
  let by = 0;
  for (let i = 0; i < n; i++) {
    const a0 = a[i];
    const b0 = b[i];
    const x0 = x[start + i];
    const y0 = y[start + i];
    ax += a0 * x0;
    ay += a0 * y0;
    bx += b0 * x0;
    by += b0 * y0;
  }
  out[at] += ax;
  out[at + 1] += ay;
  out[at + p] += bx;
  out[at + p + 1] += by;
}
