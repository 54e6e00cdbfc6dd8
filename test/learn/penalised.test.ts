import { describe, expect, it } from 'vitest';
import { folds } from '../../src/learn/folds.js';
import { gram, meanSquare, pooled } from '../../src/learn/gram.js';
import { type Batch, createLearner, LearnerError, type LearnerOptions, type Predictor } from '../../src/learn/index.js';
import { batch, key, mean, normal, predict, repeated, someWeights, train } from '../support/learning.js';

const N = 400;
const D = 8;
const full = { intercept: true, standardise: false, refit: 'full', stepSize: 'auto' } as const;
const ridge = (strength: number, more = {}): LearnerOptions => ({ learner: 'ridge', ...full, strength, ...more });
const lasso = (strength: number, more = {}): LearnerOptions => ({ learner: 'lasso', ...full, strength, ...more });
const net = (strength: number, ratio: number, more = {}): LearnerOptions => ({
  learner: 'elastic-net',
  ...full,
  strength,
  ratio,
  ...more,
});
const theta = ({ coefficients }: Predictor) => [...(coefficients ?? [])];

/** Correlated columns of different scale. */
const common = normal('common', N);
const x = Array.from({ length: D }, (_, j) => normal(`x${j}`, N).map((v, i) => (j + 1) * (v + 0.7 * common[i]) + j));
const y = normal('e', N).map((e, i) => 3 + x[0][i] - 0.5 * x[3][i] + 0.2 * x[7][i] + 2 * e);
const weights = someWeights('w', N);
const problems: readonly (readonly [string, Batch])[] = [
  ['plain', batch(x, y)],
  ['weighted', batch(x, y, weights)],
  ['collinear', batch([...x, x[0].map((v, i) => 2 * v - x[1][i])], y)],
  ['twice the same', batch([x[0], x[0], x[3]], y)],
  ['nearly the same', batch([x[0], x[0].map((v, i) => v + 1e-5 * x[1][i]), x[3]], y)],
  [
    'more columns than rows',
    batch(
      x.concat(x.map((c) => c.map((v) => v * v))).map((c) => c.slice(0, 12)),
      y.slice(0, 12),
    ),
  ],
  ['a constant column', batch([...x, new Float64Array(N).fill(1e6 + 0.1)], y)],
];

/** The largest violation of the optimality conditions, from the rows themselves. */
function violation(problem: Batch, predictor: Predictor, l1: number, l2: number): number {
  const p = predict(predictor, problem.features);
  const w = problem.weights ?? new Float64Array(problem.n).fill(1);
  const total = w.reduce((sum, v) => sum + v, 0);
  const against = (c: (i: number) => number) =>
    w.reduce((sum, v, i) => sum + v * (problem.target[i] - p[i]) * c(i), 0) / total;
  const ofFeatures = theta(predictor).map((b, j) => {
    const g = against((i) => problem.features[j][i]);
    return b === 0 ? Math.max(0, Math.abs(g) - l1) : Math.abs(g - l2 * b - l1 * Math.sign(b));
  });
  return Math.max(Math.abs(against(() => 1)), ...ofFeatures);
}

describe.each(problems)('optimality conditions to 1e-8: %s', (name, problem) => {
  // A column of a million carries the rounding of its mean.
  const tolerance = name === 'a constant column' ? 1e-4 : 1e-8;

  it.each([0.001, 0.1, 1, 10])('ridge, strength %d', (strength) =>
    expect(violation(problem, train(ridge(strength), problem).predictor, 0, strength)).toBeLessThan(tolerance),
  );

  it.each([0.001, 0.03, 0.3, 3])('lasso, strength %d', (strength) => {
    const { note, predictor } = train(lasso(strength), problem);
    expect(violation(problem, predictor, strength, 0)).toBeLessThan(tolerance);
    expect(note).toBeNull();
  });

  it.each([
    [0.01, 0.5],
    [0.3, 0.5],
    [1, 0.1],
    [1, 0.9],
    [0.5, 0],
  ])('elastic net, strength %d, ratio %d', (strength, ratio) => {
    const { note, predictor } = train(net(strength, ratio), problem);
    expect(violation(problem, predictor, strength * ratio, strength * (1 - ratio))).toBeLessThan(tolerance);
    expect(note).toBeNull();
  });
});

