/** Numbers on and about the world, as a reader says them. */
import { withMinus } from '../src/study/figures.js';

const WORDS = [
  [1e12, 'trillion'],
  [1e9, 'billion'],
  [1e6, 'million'],
] as const;

/** Three digits that count: `0.687`, `12.4`, `464 million`. */
export function figure(value: number): string {
  if (Number.isNaN(value)) return 'missing';
  const size = Math.abs(value);
  const isSmall = size > 0 && size < 1e-3;
  const rounded = Number(value.toPrecision(3));
  const plain = size >= 10_000 ? rounded.toLocaleString('en') : String(rounded);
  const text = inWords(value, 3) ?? (isSmall ? value.toExponential(1) : plain);
  return withMinus(text);
}

/** How the numbers of an axis are written whose largest is so large: `2020`, `20,000`, `200 million`. */
export function axisFormat(largest: number): (value: number) => string {
  return (value) => {
    const rounded = Number(value.toPrecision(6));
    const plain = largest >= 10_000 ? rounded.toLocaleString('en') : String(rounded);
    return withMinus(inWords(rounded, 6) ?? plain);
  };
}

/** From a million on; null for what is smaller, and for what has no such word. */
function inWords(value: number, digits: number): string | null {
  const size = Math.abs(value);
  const [unit, word] = WORDS.find(([least]) => size >= least) ?? [];
  if (unit === undefined || size >= 1e15) return size >= 1e15 ? value.toExponential(1) : null;
  return `${Number((value / unit).toPrecision(digits))} ${word}`;
}
