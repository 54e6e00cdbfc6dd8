/**
 * Metrics of numeric predictions. Rows with a missing truth or prediction, or a weight of 0, do not count; every mean is
 * weighted. Null: there is nothing to measure.
 *
 * Source: Hyndman and Koehler (2006), "Another look at measures of forecast accuracy", International Journal of Forecasting
 * 22(4); r2: Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning, section 3.2.
 */

export interface RegressionMetrics {
  /** Square root of the mean squared error, in the target's units. */
  readonly rmse: number | null;
  /** Mean absolute error, in the target's units. */
  readonly mae: number | null;
  /** 1 - squared error / squared deviation from the mean; null where the truth does not vary. */
  readonly r2: number | null;
  /** Mean of prediction - truth. */
  readonly bias: number | null;
  /** Mean of what is predicted too much, max(0, prediction - truth). */
  readonly over: number | null;
  /** Mean of what is predicted too little, max(0, truth - prediction): mae = over + under. */
  readonly under: number | null;
  /** Total weight of the rows that count. */
  readonly n: number;
}

/** One pass over the columns; `weights` null: all ones. */
export function regressionMetrics(
  truth: Float64Array,
  prediction: Float64Array,
  weights: Float64Array | null,
  n: number,
): RegressionMetrics {
  let total = 0;
  let errors = 0;
  let squares = 0;
  let absolute = 0;
  let deviation = 0;
  let deviations = 0;
  // Truth is shifted by its first value, so that a large mean costs no digits.
  let shift = Number.NaN;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i];
    const error = prediction[i] - truth[i];
    if (w === 0 || Number.isNaN(error)) continue;
    if (Number.isNaN(shift)) shift = truth[i];
    const d = truth[i] - shift;
    total += w;
    errors += w * error;
    squares += w * error * error;
    absolute += w * Math.abs(error);
    deviation += w * d;
    deviations += w * d * d;
  }
  if (!(total > 0)) return { rmse: null, mae: null, r2: null, bias: null, over: null, under: null, n: 0 };
  const variation = deviations - (deviation * deviation) / total;
  return {
    rmse: Math.sqrt(squares / total),
    mae: absolute / total,
    r2: variation > 1e-12 * deviations ? 1 - squares / variation : null,
    bias: errors / total,
    over: (absolute + errors) / 2 / total,
    under: (absolute - errors) / 2 / total,
    n: total,
  };
}

/** Pinball loss of a prediction of the `level`-quantile: mean of (level - 1[y < q]) (y - q). Koenker and Bassett 1978. */
export function pinball(
  truth: Float64Array,
  prediction: Float64Array,
  weights: Float64Array | null,
  n: number,
  level: number,
): number | null {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i];
    const error = truth[i] - prediction[i];
    if (w === 0 || Number.isNaN(error)) continue;
    total += w;
    sum += w * (error >= 0 ? level * error : (level - 1) * error);
  }
  return total > 0 ? sum / total : null;
}
