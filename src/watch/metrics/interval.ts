/**
 * Metrics of prediction intervals, of nominal coverage 1 - alpha.
 *
 * Source: Winkler (1972), "A decision-theoretic approach to interval estimation", JASA 67(337); Gneiting and Raftery (2007),
 * "Strictly proper scoring rules, prediction, and estimation", JASA 102(477), section 6; pinball: Koenker and Bassett (1978),
 * "Regression quantiles", Econometrica 46(1).
 */
import { pinball } from './regression.js';

export interface IntervalMetrics {
  /** Share of truths inside their interval. */
  readonly coverage: number | null;
  /** Mean width, in the target's units. */
  readonly width: number | null;
  /** Mean Winkler score: width, plus 2 / alpha times the distance of a truth outside. Lower is better (Winkler 1972). */
  readonly winkler: number | null;
  /** Mean pinball loss of the two bounds, as predictions of the quantiles alpha / 2 and 1 - alpha / 2. Lower is better. */
  readonly pinball: number | null;
  /** Share of intervals that are the whole line. */
  readonly unbounded: number | null;
  readonly n: number;
}

/**
 * Bounds may be infinite. An empty interval (its lower bound above its upper) has no width and covers nothing; where one is
 * the whole line, the mean width is infinite.
 *
 * `level` is the interval's nominal coverage: alpha = 1 - level.
 */
export function intervalMetrics(
  truth: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  weights: Float64Array | null,
  n: number,
  level: number,
): IntervalMetrics {
  const penalty = 2 / (1 - level);
  let total = 0;
  let covered = 0;
  let widths = 0;
  let scores = 0;
  let whole = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i];
    const y = truth[i];
    const width = Math.max(0, upper[i] - lower[i]);
    if (w === 0 || Number.isNaN(y + width)) continue;
    if (width === Number.POSITIVE_INFINITY) whole += w;
    const outside = y < lower[i] ? lower[i] - y : y > upper[i] ? y - upper[i] : 0;
    total += w;
    if (outside === 0) covered += w;
    widths += w * width;
    scores += w * (width + penalty * outside);
  }
  if (!(total > 0)) return { coverage: null, width: null, winkler: null, pinball: null, unbounded: null, n: 0 };
  const alpha = 1 - level;
  const low = pinball(truth, lower, weights, n, alpha / 2);
  const high = pinball(truth, upper, weights, n, 1 - alpha / 2);
  return {
    coverage: covered / total,
    width: widths / total,
    winkler: scores / total,
    pinball: low === null || high === null ? null : (low + high) / 2,
    unbounded: whole / total,
    n: total,
  };
}
