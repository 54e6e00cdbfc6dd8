import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/core/random/index.js';
import { affordable, Purchases } from '../../src/retrain/label-budget.js';

const never = (): number => {
  throw new Error('nothing is to be drawn');
};
const stream = new Stream({ seed: 1, replicate: 0, component: 'labels', step: 0 });
const uniform = () => stream.uniform();
const count = (weights: Float64Array) => weights.reduce((sum, w) => sum + (w > 0 ? 1 : 0), 0);

describe('labels that are bought', () => {
  it('are the least of those there are, of those of a step, and of what is left of the run', () => {
    expect(affordable({ run: null, step: null }, 1e9)).toBe(Number.POSITIVE_INFINITY);
    expect(affordable({ run: 100, step: 30 }, 60)).toBe(30);
    expect(affordable({ run: 100, step: 30 }, 90)).toBe(10);
    expect(affordable({ run: 100, step: null }, 130)).toBe(0);
    const purchases = new Purchases();
    const label = new Float64Array(40);
    const counts = Array.from({ length: 5 }, () => {
      const out = new Float64Array(40);
      purchases.buy({ run: 100, step: 30 }, label, null, out, uniform);
      return count(out);
    });
    expect(counts).toEqual([30, 30, 30, 10, 0]);
    expect(purchases.isSpent({ run: 100, step: 30 })).toBe(true);
    expect(purchases.isSpent({ run: 101, step: 30 })).toBe(false);
  });

  it('are of rows that have a label and weight, with the weight that they had', () => {
    const label = Float64Array.of(0, Number.NaN, 1, 1, 0);
    const weights = Float64Array.of(2, 1, 0, 3, 4);
    const out = new Float64Array(5);
    expect(new Purchases().buy({ run: 2, step: null }, label, weights, out, uniform)).toBe(true);
    expect(count(out)).toBe(2);
    out.forEach((w, i) => {
      expect([0, weights[i]]).toContain(w);
    });
    expect([out[1], out[2]]).toEqual([0, 0]);
  });

  it('are all of them, and nothing is drawn, where the budget holds', () => {
    const out = new Float64Array(3);
    expect(new Purchases().buy({ run: 3, step: 3 }, new Float64Array(3), null, out, never)).toBe(false);
  });

  it('are each row with the same chance, and each pair', () => {
    const [n, m, times] = [10, 4, 20_000];
    const rows = new Float64Array(n);
    const seen = new Float64Array(n);
    let firstTwo = 0;
    for (let k = 0; k < times; k++) {
      const out = new Float64Array(n);
      new Purchases().buy({ run: null, step: m }, rows, null, out, uniform);
      out.forEach((w, i) => {
        seen[i] += w;
      });
      firstTwo += out[0] * out[1];
    }
    const within = (found: number, p: number) =>
      expect(Math.abs(found - times * p)).toBeLessThan(4 * Math.sqrt(times * p * (1 - p)));
    for (const found of seen) within(found, m / n);
    within(firstTwo, (m * (m - 1)) / (n * (n - 1)));
  });
});