describe('closed forms', () => {
  it('ridge is `linear` with l2, to the bit, and the elastic net of ratio 0', () => {
    const linear = train({ learner: 'linear', intercept: true, l2: 0.7, refit: 'full', stepSize: 'auto' }, batch(x, y));
    const ours = train(ridge(0.7), batch(x, y));
    expect(theta(ours.predictor)).toEqual(theta(linear.predictor));
    expect(ours.predictor.intercept).toBeCloseTo(linear.predictor.intercept ?? 0, 12);
    expect(ours.objective).toBeCloseTo(linear.objective, 10);
    expect(ours.predictor.sd).toBeCloseTo(linear.predictor.sd, 10);
    const asNet = theta(train(net(0.7, 0), batch(x, y)).predictor);
    theta(ours.predictor).forEach((b, j) => {
      expect(asNet[j]).toBeCloseTo(b, 9);
    });
  });

  it('lasso of orthonormal columns: the soft threshold of least squares', () => {
    const a = Float64Array.from({ length: 8 }, (_, i) => (i % 2 ? 1 : -1));
    const b = Float64Array.from({ length: 8 }, (_, i) => (i & 2 ? 1 : -1));
    const c = Float64Array.from({ length: 8 }, (_, i) => (i & 4 ? 1 : -1));
    const target = a.map((v, i) => 3 * v - 0.5 * b[i] + 0.2 * c[i] + 7);
    const { predictor } = train(lasso(0.3), batch([a, b, c], target));
    [2.7, -0.2, 0].forEach((v, j) => {
      expect(predictor.coefficients?.[j]).toBeCloseTo(v, 12);
    });
    expect(predictor.coefficients?.[2]).toBe(0);
    expect(predictor.intercept).toBeCloseTo(7, 12);
    const { predictor: both } = train(net(0.6, 0.5), batch([a, b, c], target));
    [2.7 / 1.3, -0.2 / 1.3, 0].forEach((v, j) => {
      expect(both.coefficients?.[j]).toBeCloseTo(v, 12);
    });
  });

  it('standardised: as on columns divided by their standard deviation', () => {
    const spread = x.map((column) => {
      const centre = mean(column);
      return Math.sqrt(mean(column.map((v) => (v - centre) ** 2)));
    });
    const divided = x.map((column, j) => column.map((v) => v / spread[j]));
    for (const options of [ridge, lasso, (s: number, more = {}) => net(s, 0.5, more)]) {
      const ours = theta(train(options(0.4, { standardise: true }), batch(x, y)).predictor);
      const theirs = theta(train(options(0.4), batch(divided, y)).predictor);
      ours.forEach((v, j) => {
        expect(v).toBeCloseTo(theirs[j] / spread[j], 9);
      });
    }
  });

  it('strength 0 is least squares, of least norm where columns are collinear', () => {
    const ols = theta(
      train({ learner: 'linear', intercept: true, l2: 0, refit: 'full', stepSize: 'auto' }, batch(x, y)).predictor,
    );
    for (const options of [ridge(0), lasso(0), net(0, 0.5)])
      expect(theta(train(options, batch(x, y)).predictor)).toEqual(ols);
    const { note, predictor } = train(lasso(0), batch([x[0], x[0]], y));
    expect(note).toContain('least norm');
    expect(predictor.coefficients?.[0]).toBeCloseTo(predictor.coefficients?.[1] ?? 0, 9);
  });

  it('takes weights as repetitions', () => {
    for (const options of [ridge(0.4), lasso(0.4), net(0.4, 0.5)]) {
      const [a, b] = [train(options, batch(x, y, weights)), train(options, repeated(x, y, weights))];
      theta(a.predictor).forEach((v, j) => {
        expect(v).toBeCloseTo(theta(b.predictor)[j], 10);
      });
      expect(a.predictor.sd).toBeCloseTo(b.predictor.sd, 10);
    }
  });

  it('a gradient step goes down the objective, and soft-thresholds', () => {
    const learner = createLearner(lasso(0.5, { refit: 'step', stepSize: 0.01 }));
    const before = learner.given(1, Float64Array.of(0.5, 0.004), 1);
    const two = [x[0], x[1]];
    const p = predict(before, two);
    const slope = (j: number) => mean(two[j].map((v, i) => v * (p[i] - y[i])));
    const soft = (v: number, by: number) => Math.sign(v) * Math.max(0, Math.abs(v) - by);
    const { predictor } = learner.fit([batch(two, y)], before);
    for (const [j, b] of [0.5, 0.004].entries())
      expect(predictor.coefficients?.[j]).toBeCloseTo(soft(b - 0.01 * slope(j), 0.005), 12);
    expect(predictor.intercept).toBeCloseTo(1 - 0.01 * mean(p.map((v, i) => v - y[i])), 12);
  });
});

