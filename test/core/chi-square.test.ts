import { describe, expect, it } from 'vitest';
import { chiSquareQuantile, chiSquareTail } from '../../src/core/chi-square.js';
import { logGamma, upperGamma } from '../../src/core/gamma.js';

describe('the gamma function', () => {
  it('is a factorial, and the root of pi at a half', () => {
    expect(logGamma(6)).toBeCloseTo(Math.log(120), 13);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  });

  it.each([1, 2, 5, 30])('Q(%s, x) is the Poisson sum of a whole shape', (a) => {
    for (const x of [0.1, 1, 4, 20, 80]) {
      let term = Math.exp(-x);
      let sum = term;
      for (let k = 1; k < a; k++) {
        term *= x / k;
        sum += term;
      }
      expect(upperGamma(a, x) / sum).toBeCloseTo(1, 11);
    }
    expect(upperGamma(a, 0)).toBe(1);
    expect(upperGamma(a, Number.POSITIVE_INFINITY)).toBe(0);
  });
});

describe('chi-square', () => {
  it('is exponential with two degrees of freedom', () => {
    for (const x of [0.01, 1, 10, 300]) expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 11);
  });

  it('has its tabled percentage points', () => {
    expect(chiSquareQuantile(0.95, 1)).toBeCloseTo(3.841458820694124, 10);
    expect(chiSquareQuantile(0.99, 9)).toBeCloseTo(21.665994333461924, 9);
    expect(chiSquareTail(3.841458820694124, 1)).toBeCloseTo(0.05, 12);
  });

  it('is 0 for sure without degrees of freedom', () => {
    expect([chiSquareTail(0, 0), chiSquareTail(1, 0), chiSquareQuantile(0.9, 0)]).toEqual([1, 0, 0]);
  });
});
