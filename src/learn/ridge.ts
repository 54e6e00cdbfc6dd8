/**
 * Ridge regression: least squares with a penalty on the squared size of the coefficients.
 *
 * theta = argmin (1 / W) sum w (y - b - x theta)^2 + strength |theta|^2, W the total weight: the same as
 * (1 / 2W) sum w (y - b - x theta)^2 + (strength / 2) |theta|^2, and as `linear` with `l2: strength`. The intercept is not
 * penalised. scikit-learn's `Ridge(alpha)` sums over the rows: alpha = W strength.
 *
 * On a binary target it is a linear probability model: predictions may leave [0, 1].
 *
 * A strength to be chosen is looked for among 100 from 1,000 to 0.00001 times the columns' mean variance. Collinear
 * features share their weight; with strength 0 the solution of least norm is taken, and noted. Standardised, columns are
 * divided by their standard deviation (without an intercept, by their root mean square). The spread `sd` divides by
 * W - d - 1, as that of `linear`. LearnerError: no labelled rows; numbers that are not finite.
 *
 * Source: Hoerl and Kennard (1970), "Ridge regression", Technometrics 12(1).
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Gram } from './gram.js';
import type { Learner } from './learner.js';
import { solve } from './linear.js';
import { type PenalisedOptions, type Penalty, penalised } from './penalised.js';
import { logPath } from './strength.js';

export type RidgeOptions = PenalisedOptions;

export const ridge = (options: RidgeOptions): Learner => penalised(options, SQUARES);

const SQUARES: Penalty = {
  strengths({ d, matrix }) {
    let trace = 0;
    for (let j = 0; j < d; j++) trace += matrix[j * d + j];
    return logPath(trace > 0 ? (1e3 * trace) / d : 1, 1e-8, 100);
  },
  along: ridgePath,
  at(sums, strength) {
    const { note, theta } = solve(sums, strength);
    return { theta, iterations: 1, violation: 0, freedom: sums.d, note };
  },
  objective: (square, theta, strength) => square + strength * theta.reduce((sum, v) => sum + v * v, 0),
  parts: (l2) => ({ l1: 0, l2 }),
};

/** With G = V diag(e) V', theta = V diag(1 / (e + strength)) V' c: one decomposition for the whole path. */
export function ridgePath({ d, matrix, vector }: Gram, strengths: Float64Array): Float64Array[] {
  // The decomposition squares what it is given, which must not overflow.
  const unit = matrix.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;
  const { eigenvectorMatrix: v, realEigenvalues: e } = new EigenvalueDecomposition(
    Matrix.from1DArray(
      d,
      d,
      Array.from(matrix, (g) => g / unit),
    ),
    { assumeSymmetric: true },
  );
  const turned = v
    .transpose()
    .mmul(Matrix.columnVector([...vector]))
    .to1DArray();
  return Array.from(strengths, (strength) =>
    Float64Array.from(
      v.mmul(Matrix.columnVector(turned.map((c, k) => c / (unit * Math.max(0, e[k]) + strength)))).to1DArray(),
    ),
  );
}