/** x1 ~ N(0, 10), y = x1 + N(0, 10), x2 = y + N(0, 1): the moments themselves, by eight rows with exactly these. */
describe('P7a: the path over an anti-causal shortcut', () => {
  const sign = (bit: number) => Float64Array.from({ length: 8 }, (_, i) => (i & bit ? 1 : -1));
  const root = Math.sqrt(10);
  const x1 = sign(1).map((v) => root * v);
  const target = sign(2).map((v, i) => x1[i] + root * v);
  const x2 = sign(4).map((v, i) => target[i] + v);
  const rows = batch([x1, x2], target);
  const risk = (w: readonly number[], g: number) =>
    (1 - w[0] - g * w[1]) ** 2 * 10 + (1 - g * w[1]) ** 2 * 10 + w[1] ** 2;

  it.each([
    [0, 0.0909, 0.9091, 0.909, 70.33],
    [0.1, 0.0973, 0.9018, 0.91, 69.54],
    [1, 0.1408, 0.8451, 0.956, 63.8],
    [10, 0.2115, 0.5769, 2.57, 43.84],
    [100, 0.0765, 0.159, 12.94, 25.18],
  ])('ridge, strength %d: to the digits published', (strength, w1, w2, trained, flipped) => {
    const w = theta(train(ridge(strength), rows).predictor);
    expect(Math.abs(w[0] - w1)).toBeLessThan(5.01e-5);
    expect(Math.abs(w[1] - w2)).toBeLessThan(5.01e-5);
    expect(Math.abs(risk(w, 1) - trained)).toBeLessThan(0.00501);
    expect(Math.abs(risk(w, -1) - flipped)).toBeLessThan(0.00501);
  });

  // Published from 200,000 draws, to 0.01 and 1.5 %; the closed form is exact.
  it.each([
    [lasso(5), 0, 15 / 21, 59.2],
    [lasso(15), 0, 5 / 21, 30.5],
    [net(1, 0.5), 0.073, 0.873, 68.2],
    [net(10, 0.5), 0, 15 / 26, 50],
  ] as const)('%o: as published', (options, w1, w2, flipped) => {
    const w = theta(train(options, rows).predictor);
    expect(Math.abs(w[0] - w1)).toBeLessThan(w1 === 0 ? 1e-12 : 0.001);
    expect(Math.abs(w[1] - w2)).toBeLessThan(w1 === 0 ? 1e-12 : 0.001);
    expect(Math.abs(risk(w, -1) / flipped - 1)).toBeLessThan(0.015);
    // Nothing that is penalised beats the causal model.
    expect(risk(w, -1)).toBeGreaterThan(10);
  });

  it('the lasso drops the causal feature first: at 10/11', () => {
    expect(theta(train(lasso(10 / 11 - 1e-6), rows).predictor)[0]).toBeGreaterThan(0);
    expect(theta(train(lasso(10 / 11 + 1e-6), rows).predictor)[0]).toBe(0);
    expect(theta(train(lasso(20.01), rows).predictor)).toEqual([0, 0]);
  });
});

