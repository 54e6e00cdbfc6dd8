/** What ridge, lasso and elastic net share: standardising, the choice of the strength, one gradient step. */
import type { StreamKey } from '../core/random/index.js';
import { allFinite } from '../core/vector.js';
import { type Gram, gram, meanSquare } from './gram.js';
import {
  type Batch,
  type Fit,
  type Learner,
  LearnerError,
  linearPredictor,
  NO_KEY,
  type Predictor,
  type StepOptions,
} from './learner.js';
import { oneStep } from './linear.js';
import { chooseStrength, type Strength } from './strength.js';

export interface PenalisedOptions extends StepOptions {
  readonly intercept: boolean;
  /** Whether features are divided by their standard deviation before they are penalised; coefficients are of the features as they are. */
  readonly standardise: boolean;
  readonly strength: Strength;
}

export interface Solution {
  readonly theta: Float64Array;
  readonly iterations: number;
  readonly violation: number;
  /** Parameters that the fit is counted to have spent, the intercept left out. */
  readonly freedom: number;
  readonly note: string | null;
}

/** One kind of penalty. */
export interface Penalty {
  /** Strengths to choose from, the largest first. */
  strengths(sums: Gram): Float64Array;
  /** The coefficients at each strength. */
  along(sums: Gram, strengths: Float64Array): Float64Array[];
  at(sums: Gram, strength: number): Solution;
  /** What is minimised, from the mean squared residual. */
  objective(square: number, theta: Float64Array, strength: number): number;
  /** The penalty as l1 |theta|_1 + (l2 / 2) |theta|^2 beside half the mean squared residual. */
  parts(strength: number): { l1: number; l2: number };
}

export function penalised(options: PenalisedOptions, penalty: Penalty): Learner {
  const { intercept, refit, standardise, stepSize, strength } = options;
  return {
    given: (bias, coefficients, sd) => linearPredictor(bias, coefficients, sd),
    fit(batches, previous, key = NO_KEY) {
      const d = batches[0]?.features.length ?? 0;
      const isStep = refit === 'step' && previous?.coefficients != null && typeof strength === 'number';
      const sums = gram(batches, d, intercept && !isStep);
      if (!(sums.weight > 0)) throw new LearnerError('there are no labelled rows');
      if (!allFinite(sums.matrix) || !allFinite(sums.vector) || !Number.isFinite(sums.square))
        throw new LearnerError('the rows hold numbers that are not finite, or too large to be squared');
      if (isStep) return stepped(batches, sums, previous, previous.coefficients, strength);
      const choice = typeof strength === 'number' ? { strength, note: null } : chosen(batches, sums, strength, key);
      return full(sums, choice.strength, choice.note);
    },
  };

  function stepped(
    batches: readonly Batch[],
    sums: Gram,
    previous: Predictor,
    theta: Float64Array,
    given: number,
  ): Fit {
    const { l1, l2 } = penalty.parts(given);
    const fit = oneStep(batches, sums, previous.intercept ?? 0, theta, intercept, l2, stepSize, l1);
    const { coefficients, intercept: bias, sd } = fit.predictor;
    const next = coefficients ?? theta;
    const predictor = linearPredictor(bias ?? 0, next, sd, given);
    return { ...fit, predictor, objective: penalty.objective(sd * sd, next, given) };
  }

  function chosen(batches: readonly Batch[], sums: Gram, how: Exclude<Strength, number>, key: StreamKey) {
    const rule = how === 'auto' ? ({ cv: 5, rule: 'best' } as const) : how;
    const strengthsOf = (all: Gram) => penalty.strengths(scaled(all, standardise).sums);
    const choice = chooseStrength(batches, rule, intercept, key, strengthsOf, (rest, strengths) => {
      const { scale, sums: own } = scaled(rest, standardise);
      return penalty.along(own, strengths).map((along) => {
        const theta = along.map((v, j) => v / scale[j]);
        return { theta, bias: biasOf(rest, theta) };
      });
    });
    if (choice !== null) return choice;
    const [largest] = strengthsOf(sums);
    return { strength: largest, note: 'one row is too few to choose the strength: the largest is taken' };
  }

  function biasOf({ means, targetMean }: Gram, theta: Float64Array): number {
    return intercept ? theta.reduce((bias, v, j) => bias - v * means[j], targetMean) : 0;
  }

  function full(sums: Gram, given: number, why: string | null): Fit {
    const { scale, sums: own } = scaled(sums, standardise);
    const { freedom, iterations, note, theta: found, violation } = penalty.at(own, given);
    const theta = found.map((v, j) => v / scale[j]);
    const bias = biasOf(sums, theta);
    const square = meanSquare(sums, theta, bias);
    if (!Number.isFinite(square)) throw new LearnerError('the rows hold numbers too large to be squared');
    const left = sums.weight - freedom - (intercept ? 1 : 0);
    const sd = Math.sqrt(left > 0 ? (square * sums.weight) / left : square);
    return {
      predictor: linearPredictor(bias, theta, sd, given),
      objective: penalty.objective(square, found, given),
      iterations,
      gradientNorm: violation,
      note: [why, note].filter((part) => part !== null).join('; ') || null,
    };
  }
}

/** A column whose spread is this share of its mean is constant, but for rounding. */
const CONSTANT = 1e-12;

/** The sums of columns divided by `scale`; constant columns are taken out, so that their coefficient is 0. */
function scaled(sums: Gram, standardise: boolean): { sums: Gram; scale: Float64Array } {
  const { d, matrix, means, vector } = sums;
  const spread = Float64Array.from({ length: d }, (_, j) => Math.sqrt(Math.max(0, matrix[j * d + j])));
  const varies = spread.map((s, j) => (s > CONSTANT * Math.abs(means[j]) ? 1 : 0));
  const scale = spread.map((s, j) => (standardise && varies[j] === 1 ? s : 1));
  return {
    scale,
    sums: {
      ...sums,
      vector: vector.map((v, j) => (varies[j] * v) / scale[j]),
      matrix: matrix.map((v, at) => {
        const j = Math.floor(at / d);
        const k = at % d;
        return (varies[j] * varies[k] * v) / (scale[j] * scale[k]);
      }),
    },
  };
}
