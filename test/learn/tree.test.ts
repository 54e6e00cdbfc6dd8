import { describe, expect, it } from 'vitest';
import { binned } from '../../src/learn/bins.js';
import { LearnerError, type LearnerOptions } from '../../src/learn/index.js';
import { grow, leafAt } from '../../src/learn/tree.js';
import { batch, mean, normal, predict, repeated, someWeights, train, uniform } from '../support/learning.js';

const N = 120;
const tree = (more = {}): LearnerOptions => ({ learner: 'tree', maxDepth: 4, minLeaf: 3, smoothing: 0, ...more });
const x = [normal('x0', N), normal('x1', N).map((v) => Math.round(2 * v)), uniform('x2', N)];
const y = normal('e', N).map((e, i) => (x[0][i] > 0.3 ? 4 : 0) + (x[1][i] > 0 ? 2 : 0) + 0.5 * e);
const label = y.map((v) => (v > 2.5 ? 1 : 0));
const weights = someWeights('w', N);

/** Every split at every value, by sums over the rows; what each row is predicted. */
function exhaustive(rows: number[], depth: number, target: Float64Array, impurity: (p: number[]) => number): number[] {
  const out: number[] = [];
  const values = rows.map((i) => target[i]);
  for (const i of rows) out[i] = mean(values);
  if (depth === 0 || rows.length < 6) return out;
  let best: { gain: number; left: number[]; right: number[] } | null = null;
  const before = rows.length * impurity(values);
  for (const column of x) {
    for (const cut of [...new Set(rows.map((i) => column[i]))].sort((a, b) => a - b)) {
      const left = rows.filter((i) => column[i] <= cut);
      const right = rows.filter((i) => column[i] > cut);
      if (left.length < 3 || right.length < 3) continue;
      const of = (side: number[]) => side.length * impurity(side.map((i) => target[i]));
      const gain = before - of(left) - of(right);
      if (gain > 1e-9 && (best === null || gain > best.gain * (1 + 1e-9))) best = { gain, left, right };
    }
  }
  if (best === null) return out;
  for (const side of [best.left, best.right])
    for (const [i, v] of exhaustive(side, depth - 1, target, impurity).entries()) if (v !== undefined) out[i] = v;
  return out;
}
const variance = (values: number[]) => mean(values.map((v) => (v - mean(values)) ** 2));
const gini = (values: number[]) => 2 * mean(values) * (1 - mean(values));
const all = Array.from({ length: N }, (_, i) => i);

