/** How numbers are written for people, in sentences and on charts: a true minus, no `e-7`, and nothing for nearly nothing. */

/** Below this, digits after the point say too little: `0.0006`, `0.000015`, `2.5 × 10⁻¹³`. */
export const SMALL = 1e-3;
/** Above this, a row of digits is counted rather than read. */
export const HUGE = 1e15;
/** Below this, zeros after the point are counted rather than read. */
const TINY = 1e-6;
/** Of what it is beside: less is nothing, and less than a chart could show. */
const NOTHING = 1e-3;

/** The hyphen before a number; one alone stands for no number. */
export const withMinus = (text: string): string => text.replace(/-(?=\d)/, '−');

/** Whether a small number is 0 beside what it is shown with; by itself, no number but 0 is. */
export const isNothing = (value: number, beside: number): boolean =>
  value === 0 || (Math.abs(value) < SMALL && Math.abs(value) < NOTHING * beside);

/** A number whose size is below `SMALL` or above `HUGE`. */
export function extreme(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size < TINY || size >= HUGE) return powerOfTen(value, digits);
  return withMinus(value.toFixed(digits - 1 - Math.floor(Math.log10(size))).replace(/0+$/, ''));
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `2.5 × 10⁻¹³`, on one line. */
export function powerOfTen(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  const raised = exponent
    .replace('+', '')
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => RAISED[Number(digit)]);
  return withMinus(`${Number(mantissa)}\u00a0×\u00a010${raised}`);
}
