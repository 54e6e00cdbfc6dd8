import { MultivariateLinearRegression, PolynomialRegression, TheilSenRegression } from 'ml-regression';
import { describe, expect, it } from 'vitest';
import { fillNormal, fillUniform, Stream } from '../../src/core/random/index.js';
import { type Batch, createLearner, LearnerError, type LearnerOptions, type Predictor } from '../../src/learn/index.js';

const N = 500;
const key = (component: string) => ({ seed: 1, replicate: 0, component, step: 0 });
function normal(component: string, n = N): Float64Array {
  const out = new Float64Array(n);
  fillNormal(new Stream(key(component)), out, n);
  return out;
}
function uniform(component: string, n = N): Float64Array {
  const out = new Float64Array(n);
  fillUniform(new Stream(key(component)), out, n);
  return out;
}
const batch = (features: Float64Array[], target: Float64Array, weights: Float64Array | null = null): Batch => ({
  n: target.length,
  features,
  target,
  weights,
});
const x = [normal('x0'), normal('x1').map((v) => 3 * v + 10)];
const y = normal('e').map((e, i) => 4 + 2 * x[0][i] - 0.5 * x[1][i] + e);
const label = uniform('u').map((u, i) => (u < 1 / (1 + Math.exp(-(x[0][i] - 0.3 * x[1][i] + 3))) ? 1 : 0));
const weights = uniform('w').map((u) => Math.floor(4 * u));
const times = (column: Float64Array) => Float64Array.from([...column].flatMap((v, i) => Array(weights[i]).fill(v)));

const full = { refit: 'full', stepSize: 'auto' } as const;
const ols: LearnerOptions = { learner: 'linear', intercept: true, l2: 0, ...full };
const logit: LearnerOptions = {
  learner: 'logistic',
  intercept: true,
  l2: 0.01,
  solver: 'newton',
  tolerance: 1e-10,
  lossTolerance: 1e-7,
  ...full,
};
const train = (options: LearnerOptions, ...batches: Batch[]) => createLearner(options).fit(batches, null);
const theta = ({ coefficients, intercept }: Predictor) => [...(coefficients ?? []), intercept ?? Number.NaN];
const close = (a: readonly number[], b: readonly number[], tolerance: number) => {
  expect(a).toHaveLength(b.length);
  for (const [k, v] of a.entries()) expect(Math.abs(v - b[k])).toBeLessThan(tolerance);
};
const predict = (predictor: Predictor, features: Float64Array[]) => {
  const out = new Float64Array(features[0].length);
  predictor.predict(features, out, out.length);
  return out;
};

