/**
 * Coordinate descent for the elastic net over a Gram matrix.
 *
 * Minimises theta' G theta / 2 - c' theta + l1 |theta|_1 + (l2 / 2) |theta|^2. One coordinate at a time has the closed
 * form theta_j = S(c_j - sum_{k != j} G_jk theta_k, l1) / (G_jj + l2), S the soft threshold. Where the signs have
 * settled, the answer among the coefficients that are not 0 is a linear system: it is solved, and the way to it is
 * gone up to the first coefficient that becomes 0, so that correlated features cost no thousands of sweeps.
 *
 * Optimal (Karush, Kuhn, Tucker): |c - G theta - l2 theta|_j <= l1, with equality and the sign of theta_j where that is
 * not 0. It stops when these hold to 1e-11 of the most that the gradient could be, |x_j| |y|.
 *
 * Source: Friedman, Hastie, Tibshirani (2010), "Regularization paths for generalized linear models via coordinate
 * descent", Journal of Statistical Software 33(1), section 2.2 (covariance updates).
 */
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Gram } from './gram.js';
import { softThreshold } from './linear.js';

export interface Descent {
  readonly theta: Float64Array;
  readonly sweeps: number;
  /** The largest violation of the optimality conditions, in units of the gradient. */
  readonly violation: number;
  readonly converged: boolean;
}

const TOLERANCE = 1e-11;
/** Rounds at most: each a sweep over all, some over the coefficients that are not 0, and a jump. */
const ROUNDS = 2000;
/** Sweeps over the coefficients that are not 0, between two over all. */
const INNER = 10;

export function coordinateDescent(sums: Gram, l1: number, l2: number, start: Float64Array, rounds = ROUNDS): Descent {
  const { d, matrix, square, vector } = sums;
  const theta = start.slice();
  const gradient = gradientAt(sums, theta);
  // The squares of tiny targets are 0: then what the gradient is at 0 gives the measure.
  const most = Float64Array.from({ length: d }, (_, j) => Math.sqrt(matrix[j * d + j]) * Math.sqrt(square));
  const bound = most.map((v, j) => TOLERANCE * Math.max(v, Math.abs(vector[j])));
  const update = (j: number): void => {
    const curvature = matrix[j * d + j];
    if (curvature === 0) return;
    const next = softThreshold(gradient[j] + curvature * theta[j], l1) / (curvature + l2);
    const move = next - theta[j];
    if (move === 0) return;
    theta[j] = next;
    for (let k = 0; k < d; k++) gradient[k] -= move * matrix[j * d + k];
  };
  let sweeps = 0;
  for (let round = 0; round < rounds; round++) {
    for (let j = 0; j < d; j++) update(j);
    sweeps++;
    if (meets(theta, gradient, l1, l2, bound)) {
      // What rounding has left in the running gradient is taken out before it is believed.
      gradient.set(gradientAt(sums, theta));
      if (meets(theta, gradient, l1, l2, bound)) break;
    }
    for (let inner = 0; inner < INNER; inner++) {
      for (let j = 0; j < d; j++) if (theta[j] !== 0) update(j);
      sweeps++;
    }
    if (jump(sums, theta, gradient, l1, l2)) gradient.set(gradientAt(sums, theta));
  }
  gradient.set(gradientAt(sums, theta));
  const violation = theta.reduce((most, b, j) => Math.max(most, violationOf(b, gradient[j], l1, l2)), 0);
  return { theta, sweeps, violation, converged: meets(theta, gradient, l1, l2, bound) };
}

/** c - G theta. */
function gradientAt({ d, matrix, vector }: Gram, theta: Float64Array): Float64Array {
  const gradient = vector.slice();
  for (let j = 0; j < d; j++) {
    const b = theta[j];
    if (b !== 0) for (let k = 0; k < d; k++) gradient[k] -= b * matrix[j * d + k];
  }
  return gradient;
}

