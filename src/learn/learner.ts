/** What every learner is: from columns and a target to a predictor. */
import { linearCombination } from '../core/vector.js';

/** Rows of one step as columns, nothing missing. `weights` null: all ones; a weight may be 0, but not negative. */
export interface Batch {
  readonly n: number;
  readonly features: readonly Float64Array[];
  readonly target: Float64Array;
  readonly weights: Float64Array | null;
}

/** A fitted model. It never changes. */
export interface Predictor {
  /** Null where the learner has none. */
  readonly intercept: number | null;
  /** One for each feature, in order; null for learners that have no coefficients. */
  readonly coefficients: Float64Array | null;
  /** Spread of the training residuals, in the target's units. */
  readonly sd: number;
  /** Writes one prediction for each of the first `n` rows into `out`. */
  predict(features: readonly Float64Array[], out: Float64Array, n: number): void;
  toJSON(): unknown;
}

export interface Fit {
  readonly predictor: Predictor;
  /** The objective at the fitted coefficients; each learner says what it minimises. */
  readonly objective: number;
  readonly iterations: number;
  /** Euclidean norm of the objective's gradient; 0 for closed forms. */
  readonly gradientNorm: number;
  /** The documented rule that was applied to data that do not decide the answer; null as a rule. */
  readonly note: string | null;
}

export interface Learner {
  /** Learns from the batches as if they were one. `previous` is the version before, for one gradient step or as a start. */
  fit(batches: readonly Batch[], previous: Predictor | null): Fit;
  /** A predictor with given coefficients. */
  given(intercept: number, coefficients: Float64Array, sd: number): Predictor;
}

/** Data that a learner cannot take: the version before stays in service. */
export class LearnerError extends Error {
  override readonly name = 'LearnerError';
}

/** How a refit uses the version before: not at all, or for one gradient step from it. */
export interface StepOptions {
  readonly refit: 'full' | 'step';
  readonly stepSize: number | 'auto';
}

/** The same prediction for everybody. */
export function constant(value: number, sd = 0): Predictor {
  return {
    intercept: value,
    coefficients: null,
    sd,
    predict(_features, out, n) {
      out.fill(value, 0, n);
    },
    toJSON: () => ({ learner: 'mean', value, sd }),
  };
}

/** intercept + sum_j coefficient_j x_j. */
export function linearPredictor(intercept: number, coefficients: Float64Array, sd: number): Predictor {
  return {
    intercept,
    coefficients,
    sd,
    predict(features, out, n) {
      linearCombination(intercept, coefficients, features, out, n);
    },
    toJSON: () => ({ learner: 'linear', intercept, coefficients: [...coefficients], sd }),
  };
}

/** Total weight of the batches. */
export function totalWeight(batches: readonly Batch[]): number {
  let total = 0;
  for (const { n, weights } of batches) {
    if (weights === null) total += n;
    else for (let i = 0; i < n; i++) total += weights[i];
  }
  return total;
}
