import { describe, expect, it } from 'vitest';
import { LearnerError, type LearnerOptions } from '../../src/learn/index.js';
import { batch, mean, normal, predict, repeated, someWeights, train } from '../support/learning.js';

const N = 300;
const nearest = (k: number, standardise = true): LearnerOptions => ({ learner: 'nearest-neighbours', k, standardise });
const continuous = Array.from({ length: 3 }, (_, j) => normal(`x${j}`, N).map((v) => (j + 1) * v));
const whole = continuous.map((column) => column.map((v) => Math.round(v)));
const y = normal('e', N).map((e, i) => continuous[0][i] + e);
const weights = someWeights('w', N);

/** The mean of the nearest weight of k; what stands exactly at the edge shares what is left. */
function bruteForce(x: Float64Array[], w: Float64Array, k: number, standardise: boolean, places: Float64Array[]) {
  const total = w.reduce((a, b) => a + b, 0);
  const scale = x.map((column) => {
    const centre = column.reduce((sum, v, i) => sum + w[i] * v, 0) / total;
    return standardise ? total / column.reduce((sum, v, i) => sum + w[i] * (v - centre) ** 2, 0) : 1;
  });
  return places[0].map((_, p) => {
    const distance = y.map((_v, i) =>
      x.reduce((sum, column, j) => sum + scale[j] * (column[i] - places[j][p]) ** 2, 0),
    );
    const order = [...distance.keys()].filter((i) => w[i] > 0).sort((a, b) => distance[a] - distance[b]);
    let sum = 0;
    let radius = Number.POSITIVE_INFINITY;
    for (const i of order) {
      sum += w[i];
      if (sum >= k) {
        radius = distance[i];
        break;
      }
    }
    const of = (rows: number[]) => [rows.reduce((a, i) => a + w[i], 0), rows.reduce((a, i) => a + w[i] * y[i], 0)];
    const [inside, insideSum] = of(order.filter((i) => distance[i] < radius));
    const [edge, edgeSum] = of(order.filter((i) => distance[i] === radius));
    return edge > 0 ? (insideSum + ((k - inside) * edgeSum) / edge) / k : insideSum / inside;
  });
}

describe.each([
  ['continuous', continuous],
  ['whole numbers, with ties', whole],
] as const)('nearest neighbours, %s', (_name, x) => {
  it.each([
    [1, true],
    [5, true],
    [5, false],
    [40, true],
    [10_000, true],
  ])('as brute force, k = %d, standardise %s', (k, standardise) => {
    for (const w of [new Float64Array(N).fill(1), weights]) {
      const ours = predict(train(nearest(k, standardise), batch(x, y, w)).predictor, continuous);
      bruteForce([...x], w, k, standardise, continuous).forEach((v, i) => {
        expect(ours[i]).toBeCloseTo(v, 9);
      });
      const own = predict(train(nearest(k, standardise), batch(x, y, w)).predictor, x);
      bruteForce([...x], w, k, standardise, [...x]).forEach((v, i) => {
        expect(own[i]).toBeCloseTo(v, 9);
      });
    }
  });

  it('takes weights as repetitions, and rows in any order', () => {
    const found = train(nearest(7), batch(x, y, weights));
    const often = train(nearest(7), repeated(x, y, weights));
    const p = predict(found.predictor, x);
    predict(often.predictor, x).forEach((v, i) => {
      expect(v).toBeCloseTo(p[i], 9);
    });
    const turned = train(
      nearest(7),
      batch(
        x.map((c) => c.slice().reverse()),
        y.slice().reverse(),
        weights.slice().reverse(),
      ),
    );
    predict(turned.predictor, x).forEach((v, i) => {
      expect(v).toBeCloseTo(p[i], 9);
    });
  });

  it('judges its spread by rows that are left out', () => {
    const { predictor } = train(nearest(3, false), batch(x, y));
    const rest = (column: Float64Array, i: number) => column.filter((_, k) => k !== i);
    const squares = y.map((v, i) => {
      const others = batch(
        x.map((column) => rest(column, i)),
        rest(y, i),
      );
      const place = x.map((column) => column.subarray(i, i + 1));
      return (v - predict(train(nearest(3, false), others).predictor, place)[0]) ** 2;
    });
    expect(predictor.sd).toBeCloseTo(Math.sqrt(mean(squares)), 9);
  });
});

describe('nearest neighbours', () => {
  it('predicts shares of classes', () => {
    const label = y.map((v) => (v > 0 ? 1 : 0));
    const p = predict(train(nearest(4), batch(continuous, label)).predictor, continuous);
    for (const v of p) expect([0, 0.25, 0.5, 0.75, 1]).toContain(v);
  });

  it('bad luck: constant features, one row, no rows, not finite', () => {
    const flat = train(nearest(5), batch([new Float64Array(N).fill(2)], y)).predictor;
    expect(predict(flat, [Float64Array.of(9)])[0]).toBeCloseTo(mean(y), 9);
    const one = train(nearest(5), batch([Float64Array.of(2)], Float64Array.of(5))).predictor;
    expect(predict(one, [Float64Array.of(0)])[0]).toBe(5);
    expect(one.sd).toBe(0);
    expect(() => train(nearest(5), batch([new Float64Array(0)], new Float64Array(0)))).toThrow(LearnerError);
    expect(() => train(nearest(5), batch([y.map(() => Number.NaN)], y))).toThrow('not finite');
  });
});