describe('linear', () => {
  it('leaves residuals that are orthogonal to the features and sum to 0', () => {
    const { predictor } = train(ols, batch(x, y));
    const residual = predict(predictor, x).map((p, i) => y[i] - p);
    expect(Math.abs(residual.reduce((a, b) => a + b, 0))).toBeLessThan(1e-9);
    for (const column of x) expect(Math.abs(residual.reduce((sum, r, i) => sum + r * column[i], 0))).toBeLessThan(1e-8);
    const squares = residual.reduce((sum, r) => sum + r * r, 0);
    expect(predictor.sd).toBeCloseTo(Math.sqrt(squares / (N - 3)), 10);
  });

  it('has the closed form of one feature: covariance over variance', () => {
    const { predictor } = train(ols, batch([x[1]], y));
    const mean = (c: Float64Array) => c.reduce((a, b) => a + b, 0) / N;
    const [mx, my] = [mean(x[1]), mean(y)];
    const slope = mean(x[1].map((v, i) => (v - mx) * (y[i] - my))) / mean(x[1].map((v) => (v - mx) ** 2));
    close(theta(predictor), [slope, my - slope * mx], 1e-11);
  });

  it("has the answer of ml-regression's class", () => {
    const rows = [...x[0]].map((v, i) => [v, x[1][i]]);
    const { weights } = new MultivariateLinearRegression(
      rows,
      [...y].map((v) => [v]),
    );
    close(
      theta(train(ols, batch(x, y)).predictor),
      weights.map(([weight]) => weight),
      1e-10,
    );
  });

  it('shrinks one feature by var / (var + l2), and not the intercept', () => {
    const plain = train(ols, batch([x[0]], y)).predictor;
    const ridge = train({ ...ols, l2: 0.7 }, batch([x[0]], y)).predictor;
    const mean = x[0].reduce((a, b) => a + b, 0) / N;
    const variance = x[0].reduce((sum, v) => sum + (v - mean) ** 2, 0) / N;
    expect(ridge.coefficients?.[0]).toBeCloseTo(((plain.coefficients?.[0] ?? 0) * variance) / (variance + 0.7), 11);
  });

  it('takes weights as repetitions, and batches as one', () => {
    const repeated = train(ols, batch(x.map(times), times(y))).predictor;
    close(theta(train(ols, batch(x, y, weights)).predictor), theta(repeated), 1e-10);
    const half = (from: number, to: number) =>
      batch(
        x.map((c) => c.slice(from, to)),
        y.slice(from, to),
      );
    close(theta(train(ols, half(0, 123), half(123, N)).predictor), theta(train(ols, batch(x, y)).predictor), 1e-11);
  });

  it.each([true, false])(
    'learns from weighted batches, some of them small, as from all their rows, intercept %s',
    (intercept) => {
      const cut = (from: number, to: number) =>
        batch(
          x.map((c) => c.slice(from, to)),
          y.slice(from, to),
          weights.slice(from, to),
        );
      const parts = [cut(0, 200), cut(200, 220), cut(220, 400), cut(400, N)];
      for (const count of [2, 3, 4]) {
        const met = parts.slice(0, count);
        const rows = met.reduce((sum, { n }) => sum + n, 0);
        const { objective, predictor } = train({ ...ols, intercept }, ...met);
        const afresh = train({ ...ols, intercept }, cut(0, rows));
        close(theta(predictor), theta(afresh.predictor), 1e-11);
        expect(objective).toBeCloseTo(afresh.objective, 11);
      }
      // The same batches once more, with the other intercept.
      close(
        theta(train({ ...ols, intercept: !intercept }, ...parts).predictor),
        theta(train({ ...ols, intercept: !intercept }, cut(0, N)).predictor),
        1e-11,
      );
    },
  );

  it('keeps its digits where features are far from 0', () => {
    const far = x.map((c) => c.map((v) => v + 1e8));
    const slopes = (p: Predictor) => [...(p.coefficients ?? [])];
    close(slopes(train(ols, batch(far, y)).predictor), slopes(train(ols, batch(x, y)).predictor), 1e-7);
  });

  it('takes the least norm where features are collinear, and says so', () => {
    const { note, predictor } = train(ols, batch([x[0], x[0]], y));
    expect(note).toContain('least norm');
    const single = train(ols, batch([x[0]], y)).predictor.coefficients?.[0] ?? 0;
    close([...(predictor.coefficients ?? [])], [single / 2, single / 2], 1e-9);
  });

  it('is not thrown by a constant feature, and refuses rows without labels or with numbers too large', () => {
    expect(theta(train(ols, batch([new Float64Array(N).fill(3), x[0]], y)).predictor).every(Number.isFinite)).toBe(
      true,
    );
    expect(() => train(ols, batch([new Float64Array(0)], new Float64Array(0)))).toThrow('no labelled rows');
    expect(() => train(ols, batch([x[0].map((v) => v * 1e200)], y))).toThrow('too large');
  });

  it('takes one gradient step from the version before', () => {
    const learner = createLearner({ ...ols, refit: 'step', stepSize: 0.01 } as LearnerOptions);
    const before = learner.given(1, Float64Array.of(0.5, -0.2), 1);
    const p = predict(before, x);
    const mean = (f: (i: number) => number) => p.reduce((sum, _, i) => sum + f(i), 0) / N;
    const error = (i: number) => p[i] - y[i];
    const expected = [
      0.5 - 0.01 * mean((i) => error(i) * x[0][i]),
      -0.2 - 0.01 * mean((i) => error(i) * x[1][i]),
      1 - 0.01 * mean(error),
    ];
    close(theta(learner.fit([batch(x, y)], before).predictor), expected, 1e-12);
  });
});

describe('logistic', () => {
  const gradient = (predictor: Predictor, l2: number) => {
    const p = predict(predictor, x);
    const mean = (f: (i: number) => number) => p.reduce((sum, _, i) => sum + f(i), 0) / N;
    return [
      ...x.map((c, j) => mean((i) => (p[i] - label[i]) * c[i]) + l2 * (predictor.coefficients?.[j] ?? 0)),
      mean((i) => p[i] - label[i]),
    ];
  };

  it.each([0, 0.01, 1])('meets the optimality conditions to 1e-10, l2 = %d', (l2) => {
    const { gradientNorm, note, predictor } = train({ ...logit, l2 } as LearnerOptions, batch(x, label));
    expect(Math.hypot(...gradient(predictor, l2))).toBeLessThan(1e-10);
    expect(gradientNorm).toBeLessThan(1e-10);
    expect(note).toBeNull();
  });

  it('takes weights as repetitions', () =>
    close(
      theta(train(logit, batch(x, label, weights)).predictor),
      theta(train(logit, batch(x.map(times), times(label))).predictor),
      1e-8,
    ));

  it('has the log-odds as its intercept where no feature helps', () => {
    const { predictor } = train({ ...logit, l2: 0 } as LearnerOptions, batch([new Float64Array(N)], label));
    const rate = label.reduce((a, b) => a + b, 0) / N;
    expect(predictor.intercept).toBeCloseTo(Math.log(rate / (1 - rate)), 9);
  });

  it('stops where classes can be separated, and says so; a penalty decides', () => {
    const separable = x[0].map((v) => (v > 0 ? 1 : 0));
    const found = train({ ...logit, l2: 0 } as LearnerOptions, batch([x[0]], separable));
    expect(found.note).not.toBeNull();
    expect(theta(found.predictor).every(Number.isFinite)).toBe(true);
    expect(train(logit, batch([x[0]], separable)).note).toBeNull();
  });

  it('predicts a constant where there is one class', () => {
    const { note, predictor } = train(logit, batch(x, new Float64Array(N).fill(1)));
    expect(note).toContain('one class');
    expect(predict(predictor, x)[0]).toBeCloseTo((N + 0.5) / (N + 1), 12);
  });

  it('comes to the same by gradient descent', () => {
    const scaled = [x[0], x[1].map((v) => (v - 10) / 3)];
    const descent = { ...logit, solver: 'gradient-descent', lossTolerance: 1e-15 } as LearnerOptions;
    close(
      theta(train(descent, batch(scaled, label)).predictor),
      theta(train(logit, batch(scaled, label)).predictor),
      1e-5,
    );
  });

  it('takes one step of 2 / (s + 2 l2), s the squared row norms over 4 n', () => {
    const learner = createLearner({ ...logit, refit: 'step' } as LearnerOptions);
    const before = learner.given(0.1, Float64Array.of(0.2, -0.1), 1);
    const s = x.flatMap((c) => [...c]).reduce((sum, v) => sum + v * v, N) / (4 * N);
    const size = 2 / (s + 0.02);
    const expected = theta(before).map((b, j) => b - size * gradient(before, 0.01)[j]);
    close(theta(learner.fit([batch(x, label)], before).predictor), expected, 1e-12);
  });
});

