import { expect, it } from 'vitest';
import { plusMinus } from '../../src/study/interval-words.js';

it.each([
  [{ mean: 0.68734, low: 0.67, high: 0.68734 + 0.0042, n: 20 }, '0.6873 ± 0.0042'],
  [{ mean: -12.34, low: -15, high: -9.6, n: 3 }, '−12.3 ± 2.7'],
  [{ mean: 12_345.6, low: 12_000, high: 12_691.2, n: 9 }, '12,346 ± 346'],
  [{ mean: 0.5, low: null, high: null, n: 1 }, '0.5'],
  [{ mean: 0.5, low: 0.5, high: 0.5, n: 9 }, '0.5'],
  [undefined, '-'],
])('%j is %s', (interval, text) => {
  expect(plusMinus(interval)).toBe(text);
});
