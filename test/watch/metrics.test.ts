import { describe, expect, it } from 'vitest';
import { fillUniform, Stream } from '../../src/core/random/index.js';
import {
  auc,
  binaryMetrics,
  calibrationErrors,
  intervalMetrics,
  pinball,
  regressionMetrics,
  reliability,
} from '../../src/watch/metrics/index.js';
import { columnsOf, missing, shared, vector } from '../support/shared.js';

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
  it.each([
    ['crowd at 0 from both sides', (u: number, i: number) => (i % 2 === 0 ? 1 : -1) * 2 ** (-1000 * u)],
    ['are infinite, some of them', (u: number) => (u > 0.9 ? Number.POSITIVE_INFINITY : u < 0.1 ? -1 / 0 : u)],
    ['are all but one alike', (_: number, i: number) => (i === 7 ? 1 : 0.25)],
    ['are 0 of either sign among others', (u: number) => (u < 0.3 ? -0 : u < 0.6 ? 0 : (u - 0.8) ** 9)],
  ])('takes scores that %s', (_, f) => {
    const scores = uniform('crowd').map(f);
    expect(auc(truth, scores, null, N)).toBeCloseTo(pairs(truth, scores), 14);
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
    expect(found.over).toBeCloseTo(mean(errors.map((e) => Math.max(0, e))), 10);
    expect(found.under).toBeCloseTo(mean(errors.map((e) => Math.max(0, -e))), 10);
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

  it('take the whole line, whose width is infinite, and the empty set, which has none and covers nothing', () => {
    const y = Float64Array.of(0, 1);
    const far = Number.POSITIVE_INFINITY;
    const whole = intervalMetrics(y, Float64Array.of(-far, 0), Float64Array.of(far, 2), null, 2, 0.9);
    expect(whole).toMatchObject({ coverage: 1, width: far, unbounded: 0.5 });
    const empty = intervalMetrics(y, Float64Array.of(far, 0), Float64Array.of(-far, 2), null, 2, 0.9);
    expect(empty).toMatchObject({ coverage: 0.5, width: 1, unbounded: 0, winkler: far });
  });

  it.skipIf(missing('vectors/intervals/expected.json')).each([0.1, 0.2])(
    'are those of the reference: alpha %s',
    (alpha) => {
      const input = columnsOf(shared('vectors/intervals/input.csv'));
      const { y } = input;
      const found = intervalMetrics(y, input[`lo_${alpha}`], input[`up_${alpha}`], null, y.length, 1 - alpha);
      const { coverage, mean_width, winkler_mwi } = vector('intervals', `mapie-${alpha}`) as Record<string, number>;
      expect(Math.abs((found.coverage ?? 0) - coverage)).toBeLessThan(1e-9);
      expect(Math.abs((found.width ?? 0) - mean_width)).toBeLessThan(1e-9);
      expect(Math.abs((found.winkler ?? 0) - winkler_mwi)).toBeLessThan(1e-9);
    },
  );
});

describe('calibration', () => {
  it('is a table by tenth, weighted as the rows are repeated', () => {
    const rows = repeated(truth).length;
    const weighted = reliability(truth, score, weights, N);
    const plain = reliability(repeated(truth), repeated(score), null, rows);
    for (const [bin, { frequency, mean, weight }] of Object.entries(weighted)) {
      expect(weight).toBe(plain[bin].weight);
      expect(mean).toBeCloseTo(plain[bin].mean ?? Number.NaN, 12);
      expect(frequency).toBeCloseTo(plain[bin].frequency ?? Number.NaN, 12);
    }
    expect(calibrationErrors(weighted).ece).toBeCloseTo(binaryMetrics(truth, score, weights, N, 0.5).ece ?? 0, 12);
  });

  it('has bins without anybody, and nothing of nobody', () => {
    const table = reliability(Float64Array.of(1), Float64Array.of(1), null, 1);
    expect(table.bin10).toEqual({ mean: 1, frequency: 1, weight: 1 });
    expect(table.bin1).toEqual({ mean: null, frequency: null, weight: 0 });
    const none = calibrationErrors(reliability(new Float64Array(0), new Float64Array(0), null, 0));
    expect(none).toEqual({ ece: null, mce: null, rmsce: null });
  });

  it.skipIf(missing('vectors/calibration/expected.json')).each([5, 10, 15])(
    'is that of the reference: %s bins',
    (bins) => {
      const { p, y } = columnsOf(shared('vectors/calibration/input.csv'));
      const table = reliability(y, p, null, y.length, bins);
      const expected = vector('calibration', `spec-ece-${bins}`) as {
        ece: number;
        mce: number;
        rmsce: number;
        bins: [bin: number, n: number, mean: number, frequency: number][];
      };
      const { ece, mce, rmsce } = calibrationErrors(table);
      expect(Math.abs((ece ?? 0) - expected.ece)).toBeLessThan(1e-9);
      expect(Math.abs((mce ?? 0) - expected.mce)).toBeLessThan(1e-9);
      expect(Math.abs((rmsce ?? 0) - expected.rmsce)).toBeLessThan(1e-9);
      for (const [bin, weight, mean, frequency] of expected.bins) {
        const found = table[`bin${bin + 1}`];
        expect(found.weight).toBe(weight);
        expect(found.mean).toBeCloseTo(mean, 9);
        expect(found.frequency).toBeCloseTo(frequency, 9);
      }
    },
  );
});
