import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/core/normal.js';

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
