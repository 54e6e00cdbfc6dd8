import { describe, expect, it } from 'vitest';
import { addCrossProducts } from '../../src/core/cross-products.js';

/** Small whole numbers: sums of their products are exact in any order. */
const column = (k: number, n: number) => Float64Array.from({ length: n }, (_, i) => ((7 * i + 5 * k) % 11) - 4);

describe.each([0, 1, 2, 7, 100])('of %i rows', (n) => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 3],
    [3, 0],
    [4, 2],
    [5, 1],
  ])('%i columns, from row %i on', (d, start) => {
    const columns = Array.from({ length: d }, (_, k) => column(k, start + n));
    const weights = column(d, n);
    const p = d + 1;
    for (const w of [null, weights]) {
      const out = new Float64Array(p * p).fill(1);
      addCrossProducts(out, p, columns, w, start, n);
      for (let j = 0; j < p; j++) {
        for (let k = 0; k < p; k++) {
          let expected = 1;
          // Below the diagonal, and in the place for a further column, nothing is added.
          if (j <= k && k < d)
            for (let i = 0; i < n; i++)
              expected += (w === null ? 1 : w[i]) * columns[j][start + i] * columns[k][start + i];
          expect(out[j * p + k]).toBe(expected);
        }
      }
    }
  });
});
