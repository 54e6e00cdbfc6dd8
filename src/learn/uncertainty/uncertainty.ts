/** What every kind of uncertainty is: from a version and rows that it has, or has not, learnt from to its intervals. */
import type { Stream } from '../../core/random/index.js';
import type { Batch, Learner, Predictor } from '../learner.js';

/** Rows with what conformal intervals need to know of them; null: 1 for everybody. */
export interface Rows extends Batch {
  /** How large an error is expected: residuals are measured in it. */
  readonly scale: Float64Array | null;
  /** Likelihood ratio: how much likelier such a row is where the model is used than where it was calibrated. */
  readonly ratio: Float64Array | null;
}

/** The first `n` rows for which an interval is asked. */
export interface Points {
  readonly n: number;
  readonly features: readonly Float64Array[];
  readonly prediction: Float64Array;
  readonly scale: Float64Array | null;
  readonly ratio: Float64Array | null;
}

/** Where intervals are written; `sd` where the spread is each individual's own. */
export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly sd: Float64Array | null;
}

/** How wrong a version may be. It belongs to the version, and never changes. */
export interface Spread {
  /**
   * Writes the bounds of intervals of nominal coverage `level`. A bound may be infinite: (-Infinity, Infinity) is the
   * whole line, and (Infinity, -Infinity) the empty set, which covers nothing.
   */
  bounds(points: Points, level: number, out: Bounds): void;
}

/** What a spread is fitted from. */
export interface SpreadInput {
  readonly learner: Learner;
  readonly predictor: Predictor;
  /** The version before; null in the lab. */
  readonly previous: Predictor | null;
  /** The rows that the version has learnt from; none if it was given. */
  readonly learnt: readonly Rows[];
  /** Rows kept from it. */
  readonly calibration: readonly Rows[];
  /** A stream of its own for each thing that draws. */
  stream(component: string): Stream;
}

export interface Uncertainty {
  /** Share of the rows that is kept from the learner, for calibration. */
  readonly calibrate: number;
  /** Whether the spread differs from individual to individual, so that `score.sd` is a column. */
  readonly own: boolean;
  /** Whether an interval may be the whole line. */
  readonly unbounded: boolean;
  fit(input: SpreadInput): Spread;
}

/** Writes `prediction -+ half`. */
export function around({ n, prediction }: Points, half: (i: number) => number, { lower, upper }: Bounds): void {
  for (let i = 0; i < n; i++) {
    const h = half(i);
    lower[i] = prediction[i] - h;
    upper[i] = prediction[i] + h;
  }
}