const violationOf = (b: number, gradient: number, l1: number, l2: number): number =>
  b === 0 ? Math.max(0, Math.abs(gradient) - l1) : Math.abs(gradient - l2 * b - l1 * Math.sign(b));

const meets = (theta: Float64Array, gradient: Float64Array, l1: number, l2: number, bound: Float64Array): boolean =>
  theta.every((b, j) => violationOf(b, gradient[j], l1, l2) <= bound[j]);

/** Goes to the answer among the coefficients that are not 0, up to the first that becomes 0. False: there is no way. */
function jump(sums: Gram, theta: Float64Array, gradient: Float64Array, l1: number, l2: number): boolean {
  const active = [...theta.keys()].filter((j) => theta[j] !== 0);
  if (active.length === 0) return false;
  const downhill = active.map((j) => gradient[j] - l2 * theta[j] - l1 * Math.sign(theta[j]));
  const move = directionOf(sums, active, downhill, l2);
  let way = lowest(sums, active, downhill, move, l2);
  let first = -1;
  active.forEach((j, a) => {
    const share = -theta[j] / move[a];
    if (l1 > 0 && share > 0 && share < way) {
      way = share;
      first = j;
    }
  });
  if (!(way > 0) || !Number.isFinite(way) || !move.every(Number.isFinite)) return false;
  active.forEach((j, a) => {
    theta[j] += way * move[a];
  });
  if (first >= 0) theta[first] = 0;
  return true;
}

/** How far along `move` the objective falls, were there no change of sign. */
function lowest(
  { d, matrix }: Gram,
  active: readonly number[],
  downhill: readonly number[],
  move: readonly number[],
  l2: number,
): number {
  let fall = 0;
  let curvature = 0;
  active.forEach((j, a) => {
    fall += downhill[a] * move[a];
    active.forEach((k, b) => {
      curvature += move[a] * move[b] * (matrix[j * d + k] + (j === k ? l2 : 0));
    });
  });
  return curvature > 0 ? fall / curvature : Number.POSITIVE_INFINITY;
}

/** Eigenvalues below this share of the largest are 0, but for rounding. */
const FLAT = 1e-12;

/**
 * The Newton step (G + l2 I)^-1 downhill of the active coefficients. Where columns are collinear there are directions in
 * which the predictions do not change: if the penalty falls along one, that one.
 */
function directionOf(
  { d, matrix }: Gram,
  active: readonly number[],
  downhill: readonly number[],
  l2: number,
): readonly number[] {
  const n = active.length;
  const scale = active.map((j) => Math.sqrt(matrix[j * d + j] + l2));
  const system = new Matrix(n, n);
  active.forEach((j, a) => {
    active.forEach((k, b) => {
      system.set(a, b, (matrix[j * d + k] + (j === k ? l2 : 0)) / (scale[a] * scale[b]));
    });
  });
  const right = downhill.map((v, a) => v / scale[a]);
  const unscaled = (v: readonly number[]) => v.map((x, a) => x / scale[a]);
  const factor = new CholeskyDecomposition(system);
  if (factor.isPositiveDefinite() && factor.lowerTriangularMatrix.diagonal().every((v) => v > 1e-5))
    return unscaled(factor.solve(Matrix.columnVector(right)).to1DArray());
  const { eigenvectorMatrix: vectors, realEigenvalues: values } = new EigenvalueDecomposition(system, {
    assumeSymmetric: true,
  });
  const least = FLAT * Math.max(...values);
  const along = Array.from({ length: n }, (_, k) => right.reduce((sum, v, a) => sum + v * vectors.get(a, k), 0));
  const combined = (share: (k: number) => number) =>
    right.map((_, a) => along.reduce((sum, v, k) => sum + share(k) * v * vectors.get(a, k), 0));
  const flat = combined((k) => (values[k] > least ? 0 : 1));
  const isFlat = Math.hypot(...flat) > 1e-8 * Math.hypot(...right);
  return unscaled(isFlat ? flat : combined((k) => (values[k] > least ? 1 / values[k] : 0)));
}
