/**
 * Bayesian linear regression: the posterior predictive distribution under the conjugate normal-inverse-gamma prior.
 *
 * theta | sigma^2 ~ N(0, sigma^2 / (W l2) I), p(intercept, sigma^2) ~ 1 / sigma^2. With W rows (weights count as
 * frequencies), centred Gram matrix G and A = W (G + l2 I), the posterior mean is the ridge fit itself, and a new outcome is
 * Student t around it with nu degrees of freedom and squared scale
 *
 *   s^2 (1 + 1 / W + (x - m)' A^-1 (x - m)),   s^2 = (residual sum of squares + W l2 |theta|^2) / nu.
 *
 * nu = W - 1 with a penalty; without one (l2 = 0) the prior is flat, and nu = W - 1 - d. Without an intercept nothing is
 * centred, 1 / W is left out, and nu is larger by 1. `sd` is the predictive standard deviation, infinite for nu <= 2.
 *
 * Guarantee: with a flat prior this is the classical prediction interval: it covers a share `level`, exactly, over all
 * training samples and new rows, where the linear model holds with equal normal errors. It widens outside the data, and
 * knows nothing of a world that is not linear.
 * Source: Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., sections 14.2 and 14.8.
 */
import { inverse, Matrix, pseudoInverse } from 'ml-matrix';
import { studentQuantile } from '../../core/student.js';
import { type Gram, gram } from '../gram.js';
import { solve } from '../linear.js';
import { normalSpread } from './residual-normal.js';
import { around, type Points, type Spread, type Uncertainty } from './uncertainty.js';

export interface BayesianOptions {
  readonly intercept: boolean;
  readonly l2: number;
}

export const bayesianLinear = ({ intercept, l2 }: BayesianOptions): Uncertainty => ({
  calibrate: 0,
  own: true,
  unbounded: false,
  fit({ learnt, predictor }) {
    // A version that was given has seen no rows: all that is known is its spread.
    if (learnt.length === 0) return normalSpread(predictor);
    return posterior(gram(learnt, learnt[0].features.length, intercept), intercept, l2);
  },
});

function posterior(sums: Gram, intercept: boolean, l2: number): Spread {
  const { d, matrix, means, square, vector, weight } = sums;
  const { theta } = solve(sums, l2);
  let fitted = 0;
  for (let j = 0; j < d; j++) fitted += theta[j] * vector[j];
  // RSS / W + l2 |theta|^2 = y'y / W - theta'c at the ridge solution.
  const freedom = weight - (intercept ? 1 : 0) - (l2 > 0 ? 0 : d);
  const variance = freedom > 0 ? (Math.max(0, square - fitted) * weight) / freedom : Number.POSITIVE_INFINITY;
  const precision = precisionInverse(matrix, d, l2, weight);
  const base = 1 + (intercept ? 1 / weight : 0);
  const widen = freedom > 2 ? Math.sqrt(freedom / (freedom - 2)) : Number.POSITIVE_INFINITY;
  let quantile = { level: Number.NaN, value: 0 };
  return {
    bounds(points, level, out) {
      if (quantile.level !== level) quantile = { level, value: studentQuantile(0.5 + level / 2, freedom) };
      const scales = new Float64Array(points.n);
      for (let i = 0; i < points.n; i++)
        scales[i] = Math.sqrt(variance * (base + leverage(points, i, means, precision)));
      around(points, (i) => quantile.value * scales[i], out);
      if (out.sd !== null) for (let i = 0; i < points.n; i++) out.sd[i] = widen * scales[i];
    },
  };
}

/** A^-1 = (W (G + l2 I))^-1, row by row; of collinear columns the pseudo-inverse. */
function precisionInverse(matrix: Float64Array, d: number, l2: number, weight: number): Float64Array[] {
  if (d === 0) return [];
  const scale = Float64Array.from({ length: d }, (_, j) => Math.sqrt(matrix[j * d + j] + l2) || 1);
  const scaled = new Matrix(d, d);
  for (let j = 0; j < d; j++)
    for (let k = 0; k < d; k++) scaled.set(j, k, (matrix[j * d + k] + (j === k ? l2 : 0)) / (scale[j] * scale[k]));
  let inverted: Matrix;
  try {
    inverted = inverse(scaled);
    if (!inverted.to1DArray().every(Number.isFinite)) inverted = pseudoInverse(scaled, 1e-10);
  } catch {
    inverted = pseudoInverse(scaled, 1e-10);
  }
  return Array.from({ length: d }, (_, j) =>
    Float64Array.from({ length: d }, (_, k) => inverted.get(j, k) / (scale[j] * scale[k] * weight)),
  );
}

/** (x - m)' A^-1 (x - m) of row i. */
function leverage({ features }: Points, i: number, means: Float64Array, inverse: readonly Float64Array[]): number {
  let sum = 0;
  for (let j = 0; j < inverse.length; j++) {
    const v = features[j][i] - means[j];
    for (let k = 0; k < inverse.length; k++) sum += v * inverse[j][k] * (features[k][i] - means[k]);
  }
  return Math.max(0, sum);
}
