import { describe, expect, it } from 'vitest';
import { createLearner, LearnerError, type LearnerOptions } from '../../src/learn/index.js';
import { batch, key, mean, normal, predict, repeated, someWeights, train, uniform } from '../support/learning.js';

const N = 200;
const boosting = (more = {}): LearnerOptions => ({
  learner: 'gradient-boosting',
  trees: 30,
  shrinkage: 0.1,
  maxDepth: 3,
  minLeaf: 3,
  subsample: 1,
  loss: 'squared',
  huberQuantile: 0.9,
  ...more,
});
const x = [normal('x0', N), normal('x1', N).map((v) => Math.round(2 * v)), uniform('x2', N)];
const y = normal('e', N).map((e, i) => Math.sin(2 * x[0][i]) + x[1][i] * x[2][i] + 0.3 * e);
const all = Array.from({ length: N }, (_, i) => i);
const squares = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v * v, 0);

/** The two means of the best split at any value of any feature. */
function stump(target: ArrayLike<number>): number[] {
  let best: { square: number; out: number[] } | null = null;
  for (const column of x) {
    for (const cut of new Set(column)) {
      const left = all.filter((i) => column[i] <= cut);
      if (left.length < 3 || N - left.length < 3) continue;
      const low = mean(left.map((i) => target[i]));
      const high = mean(all.filter((i) => column[i] > cut).map((i) => target[i]));
      const out = all.map((i) => (column[i] <= cut ? low : high));
      const square = squares(out.map((v, i) => target[i] - v));
      if (best === null || square < best.square) best = { square, out };
    }
  }
  return best?.out ?? [];
}

