import { describe, expect, it } from 'vitest';
import { logFactorial } from '../../../src/core/random/draws.js';
import {
  fillBernoulli,
  fillBeta,
  fillCategorical,
  fillExponential,
  fillGamma,
  fillNormal,
  fillPoisson,
  fillUniform,
  Stream,
} from '../../../src/core/random/index.js';

const N = 200_000;
const stream = (component: string, step = 0, seed = 1, replicate = 0) =>
  new Stream({ seed, replicate, component, step });
const column = (value: number) => new Float64Array(N).fill(value);
const draw = (fill: (s: Stream, out: Float64Array, n: number) => void, name: string) => {
  const out = new Float64Array(N);
  fill(stream(name), out, N);
  return out;
};

function moments(x: Float64Array) {
  const mean = x.reduce((s, v) => s + v, 0) / x.length;
  let m2 = 0;
  for (const v of x) m2 += (v - mean) ** 2;
  return { mean, variance: m2 / x.length };
}
const share = (x: Float64Array, test: (v: number) => boolean) =>
  x.reduce((s, v) => s + (test(v) ? 1 : 0), 0) / x.length;

/** Mean and variance within 4.5 standard errors; `fourth` is the fourth central moment of the distribution. */
function expectMoments(x: Float64Array, mean: number, variance: number, fourth: number) {
  const got = moments(x);
  expect(Math.abs(got.mean - mean)).toBeLessThan(4.5 * Math.sqrt(variance / N));
  expect(Math.abs(got.variance - variance)).toBeLessThan(4.5 * Math.sqrt((fourth - variance ** 2) / N));
}
/** A probability within 4.5 standard errors. */
function expectShare(got: number, p: number) {
  expect(Math.abs(got - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / N));
}

