import { describe, expect, it } from 'vitest';
import { LearnerError, type LearnerOptions } from '../../src/learn/index.js';
import { batch, normal, predict, repeated, someWeights, train, uniform } from '../support/learning.js';

const N = 200;
const quantile = (q: number): LearnerOptions => ({ learner: 'quantile', quantile: q });
const x = [normal('x0', N), uniform('x1', N).map((v) => 1000 + 50 * v)];
const y = normal('e', N).map((e, i) => 3 + 2 * x[0][i] - 0.1 * x[1][i] + (1 + uniform('h', N)[i]) * e);
const weights = someWeights('w', N);
const loss = (r: number, q: number) => (r < 0 ? (q - 1) * r : q * r);

/** The least loss of all lines through as many rows as there are coefficients: one of them is optimal. */
function exhaustive(columns: Float64Array[], target: Float64Array, q: number): number {
  const n = target.length;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const slope = (target[j] - target[i]) / (columns[0][j] - columns[0][i]);
      const bias = target[i] - slope * columns[0][i];
      const sum = target.reduce((a, v, k) => a + loss(v - bias - slope * columns[0][k], q), 0);
      if (sum < best) best = sum;
    }
  }
  return best / n;
}

describe('quantile', () => {
  it.each([0.05, 0.5, 0.9])('has the least pinball loss of all lines, q = %d', (q) => {
    const { objective } = train(quantile(q), batch([x[0]], y));
    expect(objective).toBeCloseTo(exhaustive([x[0]], y, q), 12);
  });

  it.each([0.1, 0.5, 0.75])('meets the optimality conditions, weighted or not, q = %d', (q) => {
    for (const w of [new Float64Array(N).fill(1), weights]) {
      const p = predict(train(quantile(q), batch(x, y, w)).predictor, x);
      const on = y.map((v, i) => (Math.abs(v - p[i]) < 1e-9 ? 1 : 0));
      expect(on.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(3);
      // The subgradient of the rows off the line is made up for by those on it, each by at most its weight.
      for (const column of [new Float64Array(N).fill(1), ...x]) {
        const off = y.reduce((sum, v, i) => sum + (on[i] ? 0 : w[i] * column[i] * (v < p[i] ? q - 1 : q)), 0);
        const room = on.reduce((sum, o, i) => sum + o * w[i] * Math.abs(column[i]), 0);
        expect(Math.abs(off)).toBeLessThanOrEqual(room * (1 + 1e-9));
      }
      const total = w.reduce((a, b) => a + b, 0);
      const below = y.reduce((sum, v, i) => sum + (v < p[i] - 1e-9 ? w[i] : 0), 0) / total;
      const upTo = y.reduce((sum, v, i) => sum + (v < p[i] + 1e-9 ? w[i] : 0), 0) / total;
      expect(below).toBeLessThanOrEqual(q + 1e-12);
      expect(upTo).toBeGreaterThanOrEqual(q - 1e-12);
    }
  });

  it('takes weights as repetitions', () => {
    const a = train(quantile(0.7), batch(x, y, weights));
    const b = train(quantile(0.7), repeated(x, y, weights));
    expect(a.objective).toBeCloseTo(b.objective, 11);
    const p = predict(b.predictor, x);
    predict(a.predictor, x).forEach((v, i) => {
      expect(v).toBeCloseTo(p[i], 8);
    });
  });

  it('without features it is the quantile of the target', () => {
    const target = Float64Array.of(5, 1, 3, 2, 4);
    const at = (q: number, w: Float64Array | null = null) =>
      train(quantile(q), batch([], target, w)).predictor.intercept;
    expect([0.1, 0.2, 0.5, 0.6, 0.61, 0.99].map((q) => at(q))).toEqual([1, 1, 3, 3, 4, 5]);
    expect(at(0.5, Float64Array.of(10, 1, 1, 1, 1))).toBe(5);
  });

  it('is exact where the rows lie on a line', () => {
    const { objective, predictor } = train(
      quantile(0.3),
      batch(
        [x[0]],
        x[0].map((v) => 4 - 2 * v),
      ),
    );
    expect(predictor.coefficients?.[0]).toBeCloseTo(-2, 9);
    expect(predictor.intercept).toBeCloseTo(4, 9);
    expect(objective).toBeLessThan(1e-9);
  });

  it('bad luck: collinear or constant features, constant target, one row, no rows, not finite', () => {
    const both = train(quantile(0.5), batch([x[0], x[0].map((v) => 3 - v), new Float64Array(N).fill(0.1)], y));
    expect(both.note).toContain('left out');
    expect(both.predictor.coefficients?.subarray(1)).toEqual(Float64Array.of(0, 0));
    expect(both.objective).toBeCloseTo(train(quantile(0.5), batch([x[0]], y)).objective, 12);
    const flat = train(quantile(0.5), batch(x, new Float64Array(N).fill(5))).predictor;
    for (const p of predict(flat, x)) expect(p).toBeCloseTo(5, 8);
    const one = train(quantile(0.5), batch([Float64Array.of(2)], Float64Array.of(5))).predictor;
    expect(predict(one, [Float64Array.of(0)])[0]).toBe(5);
    const two = train(quantile(0.5), batch([Float64Array.of(1, 2)], Float64Array.of(5, 7))).predictor;
    expect([...predict(two, [Float64Array.of(1, 2)])].every(Number.isFinite)).toBe(true);
    expect(() => train(quantile(0.5), batch([new Float64Array(0)], new Float64Array(0)))).toThrow(LearnerError);
    expect(() => train(quantile(0.5), batch([y.map(() => Number.NaN)], y))).toThrow('not finite');
  });

  it('many ties in target and feature', () => {
    const round = [x[0].map((v) => Math.round(v))];
    const target = y.map((v) => Math.round(v / 4));
    const { objective } = train(quantile(0.5), batch(round, target));
    // The exhaustive search needs pairs of different x.
    const jittered = round[0].map((v, i) => v + 1e-9 * i);
    expect(objective).toBeLessThan(exhaustive([jittered], target, 0.5) + 1e-6);
  });
});
