import { expect, it } from 'vitest';
import { quantileOf } from '../../src/core/quantile.js';

it('quantiles by definition 7 of Hyndman and Fan', () => {
  expect([0, 0.125, 0.25, 0.5, 0.875, 1].map((p) => quantileOf([1, 2, 3, 4, 10], p))).toEqual([1, 1.5, 2, 3, 7, 10]);
  expect(quantileOf([5], 0.9)).toBe(5);
  expect(quantileOf([], 0.5)).toBeNaN();
});
