/** Numbers as a reader wants them: as many digits as they need, a true minus, never `NaN` and never `Infinity`. */
import { format } from 'd3';
import { extreme, HUGE, isNothing, powerOfTen, SMALL } from '../src/study/figures.js';

const NONE = '–';
const group = format(',.0f');
const short = format('~s');

/**
 * A value on its own, three significant digits: `0.687`, `12.4`, `5,230`, `1.68M`, `3.2 × 10⁻⁷`. Beside numbers as large as
 * `beside`, nearly nothing is 0.
 */
export function figure(value: number, digits = 3, beside = 0): string {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  // Zeros at the end stay: figures that change do not dance.
  if (isNothing(value, beside)) return '0';
  if (size >= HUGE || size < SMALL) return extreme(value, digits);
  if (size >= 1e5) return format(`.${digits}~s`)(value).replace('G', 'B');
  if (size >= 1000) return group(value);
  if (size < 1) return format(`.${digits}f`)(value);
  return format(`.${digits}r`)(value);
}

/** A difference, with its sign. */
export function signed(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const text = size >= 0.0005 && size < 1 ? format('.3f')(size) : figure(size, 2);
  return value < 0 ? `−${text}` : value > 0 ? `+${text}` : text;
}

/** How the ticks of an axis are written, whose neighbours are `step` apart. */
export function tickFormat(step: number, largest: number): (value: number) => string {
  if (largest >= HUGE || step < 1e-6)
    return (value) => (Math.abs(value) < step / 2 ? '0' : powerOfTen(round(value, step), digitsOf(largest, step)));
  if (largest >= 1e4) return (value) => short(round(value, step)).replace('G', 'B');
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return format(`,.${decimals}f`);
}

/** As many as tell neighbours apart. */
const digitsOf = (largest: number, step: number): number =>
  Math.min(12, Math.max(1, 1 + Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step) + 1e-9)));

/** Sums of steps carry a last digit that is not theirs. */
const round = (value: number, step: number): number => Number((Math.round(value / step) * step).toPrecision(12));
