import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../src/core/normal.js';
import { fillNormal, Stream } from '../../../src/core/random/index.js';
import { studentQuantile } from '../../../src/core/student.js';
import { createLearner } from '../../../src/learn/index.js';
import { createUncertainty, type Rows, type UncertaintyOptions } from '../../../src/learn/uncertainty/index.js';
import { Calibration, ConformalSpread } from '../../../src/learn/uncertainty/split-conformal.js';

const stream = (component: string, seed = 1) => new Stream({ seed, replicate: 0, component, step: 0 });
const normals = (name: string, n: number, seed = 1): Float64Array => {
  const out = new Float64Array(n);
  fillNormal(stream(name, seed), out, n);
  return out;
};
const rowsOf = (features: Float64Array[], target: Float64Array): Rows => ({
  n: target.length,
  features,
  target,
  weights: null,
  scale: null,
  ratio: null,
});

/** Fits the model and its spread, and gives the bounds at points. */
function bounds(
  options: UncertaintyOptions,
  learn: Rows,
  calibration: readonly Rows[],
  at: Float64Array[],
  { intercept = true, l2 = 0, level = 0.9 } = {},
) {
  const learner = createLearner({ learner: 'linear', intercept, l2, refit: 'full', stepSize: 'auto' });
  const { predictor } = learner.fit([learn], null);
  const method = createUncertainty(options, { kind: 'numeric', intercept, l2 });
  const input = { learner, predictor, previous: null, learnt: [learn], calibration, stream };
  const n = at[0].length;
  const prediction = new Float64Array(n);
  predictor.predict(at, prediction, n);
  const out = { lower: new Float64Array(n), upper: new Float64Array(n), sd: new Float64Array(n) };
  method.fit(input).bounds({ n, features: at, prediction, scale: null, ratio: null }, level, out);
  return { ...out, prediction, predictor };
}

const x = normals('x', 30);
const z = normals('z', 30);
const noise = normals('noise', 30);
const y = x.map((v, i) => 2 * v - z[i] + 5 + noise[i]);

describe('residual normal', () => {
  it('is as wide everywhere', () => {
    const { lower, predictor, prediction, upper } = bounds({ kind: 'residual' }, rowsOf([x, z], y), [], [x, z]);
    lower.forEach((low, i) => {
      expect(prediction[i] - low).toBeCloseTo(normalQuantile(0.95) * predictor.sd, 12);
      expect(upper[i] - prediction[i]).toBeCloseTo(normalQuantile(0.95) * predictor.sd, 12);
    });
  });
});

describe('Bayesian linear regression', () => {
  it('with a flat prior is the classical prediction interval of simple regression', () => {
    const far = Float64Array.of(0, 1, 10);
    const { lower, prediction, sd, upper } = bounds({ kind: 'bayesian' }, rowsOf([x], y), [], [far]);
    const mean = (v: Float64Array) => v.reduce((a, b) => a + b, 0) / v.length;
    const [mx, my] = [mean(x), mean(y)];
    const sxx = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
    const slope = x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0) / sxx;
    const rss = y.reduce((sum, v, i) => sum + (v - my - slope * (x[i] - mx)) ** 2, 0);
    far.forEach((at, i) => {
      const scale = Math.sqrt((rss / 28) * (1 + 1 / 30 + (at - mx) ** 2 / sxx));
      expect(upper[i] - prediction[i]).toBeCloseTo(studentQuantile(0.95, 28) * scale, 10);
      expect(prediction[i] - lower[i]).toBeCloseTo(studentQuantile(0.95, 28) * scale, 10);
      expect(sd[i]).toBeCloseTo(scale * Math.sqrt(28 / 26), 10);
    });
    expect(sd[2]).toBeGreaterThan(1.5 * sd[0]);
  });

  it('with a penalty is the conjugate posterior predictive: of one feature without an intercept, by hand', () => {
    const l2 = 0.4;
    const at = Float64Array.of(-1, 3);
    const { prediction, sd } = bounds({ kind: 'bayesian' }, rowsOf([x], y), [], [at], { intercept: false, l2 });
    const xx = x.reduce((sum, v) => sum + v * v, 0);
    const xy = x.reduce((sum, v, i) => sum + v * y[i], 0);
    const yy = y.reduce((sum, v) => sum + v * v, 0);
    const precision = xx + 30 * l2;
    const posterior = xy / precision;
    // b_n = (y'y - mu' Lambda_n mu) / 2, a_n = n / 2: scale^2 = b_n / a_n (1 + x^2 / Lambda_n).
    at.forEach((v, i) => {
      const scale = Math.sqrt(((yy - posterior * posterior * precision) / 30) * (1 + (v * v) / precision));
      expect(prediction[i]).toBeCloseTo(posterior * v, 12);
      expect(sd[i]).toBeCloseTo(scale * Math.sqrt(30 / 28), 10);
    });
  });

  it('takes collinear columns', () => {
    const { sd } = bounds({ kind: 'bayesian' }, rowsOf([x, x], y), [], [x, x]);
    expect(sd.every(Number.isFinite)).toBe(true);
  });

  it('covers as it promises, also with few rows', () => {
    let covered = 0;
    const runs = 4000;
    for (let run = 0; run < runs; run++) {
      const few = normals('few', 6, run);
      const e = normals('few noise', 6, run);
      const truth = few.map((v, i) => 3 * v + e[i]);
      const { lower, upper } = bounds(
        { kind: 'bayesian' },
        rowsOf([few.slice(0, 5)], truth.slice(0, 5)),
        [],
        [few.slice(5)],
      );
      if (truth[5] >= lower[0] && truth[5] <= upper[0]) covered++;
    }
    expect(Math.abs(covered / runs - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / runs));
  });
});

