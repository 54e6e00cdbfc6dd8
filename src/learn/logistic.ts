/**
 * Logistic regression: P(y = 1 | x) = 1 / (1 + exp(-(b + x theta))).
 *
 * Minimises the weighted mean logistic loss + (l2 / 2) |theta|^2, the intercept left out of the penalty.
 *
 * `newton`: Newton steps with a backtracking line search (an undamped step can overflow), from the version before, to a
 * gradient norm of `tolerance`. `gradient-descent`: from zero, until the loss falls by less than `lossTolerance` a step;
 * a step that raises the loss is retried at a tenth of its size: the optimiser of Perdomo et al. (2020).
 * `auto` step sizes: 1 / (s + l2) for descent, 2 / (s + 2 l2) for one step, with the smoothness s = sum of squared row
 * norms / (4 n), the intercept's column of ones included.
 *
 * LearnerError: no labelled rows; numbers too large to be squared.
 *
 * Source: Cox (1958), "The regression analysis of binary sequences", JRSS B 20(2); Newton's method: Hastie, Tibshirani,
 * Friedman (2009), The Elements of Statistical Learning, section 4.4.1.
 */

import { CholeskyDecomposition, Matrix, pseudoInverse } from 'ml-matrix';
import { addCrossProducts, BLOCK } from '../core/cross-products.js';
import { exp } from '../core/exp.js';
import { addDots, allFinite, dot, linearCombination, sum } from '../core/vector.js';
import {
  type Batch,
  type Fit,
  type Learner,
  LearnerError,
  type Predictor,
  type StepOptions,
  totalWeight,
} from './learner.js';

export interface LogisticOptions extends StepOptions {
  readonly intercept: boolean;
  readonly l2: number;
  readonly solver: 'newton' | 'gradient-descent';
  /** Newton stops at this gradient norm. Default 1e-10. */
  readonly tolerance: number;
  /** Gradient descent stops when the loss falls by less. Default 1e-7. */
  readonly lossTolerance: number;
  /** Default 100 Newton steps, 100,000 steps of descent. */
  readonly maxIterations?: number;
}

/** Coefficients of separable classes grow for ever: beyond this norm, Newton stops and says so. */
const SEPARABLE = 1e4;

export function logistic(options: LogisticOptions): Learner {
  return {
    given: logisticPredictor,
    fit(batches, previous) {
      const problem = new Problem(batches, options.intercept, options.l2);
      const start = problem.startFrom(previous);
      if (options.refit === 'step' && previous !== null) return oneStep(problem, start, options.stepSize);
      const single = problem.oneClass();
      if (single !== null) return single;
      return options.solver === 'newton' ? newton(problem, start, options) : descend(problem, options);
    },
  };
}

export function logisticPredictor(intercept: number, coefficients: Float64Array, sd: number): Predictor {
  return {
    intercept,
    coefficients,
    sd,
    predict(features, out, n) {
      linearCombination(intercept, coefficients, features, out, n);
      for (let i = 0; i < n; i++) out[i] = 1 / (1 + exp(-out[i]));
    },
    toJSON: () => ({ learner: 'logistic', intercept, coefficients: [...coefficients], sd }),
  };
}

/** A mean loss that only classes without a single row on the wrong side leave. */
const PERFECT = 1e-8;

/** Predictions and weights of a block of rows. */
const eta = new Float64Array(BLOCK);
const residual = new Float64Array(BLOCK);
const curvature = new Float64Array(BLOCK);

/** The objective over all batches. Parameters: one for each feature, then the intercept where there is one. */
class Problem {
  readonly d: number;
  readonly p: number;
  private readonly weight: number;

  constructor(
    private readonly batches: readonly Batch[],
    readonly intercept: boolean,
    readonly l2: number,
  ) {
    this.d = batches[0]?.features.length ?? 0;
    this.p = this.d + (intercept ? 1 : 0);
    this.weight = totalWeight(batches);
    if (!(this.weight > 0)) throw new LearnerError('there are no labelled rows');
  }

  startFrom(previous: Predictor | null): Float64Array {
    const beta = new Float64Array(this.p);
    const old = previous?.coefficients;
    if (old == null || old.length !== this.d) return beta;
    beta.set(old);
    if (this.intercept) beta[this.d] = previous?.intercept ?? 0;
    return beta.every(Number.isFinite) ? beta : new Float64Array(this.p);
  }

