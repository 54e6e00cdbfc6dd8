/**
 * The elastic net: least squares with a penalty between the lasso's and ridge's.
 *
 * (b, theta) = argmin (1 / 2W) sum w (y - b - x theta)^2 + strength (ratio |theta|_1 + (1 - ratio) / 2 |theta|^2), W the
 * total weight: scikit-learn's `ElasticNet(alpha: strength, l1_ratio: ratio)`. The intercept is not penalised. Ratio 1 is
 * the lasso; ratio 0 is ridge with the same strength. Of correlated features, it keeps or drops all together.
 *
 * By coordinate descent over the Gram matrix. A strength to be chosen is looked for among 100, from the smallest that
 * makes every coefficient 0, max |x'y| / (W max(ratio, 0.001)), down to a thousandth of it, each from the answer before.
 *
 * On a binary target it is a linear probability model. A constant feature gets 0. Where features are collinear and the
 * ratio is 1, several answers may predict the same: it is the one that descent from zero comes to; with strength 0 the one
 * of least norm, and noted. What has not met the optimality conditions after 2,000 rounds is noted. Standardised, columns
 * are divided by their standard deviation (without an intercept, by their root mean square). The spread `sd` divides by
 * W - 1 - the number of coefficients that are not 0. LearnerError: no labelled rows; numbers that are not finite, or too
 * large to be squared.
 *
 * Source: Zou and Hastie (2005), "Regularization and variable selection via the elastic net", JRSS B 67(2).
 */
import { coordinateDescent } from './coordinate-descent.js';
import type { Gram } from './gram.js';
import type { Learner } from './learner.js';
import { solve } from './linear.js';
import { type PenalisedOptions, type Penalty, penalised, type Solution } from './penalised.js';
import { ridgePath } from './ridge.js';
import { logPath } from './strength.js';

export interface ElasticNetOptions extends PenalisedOptions {
  /** 1 is the lasso, 0 is ridge. */
  readonly ratio: number;
}

/** Rounds at most for one strength of a path: a choice between strengths needs no more. */
const ON_PATH = 50;

export const elasticNet = (options: ElasticNetOptions): Learner => penalised(options, netPenalty(options.ratio));

export function netPenalty(ratio: number): Penalty {
  const parts = (strength: number) => ({ l1: strength * ratio, l2: strength * (1 - ratio) });
  return {
    strengths({ vector }) {
      const largest = vector.reduce((most, c) => Math.max(most, Math.abs(c)), 0) / Math.max(ratio, 1e-3);
      return logPath(largest > 0 ? largest : 1, 1e-3, 100);
    },
    along(sums, strengths) {
      if (ratio === 0) return ridgePath(sums, strengths);
      let theta: Float64Array = new Float64Array(sums.d);
      return Array.from(strengths, (strength) => {
        const { l1, l2 } = parts(strength);
        theta = coordinateDescent(sums, l1, l2, theta, ON_PATH).theta;
        return theta;
      });
    },
    at: (sums, strength) => solution(sums, parts(strength)),
    objective(square, theta, strength) {
      const { l1, l2 } = parts(strength);
      return theta.reduce((sum, v) => sum + l1 * Math.abs(v) + (l2 / 2) * v * v, square / 2);
    },
    parts,
  };
}

function solution(sums: Gram, { l1, l2 }: { l1: number; l2: number }): Solution {
  if (l1 === 0) {
    const { note, theta } = solve(sums, l2);
    return { theta, iterations: 1, violation: 0, freedom: sums.d, note };
  }
  const { converged, sweeps, theta, violation } = coordinateDescent(sums, l1, l2, new Float64Array(sums.d));
  const note = converged
    ? null
    : `it did not converge: the optimality conditions are off by ${violation.toExponential(1)}`;
  return { theta, iterations: sweeps, violation, freedom: theta.filter((v) => v !== 0).length, note };
}