describe('gradient boosting', () => {
  it('one tree of depth 1, all of it added, is the best stump', () => {
    const found = train(boosting({ trees: 1, shrinkage: 1, maxDepth: 1 }), batch(x, y));
    const expected = stump(y);
    for (const [i, p] of predict(found.predictor, x).entries()) expect(p).toBeCloseTo(expected[i], 12);
    expect(found.objective).toBeCloseTo(squares(expected.map((v, i) => y[i] - v)) / N / 2, 12);
    expect(found.predictor.sd).toBeCloseTo(Math.sqrt(2 * found.objective), 12);
  });

  it('adds a share of the best stump of what is left, tree by tree', () => {
    const expected = new Float64Array(N).fill(mean(y));
    for (let m = 0; m < 5; m++) {
      const next = stump(y.map((v, i) => v - expected[i]));
      for (const i of all) expected[i] += 0.3 * next[i];
    }
    const p = predict(train(boosting({ trees: 5, shrinkage: 0.3, maxDepth: 1 }), batch(x, y)).predictor, x);
    for (const i of all) expect(p[i]).toBeCloseTo(expected[i], 10);
  });

  it.each([0.05, 0.3, 1])('never raises the squared training loss, shrinkage %d', (shrinkage) => {
    const losses = [1, 2, 3, 5, 10, 20, 40].map(
      (trees) => train(boosting({ trees, shrinkage }), batch(x, y)).objective,
    );
    expect(losses[0]).toBeLessThan(mean(y.map((v) => (v - mean(y)) ** 2)) / 2);
    for (let k = 1; k < losses.length; k++) expect(losses[k]).toBeLessThanOrEqual(losses[k - 1] * (1 + 1e-12));
  });

  it('huber: starts at the median, and a leaf takes one step from the median of its residuals', () => {
    const target = Float64Array.of(0, 1, 2, 3, 10);
    const one = train(
      boosting({ trees: 1, shrinkage: 0.5, loss: 'huber', huberQuantile: 0.8 }),
      batch([new Float64Array(5).fill(7)], target),
    ).predictor;
    // Residuals -2 -1 0 1 8 about the median 2; delta 2 holds four of five; the step is (-2 - 1 + 0 + 1 + 2) / 5 = 0.
    expect(predict(one, [Float64Array.of(7)])[0]).toBeCloseTo(2, 12);
    const wide = train(
      boosting({ trees: 1, shrinkage: 0.5, loss: 'huber', huberQuantile: 1 }),
      batch([new Float64Array(5).fill(7)], target),
    );
    // Delta 8 holds all of them: (-2 - 1 + 0 + 1 + 8) / 5 = 1.2, of which half is added.
    expect(predict(wide.predictor, [Float64Array.of(7)])[0]).toBeCloseTo(2.6, 12);
    expect(wide.objective).toBeCloseTo(squares(target.map((v) => v - 2.6)) / 5 / 2, 12);
    const weighted = train(
      boosting({ trees: 1, shrinkage: 1, loss: 'huber', huberQuantile: 0.7, maxDepth: 1, minLeaf: 1 }),
      batch([Float64Array.of(0, 0, 0, 1, 1)], target, Float64Array.of(2, 1, 1, 1, 1)),
    ).predictor;
    // Median 1 of the weight 6; residuals -1 0 1 | 2 9; delta 1 holds two thirds, 2 five sixths: it is 2.
    // Left: median -1 (weight 2 of 4), + (0 * 2 + 1 + 2) / 4. Right: median 2, + (0 + 2) / 2.
    const both = predict(weighted, [Float64Array.of(0, 1)]);
    expect(both[0]).toBeCloseTo(1 - 1 + 3 / 4, 12);
    expect(both[1]).toBeCloseTo(1 + 2 + 1, 12);
  });

  it('huber: one outlier in twenty hardly moves it', () => {
    const wild = y.map((v, i) => (i % 20 === 0 ? v + 50 : v));
    const clean = all.filter((i) => i % 20 !== 0);
    const error = (loss: string) => {
      const p = predict(train(boosting({ loss }), batch(x, wild)).predictor, x);
      return Math.sqrt(squares(clean.map((i) => p[i] - y[i])) / clean.length);
    };
    expect(error('huber')).toBeLessThan(0.5);
    expect(error('squared')).toBeGreaterThan(2);
  });

  it.each(['squared', 'huber'])('a weight is so many rows: %s', (loss) => {
    const weights = someWeights('w', N);
    const heavy = predict(train(boosting({ loss }), batch(x, y, weights)).predictor, x);
    const often = predict(train(boosting({ loss }), repeated(x, y, weights)).predictor, x);
    for (const i of all) expect(heavy[i]).toBeCloseTo(often[i], 9);
  });

  it('predicts fresh rows better than the tree that it is made of', () => {
    const fresh = [normal('f0', 2000), normal('f1', 2000).map((v) => Math.round(2 * v)), uniform('f2', 2000)];
    const truth = fresh[0].map((v, i) => Math.sin(2 * v) + fresh[1][i] * fresh[2][i]);
    const error = (options: LearnerOptions) => {
      const p = predict(train(options, batch(x, y)).predictor, fresh);
      return Math.sqrt(squares(p.map((v, i) => v - truth[i])) / truth.length);
    };
    const single = error({ learner: 'tree', maxDepth: 3, minLeaf: 3, smoothing: 0 });
    expect(error(boosting({ trees: 100 }))).toBeLessThan(0.75 * single);
    expect(error(boosting({ trees: 100, subsample: 0.5 }))).toBeLessThan(0.75 * single);
  });

  it('draws its rows from the key, and none where it sees them all', () => {
    const learner = createLearner(boosting({ subsample: 0.5 }));
    const from = (more = {}) => predict(learner.fit([batch(x, y)], null, { ...key('train'), ...more }).predictor, x);
    expect(from()).toEqual(from());
    for (const more of [{ seed: 2 }, { replicate: 1 }, { component: 'other' }, { step: 3 }])
      expect(from(more)).not.toEqual(from());
    const whole = createLearner(boosting());
    const a = predict(whole.fit([batch(x, y)], null, key('train')).predictor, x);
    expect(predict(whole.fit([batch(x, y)], null, key('other')).predictor, x)).toEqual(a);
  });

  it('finds the features that matter', () => {
    const noise = normal('noise', N);
    const { importances } = train(boosting({ trees: 10 }), batch([...x, noise], y)).predictor;
    expect(importances?.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(importances![1]).toBeGreaterThan(3 * importances![3]);
  });

  it('bad luck', () => {
    for (const loss of ['squared', 'huber']) {
      const one = train(boosting({ loss }), batch([Float64Array.of(2)], Float64Array.of(5))).predictor;
      expect(predict(one, [Float64Array.of(0)])[0]).toBe(5);
      expect(one.sd).toBe(0);
      const same = train(boosting({ loss }), batch(x, new Float64Array(N).fill(0.1)));
      for (const p of predict(same.predictor, x)) expect(p).toBeCloseTo(0.1, 12);
      expect(same.objective).toBeCloseTo(0, 12);
      expect(() => train(boosting({ loss }), batch([new Float64Array(0)], new Float64Array(0)))).toThrow(LearnerError);
    }
    expect(() => createLearner(boosting()).given(0, new Float64Array(3), 0)).toThrow(LearnerError);
  });

  it('takes 100,000 rows', () => {
    const n = 100_000;
    const many = Array.from({ length: 5 }, (_, j) => normal(`m${j}`, n));
    const target = normal('me', n).map((e, i) => many[0][i] * many[1][i] + many[2][i] + 0.1 * e);
    const start = performance.now();
    for (const loss of ['squared', 'huber']) train(boosting({ trees: 10, loss }), batch(many, target));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
