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
    if (batch.weights === null) {
      n += batch.n;
      total += batch.n;
      continue;
    }
    for (let i = 0; i < batch.n; i++) {
      if (batch.weights[i] > 0) n++;
      total += batch.weights[i];
    }
  }
  if (n === 0) throw new LearnerError('there are no labelled rows');
  const scale = total < n * (1 - 1e-9) ? n / total : 1;
  const target = new Float64Array(n);
  gather(batches, target, (batch) => batch.target, 1);
  const weights = new Float64Array(n);
  gather(batches, weights, (batch) => batch.weights, scale);
  const features = (batches[0]?.features ?? []).map((_, j) => {
    const column = new Float64Array(n);
    gather(batches, column, (batch) => batch.features[j], 1);
    return column;
  });
  return { n, features, target, weights };
}

/** A column of the rows with weight, one batch after the other; 1 where a batch has none. */
function gather(
  batches: readonly Batch[],
  out: Float64Array,
  column: (batch: Batch) => Float64Array | null,
  scale: number,
): void {
  let at = 0;
  for (const batch of batches) {
    const { n, weights } = batch;
    const own = column(batch);
    if (own === null) {
      out.fill(scale, at, at + n);
      at += n;
    } else if (weights === null) for (let i = 0; i < n; i++) out[at++] = own[i] * scale;
    else for (let i = 0; i < n; i++) if (weights[i] > 0) out[at++] = own[i] * scale;
  }
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
