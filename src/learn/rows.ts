/** The rows of all batches as one: what learners need that look at the rows themselves, not at their sums. */
import { type Batch, LearnerError, refuseNotFinite } from './learner.js';

export interface Rows {
  readonly n: number;
  readonly features: readonly Float64Array[];
  readonly target: Float64Array;
  /** All above 0, and at least 1 on the mean. */
  readonly weights: Float64Array;
}

/**
 * The rows with weight. Weights count as repetitions, unless they add up to less than the number of rows (as those of
 * quadrature nodes do, to 1): then they are scaled to 1 on the mean.
 */
export function rowsOf(batches: readonly Batch[]): Rows {
  refuseNotFinite(batches);
  let n = 0;
  let total = 0;
  for (const batch of batches) {
    for (let i = 0; i < batch.n; i++) {
      const w = batch.weights === null ? 1 : batch.weights[i];
      if (w > 0) n++;
      total += w;
    }
  }
  if (n === 0) throw new LearnerError('there are no labelled rows');
  const features = (batches[0]?.features ?? []).map(() => new Float64Array(n));
  const target = new Float64Array(n);
  const weights = new Float64Array(n);
  const scale = total < n * (1 - 1e-9) ? n / total : 1;
  let at = 0;
  for (const batch of batches) {
    for (let i = 0; i < batch.n; i++) {
      const w = batch.weights === null ? 1 : batch.weights[i];
      if (!(w > 0)) continue;
      for (let j = 0; j < features.length; j++) features[j][at] = batch.features[j][i];
      target[at] = batch.target[i];
      weights[at++] = w * scale;
    }
  }
  return { n, features, target, weights };
}

/** Weighted mean of a column. */
export function meanOf(column: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < column.length; i++) {
    sum += weights[i] * column[i];
    total += weights[i];
  }
  return sum / total;
}

/** Weighted standard deviation about the mean, its divisor the total weight. */
export function spreadOf(column: Float64Array, weights: Float64Array): number {
  const centre = meanOf(column, weights);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < column.length; i++) {
    sum += weights[i] * (column[i] - centre) ** 2;
    total += weights[i];
  }
  return Math.sqrt(sum / total);
}