describe('mean', () => {
  it('has the mean and the spread, weights as frequencies', () => {
    const { predictor } = train({ learner: 'mean', ddof: 1, ...full }, batch([], y, weights));
    const all = times(y);
    const centre = all.reduce((a, b) => a + b, 0) / all.length;
    expect(predictor.intercept).toBeCloseTo(centre, 11);
    expect(predictor.sd).toBeCloseTo(Math.sqrt(all.reduce((s, v) => s + (v - centre) ** 2, 0) / (all.length - 1)), 11);
  });
});

describe('curves', () => {
  const u = uniform('curve', 60).map((v) => 1 + v);

  it('polynomial: as ml-regression', () => {
    const z = u.map((v, i) => v ** 3 - 2 * v + y[i] / 10);
    const ours = predict(train({ learner: 'polynomial', degree: 3, intercept: true }, batch([u], z)).predictor, [u]);
    const theirs = new PolynomialRegression([...u], [...z], 3);
    for (let i = 0; i < 60; i++) expect(ours[i]).toBeCloseTo(theirs.predict(u[i]), 6);
  });

  it.each([
    ['exponential', (v: number) => 2 * Math.exp(0.5 * v)],
    ['power', (v: number) => 3 * v ** 1.7],
    ['theil-sen', (v: number) => 4 - 2 * v],
  ] as const)('%s: finds the curve that there is', (learner, curve) => {
    const ours = predict(train({ learner }, batch([u], u.map(curve))).predictor, [u]);
    for (let i = 0; i < 60; i++) expect(ours[i]).toBeCloseTo(curve(u[i]), 3);
  });

  it('theil-sen: as ml-regression, outliers and all', () => {
    const z = u.map((v, i) => (i % 9 === 0 ? 100 : 4 - 2 * v));
    const ours = predict(train({ learner: 'theil-sen' }, batch([u], z)).predictor, [u]);
    const theirs = new TheilSenRegression([...u], [...z]);
    for (let i = 0; i < 60; i++) expect(ours[i]).toBe(theirs.predict(u[i]));
  });

  it('refuse what they cannot take', () => {
    expect(() =>
      train(
        { learner: 'exponential' },
        batch(
          [u],
          u.map((v) => -v),
        ),
      ),
    ).toThrow('positive');
    expect(() => train({ learner: 'power' }, batch([u.map((v) => -v)], u))).toThrow('positive');
    expect(() => train({ learner: 'theil-sen' }, batch([normal('big', 6000)], normal('big2', 6000)))).toThrow('5000');
  });
});

it('robust-polynomial finds a parabola of degree 2, whatever a few rows say', () => {
  const x = Float64Array.from({ length: 60 }, (_, i) => i / 10);
  const y = x.map((v, i) => (i % 7 === 0 ? 100 : v * v + 1));
  const { predictor } = train({ learner: 'robust-polynomial', degree: 2 }, batch([x], y));
  expect(predict(predictor, [Float64Array.of(3)])[0]).toBeCloseTo(10, 9);
});

it('robust-polynomial gives the same curve for the same rows, and leaves Math.random alone', () => {
  const random = Math.random;
  const fits = [1, 2, 3].map(() =>
    predict(train({ learner: 'robust-polynomial', degree: 2 }, batch([x[0]], y)).predictor, [x[0]]),
  );
  expect(fits[1]).toEqual(fits[0]);
  expect(fits[2]).toEqual(fits[0]);
  expect(Math.random).toBe(random);
});

it.each([{ learner: 'theil-sen' }, { learner: 'robust-polynomial', degree: 2 }] as const)(
  '$learner refuses a constant feature as a learner does',
  (options) => {
    const constant = new Float64Array(N).fill(3);
    expect(() => train(options, batch([constant], y))).toThrow(LearnerError);
  },
);
