import { describe, expect, it } from 'vitest';
import { LearnerError, type LearnerOptions } from '../../src/learn/index.js';
import { batch, predict, repeated, train } from '../support/learning.js';

const count = (smoothing = 0): LearnerOptions => ({ learner: 'count-by-group', smoothing });
const a = Float64Array.of(0, 0, 0, 1, 1, -0);
const b = Float64Array.of(1, 1, 2, 2, 2, 1);
const y = Float64Array.of(1, 0, 1, 0, 0, 1);
const places = [Float64Array.of(0, 0, 1, 1), Float64Array.of(1, 2, 2, 1)];

describe('count by group', () => {
  it('has the mean of each group, and of all where there was none', () => {
    const p = predict(train(count(), batch([a, b], y)).predictor, places);
    [2 / 3, 1, 0, 0.5].forEach((v, i) => {
      expect(p[i]).toBeCloseTo(v, 12);
    });
  });

  it('smoothing adds rows as all are', () => {
    const p = predict(train(count(2), batch([a, b], y)).predictor, places);
    [(2 + 1) / 5, (1 + 1) / 3, (0 + 1) / 4, 0.5].forEach((v, i) => {
      expect(p[i]).toBeCloseTo(v, 12);
    });
  });

  it.each([
    ['small whole numbers', [0, 1, 2, 3]],
    ['whole numbers of any size and sign', [63, 64, -1, 1e9]],
    ['fractions', [0.5, 1.25, 64.5, -0.5]],
  ])('groups by one feature of %s', (_, values) => {
    const [p, q, r, other] = values;
    const fit = train(count(), batch([Float64Array.of(p, q, p, r, q, p)], y)).predictor;
    const said = predict(fit, [Float64Array.of(r, q, p, other)]);
    [0, 0, 1, 0.5].forEach((v, i) => {
      expect(said[i]).toBeCloseTo(v, 12);
    });
  });

  it('takes 0 and -0 for one group', () => {
    const fit = train(count(), batch([Float64Array.of(-0, 0, 1)], Float64Array.of(1, 0, 1))).predictor;
    for (const v of predict(fit, [Float64Array.of(0, -0)])) expect(v).toBeCloseTo(0.5, 12);
  });

  it('takes weights as repetitions', () => {
    const weights = Float64Array.of(3, 1, 0, 2, 1, 1);
    const [one, other] = [train(count(1), batch([a, b], y, weights)), train(count(1), repeated([a, b], y, weights))];
    expect(one.predictor.sd).toBeCloseTo(other.predictor.sd, 12);
    const p = predict(other.predictor, places);
    predict(one.predictor, places).forEach((v, i) => {
      expect(v).toBeCloseTo(p[i], 12);
    });
  });

  it('bad luck', () => {
    expect(predict(train(count(), batch([Float64Array.of(1)], Float64Array.of(5))).predictor, [a])[0]).toBe(5);
    expect(() => train(count(), batch([new Float64Array(0)], new Float64Array(0)))).toThrow(LearnerError);
    expect(() => train(count(), batch([a.map(() => Number.NaN), b], y))).toThrow('not finite');
  });
});