describe('block-wise draws have the moments and tails of their distribution', () => {
  it('uniform', () => {
    const x = draw(fillUniform, 'u');
    expectMoments(x, 1 / 2, 1 / 12, 1 / 80);
    expect(x.every((v) => v >= 0 && v < 1)).toBe(true);
    expectShare(
      share(x, (v) => v < 0.001),
      0.001,
    );
    expectShare(
      share(x, (v) => v > 0.999),
      0.001,
    );
  });

  it('normal, with its tails', () => {
    const x = draw(fillNormal, 'n');
    expectMoments(x, 0, 1, 3);
    expectShare(
      share(x, (v) => v > 1),
      0.15865525393145707,
    );
    expectShare(
      share(x, (v) => v < -2),
      0.022750131948179195,
    );
    expectShare(
      share(x, (v) => Math.abs(v) > 3),
      0.0026997960632601866,
    );
    // Beyond the ziggurat's last edge, where the tail sampler takes over.
    expectShare(
      share(x, (v) => Math.abs(v) > 3.6541528853610088),
      2.5799e-4,
    );
    const skewness = x.reduce((s, v) => s + v ** 3, 0) / N;
    expect(Math.abs(skewness)).toBeLessThan(4.5 * Math.sqrt(15 / N));
    const kurtosis = x.reduce((s, v) => s + v ** 4, 0) / N;
    expect(Math.abs(kurtosis - 3)).toBeLessThan(4.5 * Math.sqrt(96 / N));
  });

  it('exponential', () => {
    const x = draw(fillExponential, 'e');
    expectMoments(x, 1, 1, 9);
    expectShare(
      share(x, (v) => v > 5),
      Math.exp(-5),
    );
  });

  it('Bernoulli, with bounds and missing probabilities', () => {
    const p = column(0.3);
    const x = draw((s, out, n) => fillBernoulli(s, p, out, n), 'b');
    expectShare(moments(x).mean, 0.3);
    const odd = new Float64Array(4);
    fillBernoulli(stream('odd'), Float64Array.of(-1, 2, Number.NaN, 0), odd, 4);
    expect([...odd]).toEqual([0, 1, Number.NaN, 0]);
  });

  it.each([0.3, 1, 2.5, 40])('gamma of shape %f', (shape) => {
    const x = draw((s, out, n) => fillGamma(s, column(shape), out, n), `g${shape}`);
    expectMoments(x, shape, shape, 3 * shape ** 2 + 6 * shape);
    if (shape === 1)
      expectShare(
        share(x, (v) => v > 5),
        Math.exp(-5),
      );
  });

  it('beta(2, 3), with its closed-form tail', () => {
    const x = draw((s, out, n) => fillBeta(s, column(2), column(3), out, n), 'beta');
    const variance = 6 / (25 * 6);
    const excess = (6 * ((2 - 3) ** 2 * 6 - 6 * 7)) / (6 * 7 * 8);
    expectMoments(x, 0.4, variance, variance ** 2 * (excess + 3));
    // F(x) = 6x^2 - 8x^3 + 3x^4
    expectShare(
      share(x, (v) => v < 0.1),
      6 * 0.01 - 8 * 0.001 + 3 * 0.0001,
    );
  });

  it.each([0.5, 6, 29.9, 30, 400])('Poisson of mean %f, on both sides of the switch of method', (mean) => {
    const x = draw((s, out, n) => fillPoisson(s, column(mean), out, n), `p${mean}`);
    expectMoments(x, mean, mean, mean + 3 * mean ** 2);
    const k = Math.floor(mean + 3 * Math.sqrt(mean));
    let below = 0;
    for (let i = 0; i <= k; i++) below += Math.exp(i * Math.log(mean) - mean - logFactorial(i));
    expectShare(
      share(x, (v) => v > k),
      1 - below,
    );
  });

  it('categorical, with categories that cannot occur', () => {
    const x = draw((s, out, n) => fillCategorical(s, [0, 7, 3, 0], out, n), 'c');
    expectShare(
      share(x, (v) => v === 1),
      0.7,
    );
    expectShare(
      share(x, (v) => v === 2),
      0.3,
    );
  });

  it('gives a missing draw where a parameter has no meaning', () => {
    const out = new Float64Array(3);
    fillGamma(stream('bad'), Float64Array.of(-1, 0, Number.NaN), out, 3);
    expect([...out]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    fillPoisson(stream('bad'), Float64Array.of(-1, Number.NaN, 0), out, 3);
    expect([...out]).toEqual([Number.NaN, Number.NaN, 0]);
  });
});

describe('streams', () => {
  it('are the same for the same key and do not depend on what else is drawn', () => {
    expect(draw(fillNormal, 'same')).toEqual(draw(fillNormal, 'same'));
  });

  it.each([
    ['step', stream('a', 1), stream('a', 2)],
    ['component', stream('a', 1), stream('b', 1)],
    ['seed', stream('a', 1, 1), stream('a', 1, 2)],
    ['replicate', stream('a', 1, 1, 0), stream('a', 1, 1, 1)],
  ])('of different %s are uncorrelated, also one place apart', (_, one, other) => {
    const x = new Float64Array(N);
    const y = new Float64Array(N);
    fillNormal(one, x, N);
    fillNormal(other, y, N);
    for (const lag of [0, 1]) {
      let product = 0;
      for (let i = 0; i + lag < N; i++) product += x[i] * y[i + lag];
      expect(Math.abs(product / N)).toBeLessThan(4.5 / Math.sqrt(N));
    }
  });

  it('have uncorrelated first draws over consecutive steps', () => {
    const first = Float64Array.from({ length: 20_000 }, (_, step) => stream('a', step).uniform() - 0.5);
    for (const lag of [1, 2, 10]) {
      let product = 0;
      for (let i = 0; i + lag < first.length; i++) product += first[i] * first[i + lag];
      expect(Math.abs(product / first.length) * 12).toBeLessThan(4.5 / Math.sqrt(first.length));
    }
  });

  it('have first draws that are independent over consecutive steps, more than two at a time', () => {
    // Pólya's urn, a draw a step: after n steps each share k / (n + 2), k = 1 .. n + 1, is as likely.
    const n = 10;
    const runs = 20_000;
    const shares = new Float64Array(runs);
    for (let r = 0; r < runs; r++) {
      let k = 1;
      for (let t = 0; t < n; t++) if (stream('urn', t, 1, r).uniform() < k / (t + 2)) k++;
      shares[r] = k / (n + 2);
    }
    const variance = n / (12 * (n + 2));
    const got = moments(shares);
    expect(Math.abs(got.mean - 1 / 2)).toBeLessThan(4.5 * Math.sqrt(variance / runs));
    // Kurtosis of an even draw from n + 1 values.
    const kurtosis = (3 * (3 * (n + 1) ** 2 - 7)) / (5 * ((n + 1) ** 2 - 1));
    expect(Math.abs(got.variance / variance - 1)).toBeLessThan(4.5 * Math.sqrt((kurtosis - 1) / runs));
  }, 20_000);

  it('keep every other individual as it was when one individual gets another parameter', () => {
    const shapes = column(2);
    const before = draw((s, out, n) => fillGamma(s, shapes, out, n), 'crn');
    shapes[5] = 0.1;
    const after = draw((s, out, n) => fillGamma(s, shapes, out, n), 'crn');
    expect(before.findIndex((v, i) => v !== after[i])).toBe(5);
    expect(before.filter((v, i) => v !== after[i])).toHaveLength(1);
  });
});