describe('tree', () => {
  it('tells of each row in which leaf it is', () => {
    const ones = new Float64Array(N).fill(1);
    const places = Int32Array.from(all);
    const options = { maxDepth: 4, minLeaf: 3, smoothing: 0, choose: () => [0, 1, 2] };
    const { leaves, nodes } = grow(binned({ n: N, features: x, target: y, weights: ones }), y, ones, places, options);
    expect(leaves.length).toBeGreaterThan(4);
    expect([...places].sort((a, b) => a - b)).toEqual(all);
    for (const { end, node, start } of leaves)
      for (const i of places.subarray(start, end)) expect(leafAt(nodes, x, i)).toBe(node);
    expect(leaves.reduce((n, { end, start }) => n + end - start, 0)).toBe(N);
  });

  it.each([1, 2, 3, 4])('as an exhaustive search, depth %d', (maxDepth) => {
    const ours = predict(train(tree({ maxDepth }), batch(x, y)).predictor, x);
    exhaustive(all, maxDepth, y, variance).forEach((v, i) => {
      expect(ours[i]).toBeCloseTo(v, 10);
    });
  });

  it('parts classes as Gini has it, and predicts shares', () => {
    const ours = predict(train(tree(), batch(x, label)).predictor, x);
    exhaustive(all, 4, label, gini).forEach((v, i) => {
      expect(ours[i]).toBeCloseTo(v, 10);
    });
    expect(Math.min(...ours)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ours)).toBeLessThanOrEqual(1);
  });

  it('finds a step among 100,000 rows to two bins in 256', () => {
    const n = 100_000;
    const u = uniform('many', n);
    const target = u.map((v) => (v > 0.37 ? 1 : 0));
    const { predictor } = train(tree({ maxDepth: 3 }), batch([u], target));
    const p = predict(predictor, [Float64Array.of(0.37 - 2 / 256, 0.37 + 2 / 256)]);
    expect(p[0]).toBe(0);
    expect(p[1]).toBe(1);
  });

  it('takes weights as repetitions', () => {
    const [a, b] = [train(tree(), batch(x, y, weights)), train(tree(), repeated(x, y, weights))];
    const [p, q] = [predict(a.predictor, x), predict(b.predictor, x)];
    p.forEach((v, i) => {
      expect(v).toBeCloseTo(q[i], 10);
    });
    expect(a.predictor.sd).toBeCloseTo(b.predictor.sd, 10);
  });

  it('takes weights that add up to 1 as shares of the rows', () => {
    const even = train(tree(), batch(x, y, new Float64Array(N).fill(1 / N)));
    const p = predict(train(tree(), batch(x, y)).predictor, x);
    predict(even.predictor, x).forEach((v, i) => {
      expect(v).toBeCloseTo(p[i], 10);
    });
  });

  it('tells importances that add up to 1, of the feature that matters most', () => {
    const { importances } = train(tree(), batch(x, y)).predictor;
    expect(importances?.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(importances?.[0]).toBeGreaterThan(0.5);
    expect(importances?.[2]).toBeLessThan(0.1);
  });

  it('smoothing adds rows as all are', () => {
    const flat = train(tree({ smoothing: 1e12 }), batch(x, y)).predictor;
    for (const p of predict(flat, x)) expect(p).toBeCloseTo(mean(y), 9);
    const half = train(tree({ maxDepth: 1, smoothing: 10 }), batch([label], label)).predictor;
    const ones = label.reduce((a, b) => a + b, 0);
    expect(predict(half, [Float64Array.of(1)])[0]).toBeCloseTo((ones + 10 * mean(label)) / (ones + 10), 12);
  });

  it('keeps its digits where the target is far from 0', () => {
    const far = y.map((v) => v + 1e9);
    const p = predict(train(tree(), batch(x, far)).predictor, x);
    predict(train(tree(), batch(x, y)).predictor, x).forEach((v, i) => {
      expect(p[i] - 1e9).toBeCloseTo(v, 5);
    });
  });

  it('bad luck: a constant target or feature, one row, one class, no rows, not finite', () => {
    const flat = train(tree(), batch(x, new Float64Array(N).fill(0.1))).predictor;
    expect([...(flat.importances ?? [])]).toEqual([0, 0, 0]);
    expect(predict(flat, x)[7]).toBeCloseTo(0.1, 12);
    expect(predict(train(tree(), batch(x, new Float64Array(N).fill(1))).predictor, x)[0]).toBe(1);
    expect(train(tree(), batch([new Float64Array(N).fill(3)], y)).predictor.importances?.[0]).toBe(0);
    const one = train(tree({ minLeaf: 1 }), batch([Float64Array.of(2)], Float64Array.of(5))).predictor;
    expect(predict(one, [Float64Array.of(-7)])[0]).toBe(5);
    expect(one.sd).toBe(0);
    expect(() => train(tree(), batch([new Float64Array(0)], new Float64Array(0)))).toThrow(LearnerError);
    expect(() => train(tree(), batch([x[0].map(() => Number.NaN)], y))).toThrow('not finite');
    expect(() =>
      train(
        tree(),
        batch(
          x,
          y,
          weights.map((w, i) => (i === 3 ? Number.NaN : w)),
        ),
      ),
    ).toThrow('not finite');
    // Numbers next to each other, and at the end of the range.
    const edge = Float64Array.of(1, 1 + Number.EPSILON, Number.MAX_VALUE, -Number.MAX_VALUE);
    const p = predict(train(tree({ minLeaf: 1 }), batch([edge], Float64Array.of(1, 2, 3, 4))).predictor, [edge]);
    expect([...p]).toEqual([1, 2, 3, 4]);
  });
});
