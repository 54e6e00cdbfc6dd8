/** What every learner is: from columns and a target to a predictor. */
import type { StreamKey } from '../core/random/index.js';
import { allFinite, linearCombination } from '../core/vector.js';

/** Rows of one step as columns, nothing missing. `weights` null: all ones; a weight may be 0, but not negative. */
export interface Batch {
  readonly n: number;
  readonly features: readonly Float64Array[];
  readonly target: Float64Array;
  readonly weights: Float64Array | null;
  /** Whether it stays as it is, and may be learnt from again: what was summed up of it can be kept. */
  readonly lasting?: boolean;
}

/** A fitted model. It never changes. */
export interface Predictor {
  /** Null where the learner has none. */
  readonly intercept: number | null;
  /** One for each feature, in order; null for learners that have no coefficients. */
  readonly coefficients: Float64Array | null;
  /** Spread of the training residuals, in the target's units. */
  readonly sd: number;
  /** How much each feature, in order, has to do with the predictions; they add up to 1, or are all 0. Where it can tell. */
  readonly importances?: Float64Array;
  /** The strength of the penalty, where there is one that it may have chosen by itself. */
  readonly strength?: number;
  /** Writes one prediction for each of the first `n` rows into `out`. */
  predict(features: readonly Float64Array[], out: Float64Array, n: number): void;
  /** All of it: `restore` makes a predictor of the same bits from it. */
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
  /**
   * Learns from the batches as if they were one. `previous` is the version before, for one gradient step or as a start.
   * `key` is of this training alone: learners that need random numbers draw them from streams keyed by it.
   */
  fit(batches: readonly Batch[], previous: Predictor | null, key?: StreamKey): Fit;
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

/** What a training draws from that was given no key. */
export const NO_KEY: StreamKey = { seed: 0, replicate: 0, component: 'learner', step: 0 };

/** intercept + sum_j coefficient_j x_j. `strength`: of the penalty that it was fitted under. */
export function linearPredictor(
  intercept: number,
  coefficients: Float64Array,
  sd: number,
  strength?: number,
): Predictor {
  const penalty = strength === undefined ? {} : { strength };
  return {
    intercept,
    coefficients,
    sd,
    ...penalty,
    predict(features, out, n) {
      linearCombination(intercept, coefficients, features, out, n);
    },
    toJSON: () => ({ learner: 'linear', intercept, coefficients: [...coefficients], sd, ...penalty }),
  };
}

/** Refuses a feature, target or weight that is not a finite number: a learner would carry it into every prediction. */
export function refuseNotFinite(batches: readonly Batch[]): void {
  for (const { features, n, target, weights } of batches) {
    const areFinite =
      allFinite(target, n) && (weights === null || allFinite(weights, n)) && features.every((x) => allFinite(x, n));
    if (!areFinite) throw new LearnerError('the rows hold numbers that are not finite');
  }
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
