/** An interval in words, with as many digits as it leaves. */
import { withMinus } from './figures.js';
import type { Interval } from './statistics.js';
import { inWords } from './words.js';

/** `0.687 ± 0.004`; the mean alone where there is no interval, or one without a width; a dash where there is nothing. */
export function plusMinus(interval: Interval | undefined): string {
  if (interval === undefined) return '-';
  const { high, mean } = interval;
  if (high === null || high === mean) return inWords(mean);
  const half = high - mean;
  const decimals = Math.max(0, Math.min(10, 1 - Math.floor(Math.log10(half))));
  const text = (x: number) =>
    withMinus(x.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  return `${text(mean)} ± ${text(half)}`;
}
