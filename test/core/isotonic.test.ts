import { expect, it } from 'vitest';
import { fitIsotonic, predictIsotonic } from '../../src/core/isotonic.js';

it('averages violators, and points of the same x first', () => {
  const fit = fitIsotonic(Float64Array.of(3, 1, 2, 2, 4), Float64Array.of(2, 1, 5, 3, 6));
  // At 2 the mean is 4 (weight 2), at 3 it is 2: pooled 10 / 3.
  expect([...fit.x]).toEqual([1, 2, 3, 4]);
  expect([...fit.y].map((y) => y.toFixed(6))).toEqual(['1.000000', '3.333333', '3.333333', '6.000000']);
  expect(predictIsotonic(fit, 1.5)).toBeCloseTo((1 + 10 / 3) / 2, 12);
  expect([predictIsotonic(fit, 0), predictIsotonic(fit, 9)]).toEqual([1, 6]);
  expect(predictIsotonic(fit, Number.NaN)).toBeNaN();
});
