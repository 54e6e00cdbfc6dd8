/**
 * Thresholds of a metric from its values over reference periods.
 *
 *   lower = mean - lowerMultiplier sd,   upper = mean + upperMultiplier sd   (divisor n; missing values do not count)
 *
 * A bound at or beyond the limit of its metric becomes the limit, or none. With ten periods the sd is itself uncertain: three of
 * them let 2.4 % of the periods out where nothing changed, not 0.27 %. An alert is any value outside, better ones included.
 *
 * Source: as in NannyML.
 *
 * @example standardDeviationThreshold([0.8, 0.82, 0.79], { limits: [0, 1] })
 */
export interface ThresholdOptions {
  /** In standard deviations; null: no lower threshold. */
  readonly lowerMultiplier?: number | null;
  readonly upperMultiplier?: number | null;
  /** Smallest and largest value of the metric; null: none. */
  readonly limits?: readonly [number | null, number | null];
  /** A bound at its limit is none. */
  readonly dropAtLimit?: boolean;
}

export interface Threshold {
  readonly lower: number | null;
  readonly upper: number | null;
}

export function standardDeviationThreshold(
  values: readonly number[],
  {
    dropAtLimit = false,
    limits: [least, most] = [null, null],
    lowerMultiplier = 3,
    upperMultiplier = 3,
  }: ThresholdOptions = {},
): Threshold {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const sd = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  let lower = lowerMultiplier === null || known.length === 0 ? null : mean - lowerMultiplier * sd;
  let upper = upperMultiplier === null || known.length === 0 ? null : mean + upperMultiplier * sd;
  if (lower !== null && least !== null && lower <= least) lower = dropAtLimit ? null : least;
  if (upper !== null && most !== null && upper >= most) upper = dropAtLimit ? null : most;
  return { lower, upper };
}

/** Whether a value lies outside. */
export const outside = (value: number, { lower, upper }: Threshold): boolean =>
  (lower !== null && value < lower) || (upper !== null && value > upper);
