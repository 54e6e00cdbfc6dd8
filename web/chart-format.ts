/** Numbers as a reader wants them: as many digits as they need, a true minus, never `NaN` and never `Infinity`. */
import { format } from 'd3';

const NOTHING = '–';
const group = format(',.0f');
const short = format('~s');
const power = format('~e');
const powerShort = format('.2~e');

/** A value on its own, three significant digits: `0.687`, `12.4`, `5,230`, `1.68M`, `3.2e-7`. */
export function figure(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return NOTHING;
  const size = Math.abs(value);
  // Zeros at the end stay: figures that change do not dance.
  if (size === 0) return '0';
  if (size >= 1e15 || size < 1e-4) return powerShort(value);
  if (size >= 1e5) return format(`.${digits}~s`)(value).replace('G', 'B');
  if (size >= 1000) return group(value);
  if (size < 1) return format(`.${digits}f`)(value);
  return format(`.${digits}r`)(value);
}

/** A difference, with its sign. */
export function signed(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  const size = Math.abs(value);
  const text = size >= 0.0005 && size < 1 ? format('.3f')(size) : figure(size, 2);
  return value < 0 ? `−${text}` : value > 0 ? `+${text}` : text;
}

/** How the ticks of an axis are written, whose neighbours are `step` apart. */
export function tickFormat(step: number, largest: number): (value: number) => string {
  if (largest >= 1e15 || step < 1e-6) return (value) => (value === 0 ? '0' : power(round(value, step)));
  if (largest >= 1e4) return (value) => short(round(value, step)).replace('G', 'B');
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return format(`,.${decimals}f`);
}

/** Sums of steps carry a last digit that is not theirs. */
const round = (value: number, step: number): number => Number((Math.round(value / step) * step).toPrecision(12));
