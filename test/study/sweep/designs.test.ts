/** Designs: the published sequence to the bit, and the evenness that each promises. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Axis, spaced, stepped, valueAt } from '../../../src/study/sweep/axis.js';
import { type Design, pointCount, pointsOf } from '../../../src/study/sweep/design.js';
import { latinHypercube } from '../../../src/study/sweep/latin-hypercube.js';
import { saltelliRows } from '../../../src/study/sweep/saltelli.js';
import { SCRAMBLES, scramble } from '../../../src/study/sweep/scramble.js';
import { MOST_DIMENSIONS, sobolWords } from '../../../src/study/sweep/sobol.js';

const row = (words: Uint32Array, d: number, i: number) =>
  Array.from(words.subarray(i * d, (i + 1) * d), (w) => w / 2 ** 32);

describe("the Sobol' sequence", () => {
  it('begins as published: sixteenths of the first ten points', () => {
    // scipy.stats.qmc.Sobol(scramble=False), of the same direction numbers.
    const published = [
      [0, 0, 0, 0, 0, 0, 0, 0],
      [8, 8, 8, 8, 8, 8, 8, 8],
      [12, 4, 4, 4, 12, 12, 4, 12],
      [4, 12, 12, 12, 4, 4, 12, 4],
      [6, 6, 10, 14, 6, 2, 6, 14],
      [14, 14, 2, 6, 14, 10, 14, 6],
      [10, 2, 14, 10, 10, 14, 2, 2],
      [2, 10, 6, 2, 2, 6, 10, 10],
      [3, 5, 15, 7, 9, 5, 7, 15],
      [11, 13, 7, 15, 1, 13, 15, 7],
    ];
    const words = sobolWords(10, 8);
    published.forEach((point, i) => {
      expect(row(words, 8, i)).toEqual(point.map((x) => x / 16));
    });
    expect(row(sobolWords(64, 64), 64, 63).slice(20, 24)).toEqual([0.234375, 0.546875, 0.390625, 0.546875]);
  });

  it('is the published one to the bit in all 64 dimensions', () => {
    // SHA-256 of the same 64 points of scipy 1.17.1 (bits=32), as little-endian words.
    const words = sobolWords(64, MOST_DIMENSIONS);
    const bytes = Buffer.alloc(words.length * 4);
    words.forEach((word, i) => {
      bytes.writeUInt32LE(word, i * 4);
    });
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '49fa045ba187a8b95b8227239db3391b24c894d0ac0a2b82ccb17cdf4c1dfe90',
    );
    expect(() => sobolWords(2, MOST_DIMENSIONS + 1)).toThrow(RangeError);
  });

  it.each(SCRAMBLES)('has one point in every slice of every coordinate, scrambled by %s', (how) => {
    const [n, d] = [256, 21];
    const words = scramble(sobolWords(n, d), d, how, 7);
    for (let j = 0; j < d; j++) {
      const slices = new Set(Array.from({ length: n }, (_, i) => words[i * d + j] >>> 24));
      expect(slices.size).toBe(n);
    }
  });

  it.each(['owen', 'shift'] as const)('%s keeps pairs of coordinates even, too', (how) => {
    // The first two coordinates are a (0, m, 2)-net: one point in each box of 2^a by 2^b, a + b = 8.
    const words = scramble(sobolWords(256, 2), 2, how, 3);
    for (let a = 0; a <= 8; a++) {
      const boxes = new Set<number>();
      for (let i = 0; i < 256; i++)
        boxes.add(
          Math.floor((words[2 * i] / 2 ** 32) * 2 ** a) * 2 ** (8 - a) +
            Math.floor((words[2 * i + 1] / 2 ** 32) * 2 ** (8 - a)),
        );
      expect(boxes.size).toBe(256);
    }
  });

  it.each(['owen', 'shift'] as const)('%s makes each point a uniform draw over seeds', (how) => {
    // The mean over R seeds of one coordinate has sd 1 / sqrt(12 R).
    const R = 2000;
    let sum = 0;
    for (let seed = 0; seed < R; seed++) sum += scramble(Uint32Array.of(0), 1, how, seed)[0] / 2 ** 32;
    expect(Math.abs(sum / R - 0.5)).toBeLessThan(4 / Math.sqrt(12 * R));
  });

  it('integrates better scrambled by Owen than draws do', () => {
    // f = product of (1 + (x_j - 1/2)): mean 1; with draws, sd of the mean is sqrt(((13/12)^d - 1) / n).
    const [n, d] = [1024, 6];
    let worst = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const words = scramble(sobolWords(n, d), d, 'owen', seed);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += row(words, d, i).reduce((f, x) => f * (0.5 + x), 1);
      worst = Math.max(worst, Math.abs(sum / n - 1));
    }
    expect(worst).toBeLessThan(Math.sqrt(((13 / 12) ** d - 1) / n) / 10);
  });
});

describe('the Latin hypercube', () => {
  it('has one point in every n-th of each coordinate, another order for each, and the same for the same seed', () => {
    const [n, d] = [50, 4];
    const points = latinHypercube(n, d, 1);
    const orders = Array.from({ length: d }, (_, j) =>
      Array.from({ length: n }, (_, i) => Math.floor(points[i * d + j] * n)),
    );
    for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual(orders[0].map((_, i) => i));
    expect(new Set(orders.map(String)).size).toBe(d);
    expect(latinHypercube(n, d, 1)).toEqual(points);
    expect(latinHypercube(n, d, 2)).not.toEqual(points);
  });

  it('has a mean whose variance is that of a point within its n-th', () => {
    // Of one coordinate: variance of the mean 1 / (12 n^3), against 1 / (12 n) for draws.
    const [n, R] = [20, 200];
    let squares = 0;
    for (let seed = 1; seed <= R; seed++)
      squares += (latinHypercube(n, 1, seed).reduce((s, x) => s + x, 0) / n - 0.5) ** 2;
    // The ratio has mean 1 and sd sqrt(2 / R).
    expect(Math.abs((squares / R) * 12 * n ** 3 - 1)).toBeLessThan(4 * Math.sqrt(2 / R));
  });
});

it('the Saltelli design exchanges one column at a time', () => {
  const rows = saltelliRows(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2, 2);
  expect([...rows]).toEqual([1, 2, 3, 4, 3, 2, 1, 4, 5, 6, 7, 8, 7, 6, 5, 8]);
});

const levels = (path: string, ...values: unknown[]): Axis => ({ kind: 'levels', path, levels: values });
const range = (from: number, to: number, more: Partial<Axis> = {}): Axis =>
  ({ kind: 'range', path: 'x', from, to, scale: 'linear', whole: false, ...more }) as Axis;
const design = (more: Partial<Design>): Design => ({ name: 'grid', points: null, scramble: null, seed: 1, ...more });

describe('axes', () => {
  it('steps without the noise of sums, and has both ends of what is spaced', () => {
    expect(stepped(0, 1, 0.1)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(stepped(0, 20, 6)).toEqual([0, 6, 12, 18]);
    expect(spaced(0.001, 10, 5, 'log')).toEqual([0.001, 0.01, 0.1, 1, 10]);
    expect(spaced(-1, 1, 5, 'linear')).toEqual([-1, -0.5, 0, 0.5, 1]);
  });

  it('give every level and every whole number the same room', () => {
    const counts = (axis: Axis) => {
      const seen = new Map<unknown, number>();
      for (let i = 0; i < 1200; i++) {
        const value = valueAt(axis, i / 1200);
        seen.set(value, (seen.get(value) ?? 0) + 1);
      }
      return Object.fromEntries([...seen].map(([key, n]) => [String(key), n]));
    };
    expect(counts(levels('x', 'a', 'b', 3))).toEqual({ a: 400, b: 400, 3: 400 });
    expect(counts(range(-1, 4, { whole: true }))).toEqual({ '-1': 200, 0: 200, 1: 200, 2: 200, 3: 200, 4: 200 });
  });

  it('run evenly over a range, or over its decades', () => {
    expect(valueAt(range(10, 30), 0.25)).toBe(15);
    expect(valueAt(range(1, 10_000, { scale: 'log' }), 0.5)).toBeCloseTo(100, 10);
    const wholes = Array.from(
      { length: 1000 },
      (_, i) => valueAt(range(1, 9, { scale: 'log', whole: true }), i / 1000) as number,
    );
    expect(Math.min(...wholes)).toBe(1);
    expect(Math.max(...wholes)).toBe(9);
    // P(1) = log 2 / log 10.
    expect(wholes.filter((x) => x === 1).length).toBe(302);
  });
});

describe('points', () => {
  it('of a grid are all combinations, the last axis fastest', () => {
    const axes = [levels('a', 1, 2), levels('b', 'x', 'y', 'z')];
    const point = pointsOf(design({}), axes);
    expect(pointCount(design({}), axes)).toBe(6);
    expect(Array.from({ length: 6 }, (_, k) => point(k).join(''))).toEqual(['1x', '1y', '1z', '2x', '2y', '2z']);
  });

  it('of the other designs stay in their ranges', () => {
    const axes = [range(5, 6), levels('b', 'x', 'y'), range(1, 3, { whole: true })];
    for (const name of ['latin-hypercube', 'sobol', 'saltelli'] as const) {
      const own = design({ name, points: 32, scramble: 'owen' });
      const n = pointCount(own, axes);
      expect(n).toBe(name === 'saltelli' ? 160 : 32);
      const point = pointsOf(own, axes);
      for (let k = 0; k < n; k++) {
        const [a, b, c] = point(k) as [number, string, number];
        expect(a).toBeGreaterThanOrEqual(5);
        expect(a).toBeLessThan(6);
        expect(['x', 'y']).toContain(b);
        expect([1, 2, 3]).toContain(c);
      }
    }
  });
});
