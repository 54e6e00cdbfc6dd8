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

export function gram(batches: readonly Batch[], d: number, centred: boolean): Gram {
  const weight = totalWeight(batches);
  const { means, targetMean } = centred ? meansOf(batches, d) : { means: new Float64Array(d), targetMean: 0 };
  // The target is the last column.
  const p = d + 1;
  const sums = new Float64Array(p * p);
  const longest = batches.reduce((most, { n }) => Math.max(most, n), 0);
  const shifted = Array.from({ length: p }, () => new Float64Array(Math.min(BLOCK, longest)));
  for (const { features, n, target, weights } of batches) {
    for (let start = 0; start < n; start += BLOCK) {
      const count = Math.min(BLOCK, n - start);
      for (let j = 0; j < d; j++) shift(features[j], start, count, means[j], shifted[j]);
      shift(target, start, count, targetMean, shifted[d]);
      addCrossProducts(sums, p, shifted, weights === null ? null : weights.subarray(start, start + count), 0, count);
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
  let weight = 0;
  for (const part of parts) weight += part.weight;
  const mean = (of: (part: Gram) => number) => parts.reduce((sum, part) => sum + (part.weight / weight) * of(part), 0);
  const means = Float64Array.from({ length: d }, (_, j) => (centred ? mean((part) => part.means[j]) : 0));
  const targetMean = centred ? mean((part) => part.targetMean) : 0;
  const about = (part: Gram, j: number) => part.means[j] - means[j];
  const ofTarget = (part: Gram) => part.targetMean - targetMean;
  return {
    d,
    weight,
    means,
    targetMean,
    matrix: Float64Array.from({ length: d * d }, (_, at) => {
      const j = Math.floor(at / d);
      return mean((part) => part.matrix[at] + about(part, j) * about(part, at % d));
    }),
    vector: Float64Array.from({ length: d }, (_, j) =>
      mean((part) => part.vector[j] + about(part, j) * ofTarget(part)),
    ),
    square: mean((part) => part.square + ofTarget(part) ** 2),
  };
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