describe('split conformal', () => {
  const scores = (values: number[], weights: number[] | null = null) =>
    new Calibration({
      values: Float64Array.from(values),
      weights: weights === null ? null : Float64Array.from(weights),
    });

  it('takes the ceil((n + 1) level)-th smallest score', () => {
    const nine = scores([9, 1, 8, 2, 7, 3, 6, 4, 5]);
    expect(nine.quantile(0.5)).toBe(5);
    expect(nine.quantile(0.51)).toBe(6);
    expect(nine.quantile(0.9)).toBe(9);
    expect(nine.quantile(0.91)).toBe(Number.POSITIVE_INFINITY);
    expect(nine.quantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(nine.quantile(1.01)).toBe(Number.POSITIVE_INFINITY);
    expect(nine.quantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(scores([]).quantile(0.1)).toBe(Number.POSITIVE_INFINITY);
    // 100 * 0.55 is a little more than 55 in floating point.
    expect(scores(Array.from({ length: 99 }, (_, k) => k + 1)).quantile(0.55)).toBe(55);
  });

  it('with equal weights is the same; with others the smallest score that reaches the share', () => {
    const values = [9, 1, 8, 2, 7, 3, 6, 4, 5];
    for (const level of [0.05, 0.3, 0.5, 0.51, 0.9, 0.91])
      expect(
        scores(
          values,
          values.map(() => 2),
        ).quantile(level, 2),
      ).toBe(scores(values).quantile(level));
    expect(scores([1, 2, 3], [1, 1, 6]).quantile(0.2, 1)).toBe(2);
    expect(scores([1, 2, 3], [1, 1, 6]).quantile(0.3, 1)).toBe(3);
    expect(scores([1, 2, 3], [1, 1, 1]).quantile(0.5, 10)).toBe(Number.POSITIVE_INFINITY);
  });

  it('covers, on average over calibration samples, ceil((n + 1) level) / (n + 1), whatever the model', () => {
    // n = 24 at 0.9: the 23rd of 25 places, 0.92.
    const runs = 3000;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const values = normals('conformal', 25, run).map(Math.abs);
      const spread = new ConformalSpread({ values: values.slice(0, 24), weights: null }, null);
      const out = { lower: new Float64Array(1), upper: new Float64Array(1), sd: null };
      const prediction = new Float64Array(1);
      spread.bounds({ n: 1, features: [], prediction, scale: null, ratio: null }, 0.9, out);
      if (values[24] <= out.upper[0]) covered++;
    }
    expect(Math.abs(covered / runs - 0.92)).toBeLessThan(4 * Math.sqrt((0.92 * 0.08) / runs));
  });

  it('gives the empty set and the whole line as they are', () => {
    const spread = new ConformalSpread({ values: Float64Array.of(1, 2, 3), weights: null }, null);
    const out = { lower: new Float64Array(1), upper: new Float64Array(1), sd: null };
    const points = { n: 1, features: [], prediction: Float64Array.of(5), scale: Float64Array.of(0), ratio: null };
    spread.bounds(points, 1, out);
    expect([out.lower[0], out.upper[0]]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    spread.bounds(points, 0, out);
    expect([out.lower[0], out.upper[0]]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it('with a learned scale is wide where errors are large', () => {
    const n = 4000;
    const at = normals('at', n).map((v) => Math.abs(v));
    const e = normals('e', n);
    const target = at.map((v, i) => v + v * e[i]);
    const half = (from: number, to: number) => rowsOf([at.slice(from, to)], target.slice(from, to));
    const { lower, upper } = bounds(
      { kind: 'conformal', calibrate: 0.5, learnsScale: true },
      half(0, 2000),
      [half(2000, n)],
      [Float64Array.of(0.5, 2)],
    );
    // The spread is proportional to x: so must be the width.
    expect((upper[1] - lower[1]) / (upper[0] - lower[0])).toBeGreaterThan(3);
    expect((upper[1] - lower[1]) / (upper[0] - lower[0])).toBeLessThan(5);
  });
});

describe('bootstrap ensemble', () => {
  it('has the spread of the residuals, and beyond it how much its members disagree', () => {
    const far = Float64Array.of(0, 30);
    const members = 200;
    const { predictor, prediction, sd, upper } = bounds({ kind: 'bootstrap', members }, rowsOf([x], y), [], [far]);
    expect(sd[0]).toBeGreaterThan(predictor.sd);
    // The variance of a slope under resampling is near the sandwich estimate.
    const mx = x.reduce((a, b) => a + b, 0) / 30;
    const sxx = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
    const at = (v: number) => (predictor.intercept ?? 0) + (predictor.coefficients?.[0] ?? 0) * v;
    const sandwich = x.reduce((sum, v, i) => sum + (v - mx) ** 2 * (y[i] - at(v)) ** 2, 0) / sxx ** 2;
    const ratio = (sd[1] ** 2 - predictor.sd ** 2) / (sandwich * (30 - mx) ** 2);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
    expect(upper[1] - prediction[1]).toBeCloseTo(normalQuantile(0.95) * sd[1], 10);
    const again = bounds({ kind: 'bootstrap', members }, rowsOf([x], y), [], [far]);
    expect(again.sd).toEqual(sd);
  });
});
