/** Sobol' indices against closed forms and a reference implementation. */
import { describe, expect, it } from 'vitest';
import type { Axis } from '../../../src/study/sweep/axis.js';
import { type Design, pointCount, pointsOf } from '../../../src/study/sweep/design.js';
import { sobolIndices } from '../../../src/study/sweep/sensitivity.js';

/** f over a Saltelli design with n points in the ranges. */
function indicesOf(
  f: (x: readonly number[]) => number,
  ranges: readonly (readonly [number, number])[],
  n: number,
  seed = 1,
) {
  const axes = ranges.map(([from, to]): Axis => ({ kind: 'range', path: '', from, to, scale: 'linear', whole: false }));
  const design: Design = { name: 'saltelli', points: n, scramble: 'owen', seed };
  const point = pointsOf(design, axes);
  const values = Array.from({ length: pointCount(design, axes) }, (_, k) => f(point(k) as number[]));
  const column = (c: number) => Float64Array.from({ length: n }, (_, i) => values[i * (axes.length + 2) + c]);
  return sobolIndices(
    column(0),
    column(1),
    axes.map((_, j) => column(2 + j)),
    { resamples: 300 },
  );
}

describe('estimators', () => {
  it('are those of scipy.stats.sobol_indices, number for number', () => {
    // scipy 1.17.1, saltelli_2010 on outputs less their mean.
    const a = Float64Array.of(0.346, 0.822, 0.33, -1.303, 0.905, 0.446, -0.537, 0.581);
    const b = Float64Array.of(0.365, 0.294, 0.028, 0.547, -0.736, -0.163, -0.482, 0.599);
    const ab = [
      Float64Array.of(0.04, -0.292, -0.782, -0.257, 0.008, -0.276, 1.294, 1.007),
      Float64Array.of(-2.711, -1.889, -0.175, -0.422, 0.214, 0.217, 2.118, -1.112),
    ];
    const found = sobolIndices(a, b, ab);
    [0.12730567218893582, -0.8863025763257495].forEach((s, j) => {
      expect(found?.first[j].value).toBeCloseTo(s, 12);
    });
    [1.5050493089421655, 4.973357039817227].forEach((t, j) => {
      expect(found?.total[j].value).toBeCloseTo(t, 12);
    });
  });

  it('have nothing to share out where nothing varies', () => {
    const same = new Float64Array(8).fill(3);
    expect(sobolIndices(same, same, [same])).toBeNull();
    expect(sobolIndices(Float64Array.of(1), Float64Array.of(2), [])).toBeNull();
  });
});

describe('the Ishigami function', () => {
  // f = sin x1 + a sin^2 x2 + b x3^4 sin x1 on [-pi, pi]^3 (Ishigami and Homma 1990).
  const [a, b] = [7, 0.1];
  const f = ([x, y, z]: readonly number[]) => Math.sin(x) + a * Math.sin(y) ** 2 + b * z ** 4 * Math.sin(x);
  const V1 = (1 + (b * Math.PI ** 4) / 5) ** 2 / 2;
  const V2 = a ** 2 / 8;
  const V13 = b ** 2 * Math.PI ** 8 * (1 / 18 - 1 / 50);
  const V = V1 + V2 + V13;
  const first = [V1 / V, V2 / V, 0];
  const total = [(V1 + V13) / V, V2 / V, V13 / V];
  const cube = [1, 2, 3].map(() => [-Math.PI, Math.PI] as const);
  const n = 4096;

  it('has the indices of its closed form, for every seed', () => {
    // With draws, the sd of an estimate is at most 1.6 / sqrt(n), by a count of 2 million points; a scrambled sequence stays
    // within a single one of them.
    for (const seed of [1, 2, 3, 4]) {
      const found = indicesOf(f, cube, n, seed);
      first.forEach((s, j) => {
        expect(Math.abs((found?.first[j].value ?? 9) - s)).toBeLessThan(1.6 / Math.sqrt(n));
      });
      total.forEach((t, j) => {
        expect(Math.abs((found?.total[j].value ?? 9) - t)).toBeLessThan(1.6 / Math.sqrt(n));
      });
      expect(Math.abs((found?.variance ?? 0) / V - 1)).toBeLessThan(1.6 / Math.sqrt(n));
    }
  });

  it('lies in the bootstrap intervals', () => {
    const found = indicesOf(f, cube, n, 1);
    found?.first.forEach(({ high, low, value }, j) => {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      expect(first[j]).toBeGreaterThan(low);
      expect(first[j]).toBeLessThan(high);
    });
    found?.total.forEach(({ high, low }, j) => {
      expect(total[j]).toBeGreaterThan(low);
      expect(total[j]).toBeLessThan(high);
    });
  });

  it('does not mind how high it lies', () => {
    const low = indicesOf(f, cube, 256);
    const high = indicesOf((x) => f(x) + 1e6, cube, 256);
    low?.first.forEach(({ value }, j) => {
      expect(high?.first[j].value).toBeCloseTo(value, 6);
    });
  });
});

it('an additive function has first-order indices that are its total ones, and add up to 1', () => {
  // f = sum c_j x_j: S_j = c_j^2 / sum c^2. With draws, the sd of an estimate is at most 1.2 / sqrt(n).
  const c = [1, 2, 4];
  const found = indicesOf(
    (x) => x.reduce((sum, v, j) => sum + c[j] * v, 0),
    c.map(() => [0, 1]),
    1024,
  );
  c.forEach((own, j) => {
    const share = own ** 2 / 21;
    expect(Math.abs((found?.first[j].value ?? 9) - share)).toBeLessThan(1.2 / Math.sqrt(1024));
    expect(Math.abs((found?.total[j].value ?? 9) - share)).toBeLessThan(1.2 / Math.sqrt(1024));
  });
});
