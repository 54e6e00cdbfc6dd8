import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/core/normal.js';
import { studentCdf, studentQuantile } from '../../src/core/student.js';

describe("Student's t", () => {
  it('is Cauchy with one degree of freedom, and algebraic with two', () => {
    for (const p of [0.6, 0.9, 0.95, 0.975, 0.9995]) {
      expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 12);
      const two = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
      expect(studentQuantile(p, 2) / two).toBeCloseTo(1, 12);
    }
  });

  it.each([4, 10, 30])('has the finite sum of its even degrees of freedom: %s', (freedom) => {
    // P(|T| < x) = sin(a) (1 + cos^2 a / 2 + 1 * 3 cos^4 a / (2 * 4) + ...), tan(a) = x / sqrt(nu).
    const x = studentQuantile(0.975, freedom);
    const cos2 = freedom / (freedom + x * x);
    let term = 1;
    let sum = 1;
    for (let k = 1; k < freedom / 2; k++) {
      term *= (cos2 * (2 * k - 1)) / (2 * k);
      sum += term;
    }
    expect(Math.sqrt(1 - cos2) * sum).toBeCloseTo(0.95, 12);
  });

  it('is symmetric, and its distribution function undoes the quantile', () => {
    for (const freedom of [0.7, 3, 12.5, 400, 1e6]) {
      for (const p of [0.01, 0.2, 0.7, 0.99]) {
        expect(studentQuantile(p, freedom) / studentQuantile(1 - p, freedom)).toBeCloseTo(-1, 12);
        expect(studentCdf(studentQuantile(p, freedom), freedom)).toBeCloseTo(p, 12);
      }
    }
    expect(studentQuantile(0.5, 3)).toBe(0);
  });

  it('is normal in the limit, and infinite without degrees of freedom', () => {
    expect(studentQuantile(0.95, 1e9)).toBeCloseTo(normalQuantile(0.95), 7);
    expect(studentQuantile(0.95, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});
