/**
 * Least squares, with an optional ridge penalty that leaves the intercept alone.
 *
 * theta = argmin (1 / W) sum w (y - x theta)^2 + l2 |theta|^2, that is (X'WX / W + l2 I) theta = X'Wy / W.
 *
 * The columns are summed up in their Gram matrix, which is solved by its Cholesky factor. Where columns are collinear there
 * is no factor: the answer of least norm is taken, and noted.
 *
 * One gradient step goes down (1 / 2W) sum w (y - x theta)^2 + (l2 / 2) |theta|^2; `auto` is 1 / (trace of the Gram
 * matrix + 1 + l2), which never overshoots.
 *
 * The spread `sd` divides by W - d - 1 (without an intercept W - d). Defaults: an intercept, l2 0.
 * LearnerError: no labelled rows; numbers too large to be squared.
 *
 * Source: Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning, sections 3.2 and 3.4.1 (ridge).
 */
import { CholeskyDecomposition, Matrix, pseudoInverse } from 'ml-matrix';
import { allFinite } from '../core/vector.js';
import { type Gram, gram, meansOf } from './gram.js';
import { type Batch, type Fit, type Learner, LearnerError, linearPredictor, type StepOptions } from './learner.js';

export interface LinearOptions extends StepOptions {
  readonly intercept: boolean;
  readonly l2: number;
}

export function linear(options: LinearOptions): Learner {
  const { intercept, l2, refit, stepSize } = options;
  return {
    given: (intercept, coefficients, sd) => linearPredictor(intercept, coefficients, sd),
    fit(batches, previous) {
      const d = batches[0]?.features.length ?? 0;
      const step = refit === 'step' && previous?.coefficients != null;
      const sums = gram(batches, d, intercept && !step);
      if (!(sums.weight > 0)) throw new LearnerError('there are no labelled rows');
      if (!allFinite(sums.matrix) || !allFinite(sums.vector) || !Number.isFinite(sums.square))
        throw new LearnerError('the rows hold numbers too large to be squared');
      if (step) return oneStep(batches, sums, previous.intercept ?? 0, previous.coefficients, intercept, l2, stepSize);
      const { note, theta } = solve(sums, l2);
      const bias = intercept ? sums.targetMean - dot(theta, sums.means) : 0;
      return described(sums, theta, bias, intercept, l2, note);
    },
  };
}

/** Solves (G + l2 I) theta = c. */
export function solve({ d, matrix, vector }: Gram, l2: number): { theta: Float64Array; note: string | null } {
  if (d === 0) return { theta: new Float64Array(0), note: null };
  // Columns of very different scale are brought to one before the factor is judged.
  const scale = Float64Array.from({ length: d }, (_, j) => Math.sqrt(matrix[j * d + j] + l2) || 1);
  const scaled = new Matrix(d, d);
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < d; k++) scaled.set(j, k, (matrix[j * d + k] + (j === k ? l2 : 0)) / (scale[j] * scale[k]));
  }
  const c = Matrix.columnVector(Array.from(vector, (v, j) => v / scale[j]));
  const factor = new CholeskyDecomposition(scaled);
  // + 0: a constant feature has the coefficient 0, not -0.
  const unscaled = (solution: Matrix) => Float64Array.from(scale, (by, j) => solution.get(j, 0) / by + 0);
  if (factor.isPositiveDefinite() && isWellConditioned(factor)) return { theta: unscaled(factor.solve(c)), note: null };
  const theta = unscaled(pseudoInverse(scaled, 1e-10).mmul(c));
  return { theta, note: 'the features are collinear or constant: the solution of least norm is taken' };
}

const isWellConditioned = ({ lowerTriangularMatrix: lower }: CholeskyDecomposition): boolean =>
  lower.diagonal().every((pivot) => pivot > 1e-6);

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
};

/** The fit with its objective and residual spread, from the Gram matrix alone. */
function described(
  sums: Gram,
  theta: Float64Array,
  bias: number,
  intercept: boolean,
  l2: number,
  note: string | null,
): Fit {
  const { d, matrix, square, vector, weight } = sums;
  let quadratic = 0;
  for (let j = 0; j < d; j++) for (let k = 0; k < d; k++) quadratic += theta[j] * theta[k] * matrix[j * d + k];
  const squared = Math.max(0, square - 2 * dot(theta, vector) + quadratic);
  const freedom = weight - d - (intercept ? 1 : 0);
  const sd = Math.sqrt(freedom > 0 ? (squared * weight) / freedom : squared);
  const objective = squared + l2 * dot(theta, theta);
  return { predictor: linearPredictor(bias, theta, sd), objective, iterations: 1, gradientNorm: 0, note };
}

/** `sums` are not centred. With `l1` a proximal step: what the gradient step leaves of each is then shrunk by eta l1. */
export function oneStep(
  batches: readonly Batch[],
  sums: Gram,
  bias: number,
  theta: Float64Array,
  intercept: boolean,
  l2: number,
  stepSize: number | 'auto',
  l1 = 0,
): Fit {
  const { d, matrix, vector } = sums;
  const { means, targetMean } = intercept ? meansOf(batches, d) : { means: new Float64Array(d), targetMean: 0 };
  let trace = intercept ? 1 : 0;
  for (let j = 0; j < d; j++) trace += matrix[j * d + j];
  const eta = stepSize === 'auto' ? 1 / (trace + l2) : stepSize;
  const gradient = Float64Array.from({ length: d }, (_, j) => {
    let g = -vector[j] + bias * means[j] + l2 * theta[j];
    for (let k = 0; k < d; k++) g += matrix[j * d + k] * theta[k];
    return g;
  });
  const biasGradient = intercept ? bias + dot(theta, means) - targetMean : 0;
  const next = theta.map((v, j) => softThreshold(v - eta * gradient[j], eta * l1));
  const nextBias = bias - eta * biasGradient;
  const squared =
    sums.square -
    2 * dot(next, vector) -
    2 * nextBias * targetMean +
    nextBias * nextBias +
    2 * nextBias * dot(next, means);
  let quadratic = 0;
  for (let j = 0; j < d; j++) for (let k = 0; k < d; k++) quadratic += next[j] * next[k] * matrix[j * d + k];
  const mse = Math.max(0, squared + quadratic);
  return {
    predictor: linearPredictor(nextBias, next, Math.sqrt(mse)),
    objective: mse + l2 * dot(next, next),
    iterations: 1,
    gradientNorm: Math.hypot(biasGradient, ...gradient),
    note: null,
  };
}

/** sign(v) max(|v| - by, 0): the minimiser of (x - v)^2 / 2 + by |x|. */
export const softThreshold = (v: number, by: number): number => (v > by ? v - by : v < -by ? v + by : by === 0 ? v : 0);
