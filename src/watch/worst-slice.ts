/**
 * The worst slice: the one of which it is surest that it fares worse than everybody.
 *
 * The loss of an individual is 1 for a prediction on the wrong side of the threshold (binary), or its squared error. A slice's
 * mean loss has a lower confidence bound. Of a share p, the exact one of Clopper and Pearson: the rate at which n p errors or
 * more would come with probability 1 - confidence (Wilson's, with three people, promises more than it keeps). Of squared
 * errors, mean - t s / sqrt(n), s the slice's own standard deviation and t Student's with n - 1 degrees of freedom. n is the
 * effective number (sum w)^2 / sum w^2. The bounds of all k slices hold together with a confidence of 0.99: each at
 * 1 - 0.01 / k, one-sided (Bonferroni).
 *
 * A slice counts only if its bound is above the mean loss of everybody; of those that count, the highest bound is the worst.
 * Three unlucky people are not the worst slice. Over quadrature nodes nothing is drawn: the bound is the mean itself.
 * Source: Clopper and Pearson (1934), Biometrika 26(4).
 */
import { incompleteBeta } from '../core/beta.js';
import { studentQuantile } from '../core/student.js';

/** Mean loss of a part of the population. */
export interface Loss {
  readonly kind: 'share' | 'mean';
  readonly mean: number;
  /** Standard deviation of the losses, divisor n. */
  readonly sd: number;
  /** Effective number of individuals. */
  readonly n: number;
}

/** Null where nobody counts. `threshold` null: the loss is the squared error. */
export function lossOf(
  truth: Float64Array,
  prediction: Float64Array,
  weights: Float64Array | null,
  n: number,
  threshold: number | null,
): Loss | null {
  let total = 0;
  let squaredWeights = 0;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i];
    const error = prediction[i] - truth[i];
    if (w === 0 || Number.isNaN(error)) continue;
    const loss = threshold === null ? error * error : prediction[i] > threshold === (truth[i] === 1) ? 0 : 1;
    total += w;
    squaredWeights += w * w;
    const delta = loss - mean;
    mean += (w / total) * delta;
    squares += w * delta * (loss - mean);
  }
  if (!(total > 0)) return null;
  return {
    kind: threshold === null ? 'mean' : 'share',
    mean,
    sd: Math.sqrt(squares / total),
    n: (total * total) / squaredWeights,
  };
}

/** Lower confidence bound of a mean loss, one-sided. */
export function lowerBound({ kind, mean, n, sd }: Loss, confidence: number): number {
  if (kind === 'share') {
    const errors = mean * n;
    if (!(errors > 0)) return 0;
    let low = 0;
    let high = mean;
    while (high - low > 1e-9) {
      const middle = (low + high) / 2;
      if (incompleteBeta(middle, errors, n - errors + 1) < 1 - confidence) low = middle;
      else high = middle;
    }
    return low;
  }
  // With one individual nothing is known of how losses vary.
  if (!(n > 1)) return Number.NEGATIVE_INFINITY;
  return mean - (studentQuantile(confidence, n - 1) * sd) / Math.sqrt(n - 1);
}

/** The name of the worst slice; null where none is surely worse than everybody. `drawn`: individuals are a sample. */
export function worstSlice(
  everybody: Loss | null,
  slices: readonly { name: string; loss: Loss | null }[],
  drawn: boolean,
): string | null {
  if (everybody === null) return null;
  const confidence = 1 - 0.01 / slices.length;
  let worst: string | null = null;
  let highest = everybody.mean;
  for (const { loss, name } of slices) {
    if (loss === null) continue;
    const bound = drawn ? lowerBound(loss, confidence) : loss.mean;
    // Rounding alone makes nobody worse.
    if (bound > highest * (1 + 1e-12)) {
      worst = name;
      highest = bound;
    }
  }
  return worst;
}
