/**
 * The Gram matrix: what least squares needs of the rows, summed up over the columns in one sweep in blocks.
 *
 * Columns are shifted by their mean where there is an intercept, so that a large mean costs no digits.
 */
import { addCrossProducts, BLOCK } from '../core/cross-products.js';
import { dot, sum } from '../core/vector.js';
import type { Batch } from './learner.js';
import { totalWeight } from './learner.js';

export interface Gram {
  readonly d: number;
  /** Total weight. */
  readonly weight: number;
  /** Means of the columns, 0 where they are not centred. */
  readonly means: Float64Array;
  readonly targetMean: number;
  /** sum w x_j x_k / W about the means, d x d, row-major. */
  readonly matrix: Float64Array;
  /** sum w x_j y / W about the means. */
  readonly vector: Float64Array;
  /** sum w y^2 / W about the mean. */
  readonly square: number;
}

/** Rows from which on the sums of a batch are kept: they take less memory than it, and less time than to sum up anew. */
const KEPT = 64;
const known = new WeakMap<Batch, { readonly centred: boolean; readonly gram: Gram }>();

/** Of many batches, each that stays for several trainings is summed up once. */
export function gram(batches: readonly Batch[], d: number, centred: boolean): Gram {
  const lasting = batches.length > 1 ? batches.filter((batch) => batch.lasting === true && batch.n >= KEPT) : [];
  if (lasting.length === 0) return summed(batches, d, centred);
  const parts = lasting.map((batch) => once(batch, d, centred));
  if (lasting.length < batches.length) {
    const others = batches.filter((batch) => !lasting.includes(batch));
    parts.push(summed(others, d, centred));
  }
  return pooled(parts, centred);
}

function once(batch: Batch, d: number, centred: boolean): Gram {
  const before = known.get(batch);
  if (before?.centred === centred) return before.gram;
  const own = summed([batch], d, centred);
  known.set(batch, { centred, gram: own });
  return own;
}

function summed(batches: readonly Batch[], d: number, centred: boolean): Gram {
  const weight = totalWeight(batches);
  const { means, targetMean } = centred ? meansOf(batches, d) : { means: new Float64Array(d), targetMean: 0 };
  // The target is the last column.
  const p = d + 1;
  const sums = new Float64Array(p * p);
  const shifted = centred ? scratch(p) : null;
  for (const { features, n, target, weights } of batches) {
    const columns = shifted ?? [...features, target];
    for (let start = 0; start < n; start += BLOCK) {
      const count = Math.min(BLOCK, n - start);
      if (shifted !== null) {
        for (let j = 0; j < d; j++) shift(features[j], start, count, means[j], shifted[j]);
        shift(target, start, count, targetMean, shifted[d]);
      }
      const own = weights === null ? null : weights.subarray(start, start + count);
      addCrossProducts(sums, p, columns, own, shifted === null ? start : 0, count);
    }
  }
  const matrix = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    for (let k = j; k < d; k++) {
      matrix[j * d + k] = sums[j * p + k] / weight;
      matrix[k * d + j] = matrix[j * d + k];
    }
  }
  const vector = Float64Array.from({ length: d }, (_, j) => sums[j * p + d] / weight);
  return { d, weight, means, targetMean, matrix, vector, square: sums[d * p + d] / weight };
}

/** Weighted means of the columns and of the target. */
export function meansOf(batches: readonly Batch[], d: number): Pick<Gram, 'means' | 'targetMean'> {
  const weight = totalWeight(batches);
  const means = Float64Array.from({ length: d }, (_, j) => sumOf(batches, (batch) => batch.features[j]) / weight);
  return { means, targetMean: sumOf(batches, (batch) => batch.target) / weight };
}

/** The Gram matrix of parts as if they were one; `centred` as the parts are. */
export function pooled(parts: readonly Gram[], centred: boolean): Gram {
  const { d } = parts[0];
  // A part without weight has no mean.
  const weighty = parts.filter((part) => part.weight > 0);
  const weight = weighty.reduce((total, part) => total + part.weight, 0);
  const means = new Float64Array(d);
  let targetMean = 0;
  if (centred) {
    for (const part of weighty) {
      const share = part.weight / weight;
      for (let j = 0; j < d; j++) means[j] += share * part.means[j];
      targetMean += share * part.targetMean;
    }
  }
  const matrix = new Float64Array(d * d);
  const vector = new Float64Array(d);
  let square = 0;
  for (const part of weighty) {
    const share = part.weight / weight;
    const ofTarget = part.targetMean - targetMean;
    for (let j = 0; j < d; j++) {
      const about = part.means[j] - means[j];
      for (let k = 0; k < d; k++)
        matrix[j * d + k] += share * (part.matrix[j * d + k] + about * (part.means[k] - means[k]));
      vector[j] += share * (part.vector[j] + about * ofTarget);
    }
    square += share * (part.square + ofTarget * ofTarget);
  }
  return { d, weight, means, targetMean, matrix, vector, square };
}

/** Mean squared residual of bias + x theta on the rows that were summed up. */
export function meanSquare(
  { d, matrix, means, square, targetMean, vector }: Gram,
  theta: ArrayLike<number>,
  bias: number,
) {
  let quadratic = 0;
  let linear = 0;
  let offset = targetMean - bias;
  for (let j = 0; j < d; j++) {
    linear += theta[j] * vector[j];
    offset -= theta[j] * means[j];
    for (let k = 0; k < d; k++) quadratic += theta[j] * theta[k] * matrix[j * d + k];
  }
  return Math.max(0, square - 2 * linear + quadratic) + offset * offset;
}

/** Blocks of columns about their means, made once: a training may be of few rows. */
const blocks: Float64Array[] = [];
function scratch(count: number): Float64Array[] {
  while (blocks.length < count) blocks.push(new Float64Array(BLOCK));
  return blocks.slice(0, count);
}

function shift(x: Float64Array, start: number, count: number, by: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) out[i] = x[start + i] - by;
}

function sumOf(batches: readonly Batch[], column: (batch: Batch) => Float64Array): number {
  let total = 0;
  for (const batch of batches) {
    const { n, weights } = batch;
    total += weights === null ? sum(column(batch), n) : dot(weights, column(batch), n);
  }
  return total;
}
