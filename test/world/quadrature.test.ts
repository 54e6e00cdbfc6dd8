import { describe, expect, it } from 'vitest';
import { gaussHermite, gaussLegendre, type Quadrature } from '../../src/world/quadrature.js';

const moment = ({ nodes, weights }: Quadrature, k: number): number =>
  nodes.reduce((sum, x, i) => sum + weights[i] * x ** k, 0);
/** What rounding is measured by: odd moments cancel. */
const absolute = ({ nodes, weights }: Quadrature, k: number): number =>
  nodes.reduce((sum, x, i) => sum + weights[i] * Math.abs(x) ** k, 0);
const doubleFactorial = (n: number): number => (n <= 1 ? 1 : n * doubleFactorial(n - 2));

describe('Gauss-Hermite', () => {
  it('has the nodes and weights of the tables for n = 3: 0 and sqrt(3), 2/3 and 1/6', () => {
    const { nodes, weights } = gaussHermite(3);
    for (const [i, x] of [-Math.sqrt(3), 0, Math.sqrt(3)].entries()) expect(nodes[i]).toBeCloseTo(x, 14);
    for (const [i, w] of [1 / 6, 2 / 3, 1 / 6].entries()) expect(weights[i]).toBeCloseTo(w, 14);
  });

  it.each([1, 2, 5, 10, 20])('gives the moments of the normal up to 2n - 1, n = %i', (n) => {
    const rule = gaussHermite(n);
    for (let k = 0; k < Math.min(2 * n, 20); k++) {
      const exact = k % 2 === 1 ? 0 : doubleFactorial(k - 1);
      expect(Math.abs(moment(rule, k) - exact)).toBeLessThan(1e-13 * (k + 1) * Math.max(1, absolute(rule, k)));
    }
  });

  it('stays positive, ordered and normalised for n = 200', () => {
    const { nodes, weights } = gaussHermite(200);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 13);
    for (let i = 1; i < 200; i++) expect(nodes[i]).toBeGreaterThan(nodes[i - 1]);
    for (const w of weights) expect(w).toBeGreaterThanOrEqual(0);
  });
});

describe('Gauss-Legendre', () => {
  it.each([1, 2, 5, 10, 50])('gives the moments of the uniform on [0, 1), n = %i', (n) => {
    const rule = gaussLegendre(n);
    for (let k = 0; k < Math.min(2 * n, 30); k++) expect(Math.abs(moment(rule, k) - 1 / (k + 1))).toBeLessThan(1e-13);
  });
});
