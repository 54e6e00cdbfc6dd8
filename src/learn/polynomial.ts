/**
 * Polynomial regression: the powers 1 to `degree` of each feature, by least squares.
 *
 * Features are centred and scaled to [-1, 1] first, so that high powers stay comparable; the coefficients are of the
 * scaled powers and are kept to the predictor.
 *
 * f(x) = b + sum_j sum_{p = 1}^{degree} theta_jp z_j^p, z_j the scaled feature: powers of each alone, no products.
 * Defaults: degree 2, an intercept. LearnerError: as `linear`.
 *
 * Source: Montgomery, Peck, Vining (2012), Introduction to Linear Regression Analysis, 5th ed., chapter 7.
 */
import { type Batch, type Learner, LearnerError, type Predictor } from './learner.js';
import { linear } from './linear.js';

export interface PolynomialOptions {
  readonly degree: number;
  readonly intercept: boolean;
}

export interface Scaling {
  readonly centre: number;
  readonly half: number;
}

export function polynomial({ degree, intercept }: PolynomialOptions): Learner {
  const inner = linear({ intercept, l2: 0, refit: 'full', stepSize: 'auto' });
  return {
    given() {
      throw new LearnerError('a polynomial cannot start from given coefficients');
    },
    fit(batches) {
      const d = batches[0]?.features.length ?? 0;
      // Without an intercept the curve passes through 0, which centring would move.
      const scalings = Array.from({ length: d }, (_, j) => scalingOf(batches, j, intercept));
      const expanded = batches.map((batch) => ({
        ...batch,
        features: expand(batch.features, scalings, degree, batch.n),
      }));
      const fit = inner.fit(expanded, null);
      return { ...fit, predictor: polynomialPredictor(fit.predictor, scalings, degree) };
    },
  };
}

export function polynomialPredictor(inner: Predictor, scalings: readonly Scaling[], degree: number): Predictor {
  return {
    intercept: inner.intercept,
    coefficients: null,
    sd: inner.sd,
    predict(features, out, n) {
      inner.predict(expand(features, scalings, degree, n), out, n);
    },
    toJSON: () => ({ learner: 'polynomial', degree, scalings, scaled: inner.toJSON() }),
  };
}

function scalingOf(batches: readonly Batch[], j: number, centred: boolean): Scaling {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { features, n } of batches) {
    for (let i = 0; i < n; i++) {
      low = Math.min(low, features[j][i]);
      high = Math.max(high, features[j][i]);
    }
  }
  const centre = centred ? (low + high) / 2 : 0;
  const half = Math.max(Math.abs(low - centre), Math.abs(high - centre));
  return { centre, half: half > 0 ? half : 1 };
}

function expand(
  features: readonly Float64Array[],
  scalings: readonly Scaling[],
  degree: number,
  n: number,
): Float64Array[] {
  return features.flatMap((x, j) => {
    const { centre, half } = scalings[j];
    const base = new Float64Array(n);
    for (let i = 0; i < n; i++) base[i] = (x[i] - centre) / half;
    const powers = [base];
    for (let k = 2; k <= degree; k++) {
      const before = powers[powers.length - 1];
      powers.push(before.map((v, i) => v * base[i]));
    }
    return powers;
  });
}
