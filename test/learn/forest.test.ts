import { describe, expect, it } from 'vitest';
import { createLearner, LearnerError, type LearnerOptions } from '../../src/learn/index.js';
import { batch, key, mean, normal, predict, repeated, someWeights, train } from '../support/learning.js';

const N = 600;
const forest = (more = {}): LearnerOptions => ({
  learner: 'forest',
  trees: 30,
  featureShare: 0.5,
  maxDepth: 8,
  minLeaf: 3,
  ...more,
});
const x = Array.from({ length: 4 }, (_, j) => normal(`x${j}`, N));
const truth = x[0].map((v, i) => Math.sin(2 * v) + x[1][i] * x[1][i]);
const y = normal('e', N).map((e, i) => truth[i] + 0.3 * e);
const fresh = Array.from({ length: 4 }, (_, j) => normal(`fresh${j}`, 4000));
const freshY = normal('fresh e', 4000).map((e, i) => Math.sin(2 * fresh[0][i]) + fresh[1][i] ** 2 + 0.3 * e);
const rmse = (p: Float64Array, q: Float64Array) => Math.sqrt(mean(p.map((v, i) => (v - q[i]) ** 2)));

describe('forest', () => {
  const found = train(forest(), batch(x, y));

  it('is the same for the same key, and another for another seed, replicate, model or step', () => {
    expect(predict(train(forest(), batch(x, y)).predictor, x)).toEqual(predict(found.predictor, x));
    const learner = createLearner(forest());
    for (const more of [{ seed: 2 }, { replicate: 1 }, { component: 'other' }, { step: 3 }]) {
      const other = learner.fit([batch(x, y)], null, { ...key('train'), ...more }).predictor;
      expect(predict(other, x)).not.toEqual(predict(found.predictor, x));
    }
  });

  it('has an out-of-bag spread that is what fresh rows see', () => {
    // Squared errors have heavy tails: the ratio has a standard deviation of 0.144 from sample to sample. Out of bag are a
    // third of the trees, which err by 0.04 more.
    const samples = 12;
    const ratios = Float64Array.from({ length: samples }, (_, k) => {
      const rows = Array.from({ length: 4 }, (_, j) => normal(`x${j} of ${k}`, N));
      const target = normal(`e of ${k}`, N).map((e, i) => Math.sin(2 * rows[0][i]) + rows[1][i] ** 2 + 0.3 * e);
      const { predictor } = train(forest({ featureShare: 1 }), batch(rows, target));
      return predictor.sd / rmse(predict(predictor, fresh), freshY);
    });
    expect(Math.abs(mean(ratios) - 1.04)).toBeLessThan((4 * 0.144) / Math.sqrt(samples));
  });

  it('predicts better than one tree', () => {
    const found = train(forest({ featureShare: 1 }), batch(x, y));
    const tree = train({ learner: 'tree', maxDepth: 8, minLeaf: 3, smoothing: 0 }, batch(x, y)).predictor;
    const error = rmse(predict(found.predictor, fresh), freshY);
    expect(error).toBeLessThan(0.95 * rmse(predict(tree, fresh), freshY));
    expect(rmse(predict(found.predictor, x), y)).toBeLessThan(0.8 * found.predictor.sd);
  });

  it('finds the features that matter', () => {
    const { importances } = found.predictor;
    expect(importances?.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    for (const j of [0, 1]) for (const k of [2, 3]) expect(importances![j]).toBeGreaterThan(2 * importances![k]);
  });

  it('draws rows by their weight', () => {
    // Rows of weight 0 are as if they were not there; a weight of 3 is three rows, but for the draws.
    const weights = someWeights('w', N);
    const heavy = train(forest({ trees: 200 }), batch(x, y, weights)).predictor;
    const often = train(forest({ trees: 200 }), repeated(x, y, weights)).predictor;
    expect(rmse(predict(heavy, fresh), predict(often, fresh))).toBeLessThan(0.25);
    const none = weights.map((w) => (w > 0 ? 1 : 0));
    const kept = train(forest(), repeated(x, y, none)).predictor;
    expect(predict(train(forest(), batch(x, y, none)).predictor, x)).toEqual(predict(kept, x));
    // One row has nearly all the weight: every tree is nearly all that row.
    const one = train(
      forest({ minLeaf: 50 }),
      batch(
        x,
        y,
        y.map((_, i) => (i === 5 ? 1e6 : 1)),
      ),
    ).predictor;
    expect(mean(predict(one, x))).toBeCloseTo(y[5], 1);
  });

  it('predicts shares of classes', () => {
    const p = predict(
      train(
        forest(),
        batch(
          x,
          y.map((v) => (v > 1 ? 1 : 0)),
        ),
      ).predictor,
      x,
    );
    expect(Math.min(...p)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...p)).toBeLessThanOrEqual(1);
  });

  it('bad luck', () => {
    const one = train(forest(), batch([Float64Array.of(2)], Float64Array.of(5))).predictor;
    expect(predict(one, [Float64Array.of(0)])[0]).toBe(5);
    expect(one.sd).toBe(0);
    for (const p of predict(train(forest(), batch(x, new Float64Array(N).fill(0.1))).predictor, x))
      expect(p).toBeCloseTo(0.1, 12);
    expect(() => train(forest(), batch([new Float64Array(0)], new Float64Array(0)))).toThrow(LearnerError);
    expect(() =>
      train(
        forest(),
        batch(
          x,
          y.map(() => Number.POSITIVE_INFINITY),
        ),
      ),
    ).toThrow('not finite');
  });
});
