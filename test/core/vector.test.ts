import { describe, expect, it } from 'vitest';
import {
  addDots,
  allFinite,
  concatenated,
  dot,
  indices,
  isConstant,
  linearCombination,
  pick,
  sum,
} from '../../src/core/vector.js';

describe.each([0, 1, 3, 4, 5, 9])('over %i rows', (n) => {
  const column = (k: number) => Float64Array.from({ length: n + 2 }, (_, i) => (i + 1) * (k + 1) - 3);

  it('dot sums products, from a start in the second column', () => {
    let products = 0;
    for (let i = 0; i < n; i++) products += column(0)[i] * column(1)[i + 2];
    expect(dot(column(0), column(1), n, 2)).toBe(products);
  });

  it('sum adds no more than these', () => {
    expect(sum(column(1), n)).toBe(
      column(1)
        .subarray(0, n)
        .reduce((a, b) => a + b, 0),
    );
  });

  it.each([0, 1, 4, 6])('addDots of %i columns', (d) => {
    const columns = Array.from({ length: d }, (_, k) => column(k));
    const out = new Float64Array(d + 1).fill(7);
    addDots(out, column(3), columns, n, 2);
    columns.forEach((x, j) => {
      expect(out[j]).toBe(7 + dot(column(3), x, n, 2));
    });
    expect(out[d]).toBe(7);
  });

  it.each([0, 1, 2, 3, 4, 6, 7])('linearCombination of %i columns', (d) => {
    const columns = Array.from({ length: d }, (_, k) => column(k));
    const coefficients = columns.map((_, k) => k - 1.5);
    const out = new Float64Array(n + 1).fill(7);
    linearCombination(2, coefficients, columns, out, n, 1);
    for (let i = 0; i < n; i++) expect(out[i]).toBe(columns.reduce((s, c, k) => s + coefficients[k] * c[i + 1], 2));
    // Nothing is written behind the rows.
    expect(out[n]).toBe(7);
  });
});

it('allFinite', () => {
  expect(allFinite(Float64Array.of(1, -2))).toBe(true);
  expect(allFinite(Float64Array.of(1, Number.NaN))).toBe(false);
  expect(allFinite(Float64Array.of(Number.POSITIVE_INFINITY))).toBe(false);
  expect(allFinite(new Float64Array(0))).toBe(true);
  // Wherever it stands, and of the first numbers only.
  for (let n = 1; n < 10; n++)
    for (let k = 0; k < n; k++) {
      const x = Float64Array.from({ length: n }, (_, i) => (i === k ? Number.NEGATIVE_INFINITY : -i));
      expect(allFinite(x)).toBe(false);
      expect(allFinite(x, k)).toBe(true);
    }
});

it('columns one after the other', () => {
  const one = Float64Array.of(1, 2);
  expect(concatenated([one, new Float64Array(0), Float64Array.of(3)])).toEqual(Float64Array.of(1, 2, 3));
  expect(concatenated([one])).toBe(one);
  expect(concatenated([])).toHaveLength(0);
});

it('the numbers at some places', () => {
  expect(pick(Float64Array.of(5, 6, 7), Int32Array.of(2, 0, 2))).toEqual(Float64Array.of(7, 5, 7));
});

it('places, and whether numbers are all the same', () => {
  expect(indices(3)).toEqual(Int32Array.of(0, 1, 2));
  expect(indices(0)).toHaveLength(0);
  expect([[2, 2, 2], [2, 2, 3], [4], []].map((x) => isConstant(Float64Array.from(x)))).toEqual([
    true,
    false,
    true,
    true,
  ]);
});
