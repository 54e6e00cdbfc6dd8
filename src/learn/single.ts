/**
 * The learners of ml-regression that take one feature and no weights.
 *
 * - exponential: f(x) = b exp(a x), least squares of log y on x; y must be above 0.
 * - power: f(x) = a x^b, least squares of log y on log x; both must be above 0.
 * - theil-sen: f(x) = a + b x, b the median of the slopes of all pairs of rows, a the median of y - b x; at most 5,000 rows.
 * - robust-polynomial: of the polynomials through groups of degree + 1 rows, the one with the least median squared residual.
 *
 * The spread `sd` divides the squared residuals by n - 2. LearnerError: too few rows; values that a curve cannot take.
 *
 * Source: Sen (1968), "Estimates of the regression coefficient based on Kendall's tau", JASA 63(324); Rousseeuw (1984), "Least
 * median of squares regression", JASA 79(388).
 */
import { ExponentialRegression, PowerRegression, RobustPolynomialRegression, TheilSenRegression } from 'ml-regression';
import seedrandom from 'seedrandom';
import { type Batch, type Learner, LearnerError, type Predictor } from './learner.js';

interface Curve {
  predict(x: number): number;
  toJSON(): unknown;
}

export type SingleKind = 'exponential' | 'power' | 'theil-sen' | 'robust-polynomial';

/** Rows a Theil-Sen fit can take: it looks at every pair. */
const THEIL_SEN_ROWS = 5000;

const curves: Readonly<Record<SingleKind, (x: number[], y: number[], degree: number) => Curve>> = {
  exponential(x, y) {
    if (y.some((v) => v <= 0)) throw new LearnerError('an exponential curve needs a positive target');
    return new ExponentialRegression(x, y);
  },
  power(x, y) {
    if (x.some((v) => v <= 0) || y.some((v) => v <= 0))
      throw new LearnerError('a power curve needs a positive feature and target');
    return new PowerRegression(x, y);
  },
  'theil-sen'(x, y) {
    if (x.length > THEIL_SEN_ROWS) {
      throw new LearnerError(
        `Theil-Sen looks at every pair of rows and takes at most ${THEIL_SEN_ROWS}, not ${x.length}`,
      );
    }
    return new TheilSenRegression(x, y);
  },
  // The library counts coefficients, and calls their number the degree.
  'robust-polynomial': (x, y, degree) => repeatably(() => new RobustPolynomialRegression(x, y, degree + 1)),
};

/**
 * ml-regression groups the rows for its robust polynomial with `Math.random`, which would give every run another trace.
 * While it fits, the numbers come from a stream that is the same for every fit: the curve depends on the rows alone.
 */
function repeatably<T>(work: () => T): T {
  const { random } = Math;
  Math.random = seedrandom.alea('robust-polynomial');
  try {
    return work();
  } finally {
    Math.random = random;
  }
}

export function single(kind: SingleKind, degree = 2): Learner {
  return {
    given() {
      throw new LearnerError(`${kind} cannot start from given coefficients`);
    },
    fit(batches) {
      const { x, y } = rows(batches);
      if (x.length < degree + 1) throw new LearnerError(`${kind} needs more than ${x.length} rows`);
      const predictor = predictorOf(kind, curveThrough(kind, x, y, degree), x, y);
      return { predictor, objective: predictor.sd ** 2, iterations: 1, gradientNorm: 0, note: null };
    },
  };
}

/** What the library cannot fit, such as a feature that never varies, it tells by errors of its own. */
function curveThrough(kind: SingleKind, x: number[], y: number[], degree: number): Curve {
  try {
    return curves[kind](x, y, degree);
  } catch (error) {
    if (error instanceof LearnerError || !(error instanceof Error)) throw error;
    throw new LearnerError(`${kind} found no curve through these rows (${error.message})`);
  }
}

function rows(batches: readonly Batch[]): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  for (const { features, n, target, weights } of batches) {
    for (let i = 0; i < n; i++) {
      if (weights !== null && weights[i] === 0) continue;
      x.push(features[0][i]);
      y.push(target[i]);
    }
  }
  return { x, y };
}

function predictorOf(kind: SingleKind, curve: Curve, x: readonly number[], y: readonly number[]): Predictor {
  const squares = x.reduce((sum, v, i) => sum + (y[i] - curve.predict(v)) ** 2, 0);
  if (!Number.isFinite(squares)) throw new LearnerError(`${kind} found no finite curve through these rows`);
  return curvePredictor(kind, curve, Math.sqrt(squares / Math.max(1, x.length - 2)));
}

export function curvePredictor(kind: SingleKind, curve: Curve, sd: number): Predictor {
  return {
    ...lineOf(curve),
    sd,
    predict(features, out, n) {
      for (let i = 0; i < n; i++) out[i] = curve.predict(features[0][i]);
    },
    toJSON: () => ({ learner: kind, curve: curve.toJSON(), sd }),
  };
}

/** Theil-Sen's curve is a line. */
const lineOf = (curve: Curve): { intercept: number | null; coefficients: Float64Array | null } =>
  curve instanceof TheilSenRegression
    ? { intercept: curve.intercept, coefficients: Float64Array.of(curve.slope) }
    : { intercept: null, coefficients: null };

const classes: Readonly<Record<SingleKind, { load(json: unknown): Curve }>> = {
  exponential: ExponentialRegression,
  power: PowerRegression,
  'theil-sen': TheilSenRegression,
  'robust-polynomial': RobustPolynomialRegression,
};

export const isSingle = (kind: string): kind is SingleKind => Object.hasOwn(classes, kind);

/** The robust polynomial leaves out its name, and asks for it. */
export const restoredCurve = (kind: SingleKind, json: Readonly<Record<string, unknown>>): Curve =>
  classes[kind].load(kind === 'robust-polynomial' ? { ...json, name: 'robustPolynomialRegression' } : json);
