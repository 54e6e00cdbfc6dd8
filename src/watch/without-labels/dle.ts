/**
 * DLE: the performance of a regression before any label has come, from a second model that learnt its losses.
 *
 *   h(x, prediction) is learnt from the losses of labelled reference rows (any regression will do)
 *   estimate = mean of max(0, h) over the rows that were served; RMSE and RMSLE: its square root
 *   band = estimate -+ 3 sampling errors: sd(loss) / sqrt(n); of a root, sqrt(sd(loss)^2 / (4 n mean(loss)))
 *
 * Like CBPE it assumes that P(y | x) is as it was in the reference.
 *
 * Source: NannyML, "Direct loss estimation".
 *
 * @example
 * const error = samplingError(lossSpread('mae', truth, prediction, n), 50);
 */
export type DleMetric = 'mae' | 'mape' | 'mse' | 'msle' | 'rmse' | 'rmsle';

/** The loss that a metric is a mean of (RMSE and RMSLE: the root of one). */
export function loss(metric: DleMetric, truth: number, prediction: number): number {
  const error = truth - prediction;
  switch (metric) {
    case 'mae':
      return Math.abs(error);
    case 'mape':
      return Math.abs(error) / Math.max(Math.abs(truth), Number.EPSILON);
    case 'mse':
    case 'rmse':
      return error * error;
    case 'msle':
    case 'rmsle':
      return (Math.log1p(truth) - Math.log1p(prediction)) ** 2;
  }
}

const isRoot = (metric: DleMetric): boolean => metric === 'rmse' || metric === 'rmsle';

/** How losses vary from row to row. */
export interface LossSpread {
  readonly metric: DleMetric;
  /** Divisor n. */
  readonly sd: number;
  readonly mean: number;
}

/** Rows with a missing value do not count. */
export function lossSpread(metric: DleMetric, truth: Float64Array, prediction: Float64Array, n: number): LossSpread {
  let rows = 0;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const value = loss(metric, truth[i], prediction[i]);
    if (Number.isNaN(value)) continue;
    rows++;
    const before = value - mean;
    mean += before / rows;
    squares += before * (value - mean);
  }
  return { metric, sd: Math.sqrt(squares / rows), mean };
}

/** Standard error of the metric over n rows. */
export const samplingError = ({ mean, metric, sd }: LossSpread, n: number): number =>
  isRoot(metric) ? Math.sqrt((sd * sd) / (4 * n * mean)) : sd / Math.sqrt(n);

export interface Estimate {
  readonly value: number;
  readonly error: number;
  readonly lower: number;
  readonly upper: number;
}

/** `expected`: what the second model says of each row's loss. NaN without rows. */
export function dle(spread: LossSpread, expected: Float64Array, n: number): Estimate {
  let rows = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(expected[i])) continue;
    rows++;
    sum += Math.max(0, expected[i]);
  }
  const value = isRoot(spread.metric) ? Math.sqrt(sum / rows) : sum / rows;
  const error = samplingError(spread, rows);
  return { value, error, lower: Math.max(0, value - 3 * error), upper: value + 3 * error };
}