describe('the path', () => {
  it.each([
    ['lasso', (s: number) => lasso(s)],
    ['elastic net', (s: number) => net(s, 0.5)],
  ])('%s: is continuous, and shrinks', (_name, options) => {
    let before: number[] | null = null;
    for (let k = 0; k <= 200; k++) {
      const now = theta(train(options(10 ** (1 - k / 50)), batch(x, y)).predictor);
      if (before !== null) for (const [j, v] of now.entries()) expect(Math.abs(v - before[j])).toBeLessThan(0.1);
      before = now;
    }
  });

  it('a warm start comes to what a cold one does', async () => {
    const { coordinateDescent } = await import('../../src/learn/coordinate-descent.js');
    const sums = gram([batch(x, y)], D, true);
    let warm = new Float64Array(D);
    for (let k = 0; k < 60; k++) {
      const l1 = 3 * 0.9 ** k;
      warm = Float64Array.from(coordinateDescent(sums, l1, 0, warm).theta);
      const cold = coordinateDescent(sums, l1, 0, new Float64Array(D)).theta;
      for (let j = 0; j < D; j++) expect(Math.abs(warm[j] - cold[j])).toBeLessThan(1e-9);
    }
  });

  it.each([
    ['a multiple of another', (v: number) => 2 * v],
    ['another but for a share of 1e-12', (v: number, i: number) => 2 * v * (1 + 1e-12 * (i % 3))],
  ])('a column that is %s: all weight on the larger, without thousands of sweeps', (_name, of) => {
    const { iterations, note, predictor } = train(lasso(0.001), batch([x[0], x[0].map(of)], y));
    expect(note).toBeNull();
    expect(iterations).toBeLessThan(200);
    expect(predictor.coefficients?.[0]).toBe(0);
  });

  it('many correlated columns cost few sweeps', () => {
    const wide = Array.from({ length: 60 }, (_, j) => normal(`wide${j}`, 100).map((v, i) => v + 20 * common[i]));
    const { gradientNorm, iterations, note } = train(lasso(0.001), batch(wide, y.slice(0, 100)));
    expect(note).toBeNull();
    expect(gradientNorm).toBeLessThan(1e-8);
    expect(iterations).toBeLessThan(6000);
  });
});

describe('the strength by cross-validation', () => {
  const rows = batch(x, y, weights);
  const parts = folds([rows], 5, key('train'));
  const rest = (f: number) => parts.filter((_, k) => k !== f);

  it('folds hold each row with weight once, the same for the same key', () => {
    const all = parts.flatMap(({ target }) => [...target]).sort();
    expect(all).toEqual([...y].filter((_, i) => weights[i] > 0).sort());
    expect(folds([rows], 5, key('train'))).toEqual(parts);
    expect(folds([rows], 5, key('other'))).not.toEqual(parts);
  });

  it('pooled parts have the Gram matrix of the whole', () => {
    const whole = gram([rows], D, true);
    const of = pooled(
      parts.map((part) => gram([part], D, true)),
      true,
    );
    for (const name of ['matrix', 'vector', 'means'] as const)
      for (const [k, v] of of[name].entries()) expect(v).toBeCloseTo(whole[name][k], 9);
    expect(of.square).toBeCloseTo(whole.square, 9);
    expect(meanSquare(whole, new Float64Array(D), whole.targetMean)).toBeCloseTo(whole.square, 9);
  });

  /** The error of a strength over the folds, by fits and predictions of their own. */
  function errors(options: (strength: number) => LearnerOptions, strength: number): number[] {
    return parts.map((part, f) => {
      const p = predict(train(options(strength), ...rest(f)).predictor, part.features);
      const w = part.weights ?? [];
      return (
        p.reduce((sum, v, i) => sum + w[i] * (part.target[i] - v) ** 2, 0) / part.weights!.reduce((a, b) => a + b, 0)
      );
    });
  }

  it.each([
    ['ridge', ridge, 1e3, 1e-8],
    ['lasso', lasso, null, 1e-3],
    ['elastic net', (s: number, more = {}) => net(s, 0.5, more), null, 1e-3],
    ['lasso, standardised', (s: number, more = {}) => lasso(s, { standardise: true, ...more }), null, 1e-3],
  ] as const)('%s: picks what brute force picks, by either rule', (_name, options, factor, span) => {
    const of = (strength: unknown) => train(options(0, { strength }), rows);
    const best = of('auto');
    expect(best.note).toContain('5-fold cross-validation');
    const picked = best.predictor.strength ?? Number.NaN;
    expect(theta(best.predictor)).toEqual(theta(train(options(picked), rows).predictor));
    const sums = gram([rows], D, true);
    const spread = (j: number) => Math.sqrt(sums.matrix[j * D + j]);
    const isStandardised = _name.includes('standardised');
    const largest =
      factor !== null
        ? (factor * Array.from({ length: D }, (_, j) => spread(j) ** 2).reduce((a, b) => a + b)) / D
        : Math.max(...sums.vector.map((c, j) => Math.abs(c) / (isStandardised ? spread(j) : 1))) /
          (_name === 'elastic net' ? 0.5 : 1);
    const path = Array.from({ length: 100 }, (_, k) => largest * span ** (k / 99));
    const share = parts.map((part) => part.weights!.reduce((a, b) => a + b, 0) / weights.reduce((a, b) => a + b, 0));
    const table = path.map((strength) => errors(options, strength));
    const means = table.map((row) => row.reduce((sum, e, f) => sum + share[f] * e, 0));
    const least = means.indexOf(Math.min(...means));
    expect(picked).toBeCloseTo(path[least], 9);
    const error = Math.sqrt(table[least].reduce((sum, e) => sum + (e - means[least]) ** 2, 0) / (5 * 4));
    const careful = of({ cv: 5, rule: 'one-standard-error' }).predictor.strength ?? Number.NaN;
    expect(careful).toBeCloseTo(path[means.findIndex((m) => m <= means[least] + error)], 9);
    expect(careful).toBeGreaterThanOrEqual(picked);
  });

  it('takes as many folds as there are rows, and the largest strength where there is one row', () => {
    const few = batch([x[0].slice(0, 3)], y.slice(0, 3));
    expect(train(lasso(0, { strength: { cv: 10, rule: 'best' } }), few).note).toContain('3-fold');
    const one = train(lasso(0, { strength: 'auto' }), batch([x[0].slice(0, 1)], y.slice(0, 1)));
    expect(one.note).toContain('one row');
    expect(theta(one.predictor)).toEqual([0]);
    expect(one.predictor.intercept).toBe(y[0]);
  });
});

