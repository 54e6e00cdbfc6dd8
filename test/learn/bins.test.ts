import { describe, expect, it } from 'vitest';
import { BINS, binned } from '../../src/learn/bins.js';
import { normal, someWeights, uniform } from '../support/learning.js';

const rows = (column: Float64Array, weights = new Float64Array(column.length).fill(1)) => ({
  n: column.length,
  features: [column],
  target: column,
  weights,
});

describe('bins', () => {
  it('finds the cuts of whole numbers without sorting, as those of any other numbers', () => {
    const column = uniform('whole', 400).map((u) => Math.floor(20 * u) ** 2 % 251);
    const moved = column.map((v) => v + 0.25);
    const [whole, other] = [binned(rows(column)), binned(rows(moved))];
    expect([...whole.cuts[0]]).toEqual([...other.cuts[0]].map((cut) => cut - 0.25));
    expect(whole.codes).toEqual(other.codes);
  });

  it.each([1, 2, 3, 17, 256, 257, 2000])('codes each row by the number of cuts below it, of %i values', (n) => {
    const column = normal('values', n);
    const weights = someWeights('w', n).map((w) => w + 1);
    const { codes, cuts } = binned(rows(column, weights));
    expect(cuts[0].length).toBeLessThan(BINS);
    column.forEach((x, i) => {
      expect(codes[0][i]).toBe(cuts[0].filter((cut) => cut < x).length);
    });
  });

  it('has no cut where there is one value', () => {
    expect(binned(rows(Float64Array.of(3, 3, 3))).cuts[0]).toEqual(new Float64Array(0));
  });
});
