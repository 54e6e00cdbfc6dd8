/** Long lines at the resolution of the screen. */
import { describe, expect, it } from 'vitest';
import { fillColumns, m4 } from '../../web/chart-decimate.js';

const wave = (n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, t) => Math.sin(t / 7) * Math.cos(t / 131));
const columnsOf = (values: Float64Array, from: number, to: number, count: number) => {
  const low = new Float64Array(count);
  const high = new Float64Array(count);
  fillColumns(values, from, to, low, high);
  return { low, high };
};

describe('columns of pixels', () => {
  it('hold the lowest and the highest step of each column', () => {
    const values = wave(5000);
    const { high, low } = columnsOf(values, 0, 4999, 300);
    for (let t = 0; t < 5000; t++) {
      const c = Math.min(299, Math.floor((t * 300) / 4999));
      expect(low[c]).toBeLessThanOrEqual(values[t]);
      expect(high[c]).toBeGreaterThanOrEqual(values[t]);
    }
    expect(Math.max(...high)).toBe(Math.max(...values));
    expect(Math.min(...low)).toBe(Math.min(...values));
  });

  it('touch their neighbours, where the line crosses from one to the next', () => {
    const { high, low } = columnsOf(wave(500), 0, 499, 120);
    for (let c = 1; c < 120; c++) {
      expect(low[c]).toBeLessThanOrEqual(high[c - 1] + 1e-12);
      expect(high[c]).toBeGreaterThanOrEqual(low[c - 1] - 1e-12);
    }
  });

  it('draw a straight line straight, with fewer steps than columns', () => {
    const { high, low } = columnsOf(Float64Array.of(0, 10), 0, 1, 10);
    for (let c = 0; c < 10; c++) {
      expect(low[c]).toBeCloseTo(c, 12);
      expect(high[c]).toBeCloseTo(c + 1, 12);
    }
  });

  it('are empty at gaps, and never infinite', () => {
    const values = Float64Array.of(1, 1, Number.NaN, Number.POSITIVE_INFINITY, 2, 2);
    const { high, low } = columnsOf(values, 0, 5, 50);
    expect([...low, ...high].every((value) => Number.isNaN(value) || value === 1 || value === 2)).toBe(true);
    expect(low[5]).toBe(1);
    expect(low[25]).toBeNaN();
    expect(low[45]).toBe(2);
  });

  it('show a part: the line enters and leaves at the borders', () => {
    const ramp = Float64Array.from({ length: 100 }, (_, t) => t);
    const { high, low } = columnsOf(ramp, 40, 50, 20);
    expect(low[0]).toBeCloseTo(40);
    expect(high[19]).toBeCloseTo(50);
  });

  it('take no steps, one step, and no finite step', () => {
    for (const values of [[], [3], [Number.NaN, Number.NaN]]) {
      const { low } = columnsOf(Float64Array.from(values), 0, 9, 10);
      expect([...low].filter(Number.isFinite)).toEqual(values.filter(Number.isFinite));
    }
  });
});

describe('m4', () => {
  it('keeps first, lowest, highest and last of each column, in order, once', () => {
    const values = wave(5000);
    const steps = m4(values, 0, 4999, 100);
    expect(steps.length).toBeLessThanOrEqual(404);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBe(4999);
    const all = new Set(steps);
    for (let c = 0; c < 99; c++) {
      const own = Array.from({ length: 5000 }, (_, t) => t).filter((t) => Math.floor((t * 100) / 4999) === c);
      expect(all.has(own.reduce((a, b) => (values[b] < values[a] ? b : a)))).toBe(true);
      expect(all.has(own.reduce((a, b) => (values[b] > values[a] ? b : a)))).toBe(true);
    }
  });

  it('keeps every step of a short line, and one step of a long gap', () => {
    expect(m4(wave(50), 0, 49, 100)).toHaveLength(50);
    const gappy = wave(5000).fill(Number.NaN, 1000, 3000);
    const steps = m4(gappy, 0, 4999, 100);
    expect(steps.filter((t) => Number.isNaN(gappy[t]))).toHaveLength(1);
  });
});
