/**
 * Triggers on a series of numbers, such as a metric or a distance: one number after the other, retrain or not.
 *
 * `direction`: 'lower' where low numbers are bad (accuracy), 'higher' where high ones are (a distance).
 *
 * Source: Boether et al. (2025), "Modyn: data-centric machine learning pipeline orchestration", SIGMOD.
 */
export type Direction = 'lower' | 'higher';

export interface SeriesTrigger {
  /** Takes the next number and says whether to retrain. */
  decide(value: number): boolean;
}

/** At or beyond a threshold. @example staticThreshold(0.87, 'lower').decide(0.9) // false */
export function staticThreshold(threshold: number, direction: Direction): SeriesTrigger {
  return { decide: (value) => (direction === 'lower' ? value <= threshold : value >= threshold) };
}

/**
 * Beyond the quantile of the last numbers, strictly: below their q-quantile ('lower') or above their (1 - q)-quantile, by linear
 * interpolation. The number joins them after the comparison. The first one always triggers.
 */
export function dynamicQuantile({
  direction,
  quantile = 0.05,
  window = 10,
}: {
  readonly direction: Direction;
  readonly quantile?: number;
  /** How many numbers are remembered. */
  readonly window?: number;
}): SeriesTrigger {
  const last: number[] = [];
  return {
    decide: (value) => {
      const limit = linearQuantile(last, direction === 'lower' ? quantile : 1 - quantile);
      const triggers = last.length === 0 || (direction === 'lower' ? value < limit : value > limit);
      remember(last, value, window);
      return triggers;
    },
  };
}

/** By a deviation or more off the mean of the last numbers, absolute or as a share of it. The first one always triggers. */
export function rollingAverage({
  absolute = false,
  deviation = 0.05,
  direction,
  window = 10,
}: {
  readonly direction: Direction;
  readonly deviation?: number;
  readonly absolute?: boolean;
  readonly window?: number;
}): SeriesTrigger {
  const last: number[] = [];
  return {
    decide: (value) => {
      const mean = last.reduce((sum, one) => sum + one, 0) / last.length;
      const off = (direction === 'lower' ? mean - value : value - mean) / (absolute ? 1 : mean);
      const triggers = last.length === 0 || off >= deviation;
      remember(last, value, window);
      return triggers;
    },
  };
}

function remember(last: number[], value: number, window: number): void {
  last.push(value);
  if (last.length > window) last.shift();
}

function linearQuantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = p * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}