describe.each([
  ['ridge', ridge(0.1)],
  ['lasso', lasso(0.1)],
  ['elastic net', net(0.1, 0.5)],
  ['lasso by cross-validation', lasso(0, { strength: 'auto' })],
  ['ridge by cross-validation, standardised', ridge(0, { strength: 'auto', standardise: true })],
] as const)('%s: bad luck', (_name, options) => {
  it('gives a constant feature 0, a constant target its constant', () => {
    const found = train(options, batch([new Float64Array(N).fill(0.1), x[0]], y)).predictor;
    expect(found.coefficients?.[0]).toBe(0);
    const flat = train(options, batch(x, new Float64Array(N).fill(5))).predictor;
    for (const p of predict(flat, x)) expect(p).toBeCloseTo(5, 9);
  });

  it('takes a binary target as numbers', () => {
    const p = predict(
      train(
        options,
        batch(
          x,
          y.map((v) => (v > 3 ? 1 : 0)),
        ),
      ).predictor,
      x,
    );
    expect(p.every(Number.isFinite)).toBe(true);
  });

  it('takes columns of any scale', () => {
    for (const scale of [1e-200, 1e-150, 1e100, 1e140]) {
      const found = train(options, batch([x[0].map((v) => scale * v), x[1]], y)).predictor;
      expect(predict(found, [x[0].map((v) => scale * v), x[1]]).every(Number.isFinite)).toBe(true);
      expect(Number.isFinite(found.sd)).toBe(true);
    }
  });

  it('refuses no rows, and numbers that are not finite', () => {
    expect(() => train(options, batch([new Float64Array(0)], new Float64Array(0)))).toThrow(LearnerError);
    expect(() => train(options, batch([x[0].map((v, i) => (i === 7 ? Number.NaN : v))], y))).toThrow('not finite');
    expect(() =>
      train(
        options,
        batch(
          [x[0]],
          y.map((v) => v * 1e200),
        ),
      ),
    ).toThrow('too large');
  });
});
