/**
 * The mean: the same prediction for everybody, with its spread.
 *
 * theta = sum w y / W, minimising (1 / 2W) sum w (y - theta)^2. sd^2 = sum w (y - theta)^2 / (W - ddof); weights count
 * as frequencies. One row has sd 0. One gradient step: theta - stepSize (theta - mean); `auto` is 1, the full way.
 *
 * Default: ddof 1. LearnerError: no labelled rows.
 *
 * Source: Casella and Berger (2002), Statistical Inference, 2nd ed., section 5.2 (sample mean and variance).
 */
import { type Batch, constant, type Learner, LearnerError, type StepOptions, totalWeight } from './learner.js';

export interface MeanOptions extends StepOptions {
  /** Divisor of the variance: W - ddof. 1 is unbiased, 0 the maximum-likelihood estimate. */
  readonly ddof: 0 | 1;
}

export function mean({ ddof, refit, stepSize }: MeanOptions): Learner {
  return {
    given: (intercept, _coefficients, sd) => constant(intercept, sd),
    fit(batches, previous) {
      const total = totalWeight(batches);
      if (!(total > 0)) throw new LearnerError('there are no labelled rows');
      const centre = weightedMean(batches, total);
      const from = refit === 'step' ? (previous?.intercept ?? null) : null;
      const value = from === null ? centre : from - (stepSize === 'auto' ? 1 : stepSize) * (from - centre);
      const squares = sumSquares(batches, centre);
      const sd = total > ddof ? Math.sqrt(squares / (total - ddof)) : 0;
      const objective = (squares / total + (value - centre) ** 2) / 2;
      return {
        predictor: constant(value, sd),
        objective,
        iterations: 1,
        gradientNorm: Math.abs(value - centre),
        note: null,
      };
    },
  };
}

function weightedMean(batches: readonly Batch[], total: number): number {
  let sum = 0;
  for (const { n, target, weights } of batches) {
    for (let i = 0; i < n; i++) sum += weights === null ? target[i] : weights[i] * target[i];
  }
  return sum / total;
}

function sumSquares(batches: readonly Batch[], centre: number): number {
  let sum = 0;
  for (const { n, target, weights } of batches) {
    for (let i = 0; i < n; i++) {
      const d = target[i] - centre;
      sum += weights === null ? d * d : weights[i] * d * d;
    }
  }
  return sum;
}
