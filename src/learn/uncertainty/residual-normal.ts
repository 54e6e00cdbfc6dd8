/**
 * Residual normal: the same normal spread of the residuals around every prediction.
 *
 * [f(x) - z s, f(x) + z s], z the (1 + level) / 2 quantile of the standard normal, s the spread of the training residuals.
 *
 * Guarantee: none. It covers a share `level` where the model is right, its errors are normal and equally large everywhere,
 * and the world is that of the training rows. What the model does not know of itself (few rows, or none near x) is left out.
 * Source: the textbook plug-in interval, such as Hastie, Tibshirani and Friedman (2009), The Elements of Statistical
 * Learning, section 3.2.
 */
import { normalQuantile } from '../../core/normal.js';
import type { Predictor } from '../learner.js';
import { around, type Spread, type Uncertainty } from './uncertainty.js';

export const residualNormal = (): Uncertainty => ({
  calibrate: 0,
  own: false,
  unbounded: false,
  fit: ({ predictor }) => normalSpread(predictor),
});

export function normalSpread({ sd }: Predictor): Spread {
  return {
    bounds(points, level, out) {
      const half = normalQuantile(0.5 + level / 2) * sd;
      around(points, () => half, out);
      out.sd?.fill(sd, 0, points.n);
    },
  };
}
