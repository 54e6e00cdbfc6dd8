import { KernelRidgeRegression } from 'ml-regression';
import { describe, expect, it } from 'vitest';
import { LearnerError, type LearnerOptions } from '../../src/learn/index.js';
import { batch, mean, normal, predict, train } from '../support/learning.js';

const N = 80;
const kernel = (more = {}): LearnerOptions => ({
  learner: 'kernel-ridge',
  strength: 0.001,
  width: 1,
  rows: 500,
  ...more,
});
const x = [normal('x0', N), normal('x1', N)];
const y = normal('e', N).map((e, i) => 10 + Math.sin(2 * x[0][i]) + 0.2 * e);
const spread = (c: Float64Array) => Math.sqrt(mean(c.map((v) => (v - mean(c)) ** 2)));

describe('kernel ridge', () => {
  it("predicts as ml-regression's class", () => {
    const ours = predict(train(kernel({ width: 0.7 }), batch(x, y)).predictor, x);
    const inputs = Array.from({ length: N }, (_, i) => x.map((c) => c[i] / spread(c)));
    const outputs = Array.from(y, (v) => [v - mean(y)]);
    const options = { lambda: N * 0.001, kernelType: 'gaussian', kernelOptions: { sigma: 0.7 } };
    const theirs = new KernelRidgeRegression(inputs, outputs, options) as unknown as {
      predict(x: number[][]): number[][];
    };
    theirs.predict(inputs).forEach(([v], i) => {
      expect(ours[i]).toBeCloseTo(v + mean(y), 9);
    });
  });

  it('passes through the rows where the strength is next to nothing, and is flat where it is large', () => {
    const [few, target] = [[x[0].slice(0, 12)], y.slice(0, 12)];
    predict(train(kernel({ strength: 1e-12, width: 0.1 }), batch(few, target)).predictor, few).forEach((v, i) => {
      expect(v).toBeCloseTo(target[i], 6);
    });
    for (const v of predict(train(kernel({ strength: 1e9 }), batch(x, y)).predictor, x))
      expect(v).toBeCloseTo(mean(y), 6);
  });

  it('predicts the mean far from all rows', () => {
    const far = predict(train(kernel(), batch([x[0]], y)).predictor, [Float64Array.of(1e6)]);
    expect(far[0]).toBeCloseTo(mean(y), 12);
  });

  it('learns from as many rows as it may, the same for the same key', () => {
    const found = train(kernel({ rows: 30 }), batch(x, y));
    expect(found.note).toBe('learnt from 30 of 80 rows');
    expect(predict(train(kernel({ rows: 30 }), batch(x, y)).predictor, x)).toEqual(predict(found.predictor, x));
  });

  it('bad luck', () => {
    const same = train(kernel(), batch([new Float64Array(N).fill(2)], y)).predictor;
    expect([...predict(same, [Float64Array.of(2)])].every(Number.isFinite)).toBe(true);
    const one = train(kernel(), batch([Float64Array.of(2)], Float64Array.of(5))).predictor;
    expect(predict(one, [Float64Array.of(0)])[0]).toBe(5);
    expect(() => train(kernel(), batch([new Float64Array(0)], new Float64Array(0)))).toThrow(LearnerError);
    expect(() => train(kernel(), batch([y.map(() => Number.NaN)], y))).toThrow('not finite');
  });
});