  /** The mean loss with its penalty; gradient and Hessian too, where they are given. */
  evaluate(beta: Float64Array, gradient: Float64Array | null, hessian: Float64Array | null): number {
    const { d, p } = this;
    gradient?.fill(0);
    hessian?.fill(0);
    let loss = 0;
    for (const { features, n, target, weights } of this.batches) {
      for (let start = 0; start < n; start += BLOCK) {
        const count = Math.min(BLOCK, n - start);
        linearCombination(this.intercept ? beta[d] : 0, beta, features, eta, count, start);
        loss += weights === null ? blockOfOnes(target, start, count) : block(target, weights, start, count);
        if (gradient !== null) {
          addDots(gradient, residual, features, count, start);
          if (p > d) gradient[d] += sum(residual, count);
        }
        if (hessian !== null) addHessian(hessian, features, start, count, d, p);
      }
    }
    let penalty = 0;
    for (let j = 0; j < d; j++) penalty += beta[j] * beta[j];
    if (gradient !== null) {
      for (let j = 0; j < p; j++) gradient[j] = gradient[j] / this.weight + (j < d ? this.l2 * beta[j] : 0);
    }
    if (hessian !== null) {
      for (let j = 0; j < p; j++) {
        for (let k = j; k < p; k++) {
          const value = hessian[j * p + k] / this.weight + (j === k && j < d ? this.l2 : 0);
          hessian[j * p + k] = value;
          hessian[k * p + j] = value;
        }
      }
    }
    return loss / this.weight + (this.l2 / 2) * penalty;
  }

  /** s = sum of squared row norms / (4 n): the loss's gradient changes at most this fast. */
  smoothness(): number {
    let sum = this.intercept ? this.weight : 0;
    for (const { features, n, weights } of this.batches) {
      for (const x of features) {
        for (let i = 0; i < n; i++) sum += weights === null ? x[i] * x[i] : weights[i] * x[i] * x[i];
      }
    }
    return sum / (4 * this.weight);
  }

  /** With one class only, the best intercept is infinite: the log-odds of half a row more in each class are taken. */
  oneClass(): Fit | null {
    let positives = 0;
    for (const { n, target, weights } of this.batches) {
      for (let i = 0; i < n; i++) if (target[i] > 0) positives += weights === null ? 1 : weights[i];
    }
    if (positives > 0 && positives < this.weight) return null;
    const beta = new Float64Array(this.p);
    if (this.intercept) beta[this.d] = Math.log((positives + 0.5) / (this.weight - positives + 0.5));
    return this.fit(beta, 0, 0, 'there is only one class: a constant probability is predicted');
  }

  fit(beta: Float64Array, iterations: number, gradientNorm: number, note: string | null): Fit {
    const objective = this.evaluate(beta, null, null);
    const intercept = this.intercept ? beta[this.d] : 0;
    const rate = 1 / (1 + exp(-intercept));
    const predictor = logisticPredictor(intercept, beta.slice(0, this.d), Math.sqrt(rate * (1 - rate)));
    return { predictor, objective, iterations, gradientNorm, note };
  }
}

/** Loss, residuals and curvature of a block of rows with weights. */
function block(target: Float64Array, weights: Float64Array, start: number, count: number): number {
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const w = weights[start + i];
    const x = eta[i];
    const y = target[start + i];
    const e = exp(-Math.abs(x));
    const large = 1 / (1 + e);
    const small = e * large;
    loss += w * ((x > 0 ? x : 0) - y * x + Math.log1p(e));
    residual[i] = w * ((x > 0 ? large : small) - y);
    curvature[i] = w * small * large;
  }
  return loss;
}

/** Factors of 1 + e below 2 that are multiplied before a logarithm is taken: their product stays below 2^256. */
const FACTORS = 256;

/** The same with all weights 1: the logarithms of many rows are taken as one, of their product. */
function blockOfOnes(target: Float64Array, start: number, count: number): number {
  let loss = 0;
  for (let first = 0; first < count; first += FACTORS) {
    const last = Math.min(count, first + FACTORS);
    let product = 1;
    for (let i = first; i < last; i++) {
      const x = eta[i];
      const y = target[start + i];
      const e = exp(-Math.abs(x));
      const large = 1 / (1 + e);
      const small = e * large;
      loss += (x > 0 ? x : 0) - y * x;
      product *= 1 + e;
      residual[i] = (x > 0 ? large : small) - y;
      curvature[i] = small * large;
    }
    loss += Math.log(product);
  }
  return loss;
}

function addHessian(
  out: Float64Array,
  features: readonly Float64Array[],
  start: number,
  n: number,
  d: number,
  p: number,
) {
  addCrossProducts(out, p, features, curvature, start, n);
  if (p === d) return;
  for (let j = 0; j < d; j++) out[j * p + d] += dot(curvature, features[j], n, start);
  out[d * p + d] += sum(curvature, n);
}

const norm = (x: Float64Array): number => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));

