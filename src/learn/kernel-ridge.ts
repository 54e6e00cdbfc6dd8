/**
 * Kernel ridge regression with a Gaussian kernel: a smooth curve through the rows.
 *
 * f(x) = m + sum_i alpha_i k(x, x_i), k(x, z) = exp(-|x - z|^2 / (2 width^2)), m the mean target, minimises
 * (1 / n) sum (y - f(x))^2 + strength |f|^2: (K + n strength I) alpha = y - m. scikit-learn's `KernelRidge(alpha)` sums
 * over the rows: alpha = n strength, gamma = 1 / (2 width^2). Far from all rows it predicts m.
 *
 * Features are divided by their standard deviation, so `width` is in these; a constant feature does not count. Solved by
 * ml-regression's class, in n^3: of more rows than `rows`, so many are drawn, from the training's own stream, and noted.
 * Takes no weights. `sd` is the root mean square of the residuals. LearnerError: no labelled rows; numbers that are not
 * finite; a system that cannot be solved.
 *
 * Source: Saunders, Gammerman, Vovk (1998), "Ridge regression learning algorithm in dual variables", ICML.
 */
import { KernelRidgeRegression } from 'ml-regression';
import { exp } from '../core/exp.js';
import { drawn } from './folds.js';
import { type Learner, LearnerError, NO_KEY, type Predictor } from './learner.js';
import { meanOf, type Rows, rowsOf, spreadOf } from './rows.js';

export interface KernelRidgeOptions {
  readonly strength: number;
  readonly width: number;
  /** At most so many rows are learnt from. */
  readonly rows: number;
}

export interface KernelFit {
  readonly mean: number;
  readonly width: number;
  /** What features are multiplied by. */
  readonly scale: readonly number[];
  /** The rows, scaled, one after another. */
  readonly points: Float64Array;
  readonly alpha: Float64Array;
}

export function kernelRidge({ rows: most, strength, width }: KernelRidgeOptions): Learner {
  return {
    given() {
      throw new LearnerError('kernel ridge cannot start from given coefficients');
    },
    fit(batches, _previous, key = NO_KEY) {
      const all = rowsOf(batches);
      const { n } = all;
      const rows = n > most ? rowsOf([drawn(batches, most, key)]) : all;
      const scale = rows.features.map((column) => 1 / spreadOf(column, rows.weights)).map((s) => (s < 1e12 ? s : 0));
      const fit = solved(rows, scale, width, strength);
      const fitted = new Float64Array(rows.n);
      predictAll(fit, rows.features, fitted, rows.n);
      const square = fitted.reduce((sum, v, i) => sum + (rows.target[i] - v) ** 2, 0) / rows.n;
      if (!Number.isFinite(square)) throw new LearnerError('kernel ridge found no finite curve through these rows');
      return {
        predictor: kernelPredictor(fit, Math.sqrt(square)),
        objective: square + strength * fitted.reduce((sum, v, i) => sum + fit.alpha[i] * (v - fit.mean), 0),
        iterations: 1,
        gradientNorm: 0,
        note: rows.n < n ? `learnt from ${rows.n} of ${n} rows` : null,
      };
    },
  };
}

function solved(rows: Rows, scale: readonly number[], width: number, strength: number): KernelFit {
  const { features, n, target, weights } = rows;
  const mean = meanOf(target, weights);
  const inputs = Array.from({ length: n }, (_, i) => features.map((column, j) => column[i] * scale[j]));
  const outputs = Array.from(target, (y) => [y - mean]);
  const options = { lambda: n * strength, kernelType: 'gaussian', kernelOptions: { sigma: width } };
  try {
    const { alpha } = new KernelRidgeRegression(inputs, outputs, options);
    return {
      mean,
      width,
      scale,
      points: Float64Array.from(inputs.flat()),
      alpha: Float64Array.from(alpha.to1DArray()),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new LearnerError(`kernel ridge found no curve through these rows (${error.message})`);
  }
}

/** The sum over the rows, written out: the library makes a matrix of each prediction. */
function predictAll(
  { alpha, mean, points, scale, width }: KernelFit,
  features: readonly Float64Array[],
  out: Float64Array,
  n: number,
): void {
  const d = scale.length;
  const place = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) place[j] = features[j][i] * scale[j];
    let sum = mean;
    for (let k = 0, at = 0; k < alpha.length; k++) {
      let square = 0;
      for (let j = 0; j < d; j++, at++) square += (points[at] - place[j]) ** 2;
      sum += alpha[k] * exp(-square / (2 * width * width));
    }
    out[i] = sum;
  }
}

export function kernelPredictor(fit: KernelFit, sd: number): Predictor {
  return {
    intercept: null,
    coefficients: null,
    sd,
    predict: (features, out, n) => predictAll(fit, features, out, n),
    toJSON: () => ({ learner: 'kernel-ridge', ...fit, points: [...fit.points], alpha: [...fit.alpha], sd }),
  };
}
