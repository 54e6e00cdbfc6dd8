import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from '../../src/core/normal.js';

describe('the quantile of the normal', () => {
  // Wichura (1988), and tables.
  it.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167813],
    [1e-20, -9.262340089798409],
    [0.975, 1.959963984540054],
    [0.5, 0],
  ])('at %d', (p, x) => expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(1e-14 * Math.max(1, Math.abs(x))));
  it('is odd about a half', () => {
    for (const p of [0.01, 0.1, 0.3, 0.49]) expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 13);
  });
  it('is infinite at the ends, and missing outside', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(1.5)).toBeNaN();
  });
});

describe('the distribution function of the normal', () => {
  // Tables of the normal; far in the tail by Mills' ratio.
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1, 0.15865525393145705],
    [1.96, 0.9750021048517795],
    [-3, 0.0013498980316300946],
    [-6, 9.865876450376981e-10],
    [-10, 7.619853024160527e-24],
  ])('at %d', (z, p) => expect(Math.abs(normalCdf(z) / p - 1)).toBeLessThan(1e-12));
  it('undoes the quantile', () => {
    for (const p of [1e-12, 0.001, 0.2, 0.5, 0.7, 0.999]) expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 11);
  });
  it('reaches the ends, and keeps what is missing', () => {
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalCdf(Number.NaN)).toBeNaN();
  });
});