function newton(problem: Problem, start: Float64Array, { maxIterations = 100, tolerance }: LogisticOptions): Fit {
  const { p } = problem;
  let gradient = new Float64Array(p);
  let nextGradient = new Float64Array(p);
  const hessian = new Float64Array(p * p);
  let beta = start;
  let loss = problem.evaluate(beta, gradient, hessian);
  if (!allFinite(hessian) || !allFinite(gradient))
    throw new LearnerError('the rows hold numbers too large to be squared');
  let note: string | null = null;
  let iterations = 0;
  for (; iterations < maxIterations && norm(gradient) > tolerance; iterations++) {
    const direction = solveSymmetric(hessian, gradient, p);
    const slope = -gradient.reduce((sum, g, j) => sum + g * direction[j], 0);
    let size = 1;
    let next = step(beta, direction, size);
    // The full step is taken nearly always: its derivatives are computed along with its loss.
    let nextLoss = problem.evaluate(next, nextGradient, hessian);
    // Armijo's condition; near the optimum the loss no longer tells, and the full step is right.
    while (!(nextLoss <= loss + 1e-4 * size * slope + 1e-14 * Math.abs(loss)) && size > 1e-12) {
      size /= 2;
      next = step(beta, direction, size);
      nextLoss = problem.evaluate(next, null, null);
    }
    if (size <= 1e-12) break;
    if (size < 1) problem.evaluate(next, nextGradient, hessian);
    const before = norm(gradient);
    beta = next;
    loss = nextLoss;
    [gradient, nextGradient] = [nextGradient, gradient];
    if (norm(beta) > SEPARABLE && problem.l2 === 0) {
      note = 'the classes can be separated: the coefficients grow for ever and were stopped';
      break;
    }
    // At machine precision the gradient no longer falls.
    if (norm(gradient) >= before && norm(gradient) < 1e-9) break;
  }
  const gradientNorm = norm(gradient);
  if (note === null && problem.l2 === 0 && loss < PERFECT)
    note = 'the classes can be separated: the coefficients would grow for ever';
  if (note === null && gradientNorm > 1e-6)
    note = `it did not converge: gradient norm ${gradientNorm.toExponential(1)}`;
  return problem.fit(beta, iterations, gradientNorm, note);
}

const step = (beta: Float64Array, direction: Float64Array, size: number): Float64Array =>
  beta.map((b, j) => b - size * direction[j]);

/** Solves H x = g; by the pseudo-inverse where H is singular (constant or collinear features). */
function solveSymmetric(hessian: Float64Array, gradient: Float64Array, p: number): Float64Array {
  const matrix = Matrix.from1DArray(p, p, [...hessian]);
  const right = Matrix.columnVector([...gradient]);
  const factor = new CholeskyDecomposition(matrix);
  const diagonal = factor.lowerTriangularMatrix.diagonal();
  const largest = Math.max(...diagonal);
  const definite = factor.isPositiveDefinite() && diagonal.every((v) => v > 1e-9 * largest);
  const solution = definite ? factor.solve(right) : pseudoInverse(matrix, 1e-12).mmul(right);
  return Float64Array.from(solution.to1DArray());
}

function descend(problem: Problem, { lossTolerance, maxIterations = 100_000, stepSize }: LogisticOptions): Fit {
  let gradient = new Float64Array(problem.p);
  let nextGradient = new Float64Array(problem.p);
  const full = stepSize === 'auto' ? 1 / (problem.smoothness() + problem.l2) : stepSize;
  let beta: Float64Array = new Float64Array(problem.p);
  let loss = problem.evaluate(beta, gradient, null);
  let size = full;
  let gap = Number.POSITIVE_INFINITY;
  let iterations = 0;
  while (gap > lossTolerance && iterations < maxIterations && size > 1e-300) {
    const next = step(beta, gradient, size);
    const nextLoss = problem.evaluate(next, nextGradient, null);
    if (nextLoss > loss) {
      size /= 10;
      continue;
    }
    size = full;
    beta = next;
    gap = loss - nextLoss;
    loss = nextLoss;
    [gradient, nextGradient] = [nextGradient, gradient];
    iterations++;
  }
  const note = gap > lossTolerance ? `gradient descent did not stop within ${maxIterations} steps` : null;
  return problem.fit(beta, iterations, norm(gradient), note);
}

function oneStep(problem: Problem, beta: Float64Array, stepSize: number | 'auto'): Fit {
  const gradient = new Float64Array(problem.p);
  problem.evaluate(beta, gradient, null);
  const size = stepSize === 'auto' ? 2 / (problem.smoothness() + 2 * problem.l2) : stepSize;
  return problem.fit(step(beta, gradient, size), 1, norm(gradient), null);
}
