import { describe, expect, it } from 'vitest';
import { fillUniform, Stream } from '../../src/core/random/index.js';
import { auc, binaryMetrics, intervalMetrics, pinball, regressionMetrics } from '../../src/watch/metrics/index.js';

const N = 400;
function uniform(component: string, n = N): Float64Array {
  const out = new Float64Array(n);
  fillUniform(new Stream({ seed: 1, replicate: 0, component, step: 0 }), out, n);
  return out;
}
/** Scores with many ties, truths, weights with zeros. */
const score = uniform('score').map((u) => Math.floor(u * 40) / 40);
const truth = uniform('truth').map((u, i) => (u < score[i] ? 1 : 0));
const weights = uniform('weight').map((u) => (u < 0.2 ? 0 : Math.ceil(4 * u)));
/** The rows, each as often as its weight says. */
const repeated = (column: Float64Array): Float64Array =>
  Float64Array.from([...column].flatMap((x, i) => Array(weights[i]).fill(x)));

function pairs(y: Float64Array, p: Float64Array): number {
  let wins = 0;
  let all = 0;
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j < y.length; j++) {
      if (y[i] !== 1 || y[j] !== 0) continue;
      all++;
      wins += p[i] > p[j] ? 1 : p[i] === p[j] ? 0.5 : 0;
    }
  }
  return wins / all;
}

describe('auc', () => {
  it('is the share of pairs in order, ties a half', () =>
    expect(auc(truth, score, null, N)).toBeCloseTo(pairs(truth, score), 14));
  it('takes weights as repetitions', () =>
    expect(auc(truth, score, weights, N)).toBeCloseTo(pairs(repeated(truth), repeated(score)), 13));
  it('takes scores of any sign', () => {
    const shifted = score.map((p) => (p - 0.5) * 1e6);
    expect(auc(truth, shifted, null, N)).toBeCloseTo(pairs(truth, shifted), 14);
  });
  it('ties 0 and -0', () => expect(auc(Float64Array.of(1, 0), Float64Array.of(0, -0), null, 2)).toBe(0.5));
  it('does not exist for one class', () =>
    expect(auc(new Float64Array(3).fill(1), uniform('x', 3), null, 3)).toBeNull());
});

describe('binary metrics', () => {
  it('are what their definitions say', () => {
    const found = binaryMetrics(truth, score, null, N, 0.5);
    const mean = (f: (p: number, y: number) => number) => score.reduce((sum, p, i) => sum + f(p, truth[i]), 0) / N;
    const yes = (p: number) => (p > 0.5 ? 1 : 0);
    const base = mean((_, y) => y);
    const tpr = mean((p, y) => yes(p) * y) / base;
    const fpr = mean((p, y) => yes(p) * (1 - y)) / (1 - base);
    expect(found.accuracy).toBeCloseTo(
      mean((p, y) => (yes(p) === y ? 1 : 0)),
      13,
    );
    expect(found.balancedAccuracy).toBeCloseTo((tpr + 1 - fpr) / 2, 13);
    expect(found.fpr).toBeCloseTo(fpr, 13);
    expect(found.fnr).toBeCloseTo(1 - tpr, 13);
    expect(found.brier).toBeCloseTo(
      mean((p, y) => (p - y) ** 2),
      13,
    );
    expect(found.logLoss).toBeCloseTo(
      mean((p, y) => -Math.log(Math.min(1 - 1e-15, Math.max(1e-15, y === 1 ? p : 1 - p)))),
      12,
    );
    expect(found.selectionRate).toBeCloseTo(mean(yes), 13);
    expect(found.baseRate).toBeCloseTo(base, 13);
    expect(found.n).toBe(N);
    let ece = 0;
    for (let b = 0; b < 10; b++) {
      const rows = [...score.keys()].filter((i) => Math.min(9, Math.floor(score[i] * 10)) === b);
      ece += Math.abs(rows.reduce((sum, i) => sum + score[i] - truth[i], 0)) / N;
    }
    expect(found.ece).toBeCloseTo(ece, 13);
  });

  it('take weights as repetitions', () => {
    const plain = binaryMetrics(repeated(truth), repeated(score), null, repeated(truth).length, 0.5);
    for (const [name, value] of Object.entries(binaryMetrics(truth, score, weights, N, 0.5)))
      expect(value).toBeCloseTo(plain[name as keyof typeof plain] as number, 12);
  });

  it('leave out rows whose truth is missing', () => {
    const gaps = truth.map((y, i) => (i % 3 === 0 ? Number.NaN : y));
    const keep = [...truth.keys()].filter((i) => i % 3 !== 0);
    const rest = (column: Float64Array) => Float64Array.from(keep, (i) => column[i]);
    expect(binaryMetrics(gaps, score, null, N, 0.5)).toEqual(
      binaryMetrics(rest(truth), rest(score), null, keep.length, 0.5),
    );
  });

  it('do not exist without rows, and are never NaN', () => {
    const none = new Float64Array(0);
    expect(Object.values(binaryMetrics(none, none, null, 0, 0.5)).every((v) => v === null || v === 0)).toBe(true);
    const one = binaryMetrics(Float64Array.of(1), Float64Array.of(0), null, 1, 0.5);
    expect(Object.values(one).every((v) => v === null || Number.isFinite(v))).toBe(true);
    expect(one.fpr).toBeNull();
  });
});

describe('regression metrics', () => {
  const y = uniform('y').map((u) => 1e9 + u);
  const p = y.map((v, i) => v + score[i] - 0.4);

  it('are what their definitions say, also far from 0', () => {
    const found = regressionMetrics(y, p, null, N);
    const errors = y.map((v, i) => p[i] - v);
    const mean = (x: Float64Array) => x.reduce((a, b) => a + b, 0) / x.length;
    const centre = mean(y.map((v) => v - 1e9));
    const variance = mean(y.map((v) => (v - 1e9 - centre) ** 2));
    expect(found.rmse).toBeCloseTo(Math.sqrt(mean(errors.map((e) => e * e))), 10);
    expect(found.mae).toBeCloseTo(mean(errors.map(Math.abs)), 10);
    expect(found.bias).toBeCloseTo(mean(errors), 10);
    expect(found.r2).toBeCloseTo(1 - mean(errors.map((e) => e * e)) / variance, 8);
  });

  it('have no r2 where the truth does not vary', () =>
    expect(regressionMetrics(new Float64Array(3).fill(7), uniform('z', 3), null, 3).r2).toBeNull());

  it('pinball loss at the median is half the absolute error', () =>
    expect(pinball(y, p, null, N, 0.5)).toBeCloseTo((regressionMetrics(y, p, null, N).mae ?? 0) / 2, 12));
});

describe('interval metrics', () => {
  it('count what is inside, and punish what is outside by 2 / alpha', () => {
    const y = Float64Array.of(0, 1, 2, 5);
    const lower = Float64Array.of(-1, 1, 2.5, 0);
    const upper = Float64Array.of(1, 2, 3, 4);
    const { coverage, width, winkler } = intervalMetrics(y, lower, upper, null, 4, 0.9);
    expect(coverage).toBe(0.5);
    expect(width).toBe((2 + 1 + 0.5 + 4) / 4);
    expect(winkler).toBeCloseTo((7.5 + 20 * 0.5 + 20 * 1) / 4, 12);
  });
});
