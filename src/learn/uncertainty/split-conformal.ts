/**
 * Split conformal prediction: as wide as the errors on rows that were kept from the learner.
 *
 * A share `calibrate` of the rows is not learnt from; their scores are s_i = |y_i - f(x_i)|, or |y_i - f(x_i)| / scale(x_i)
 * where a scale is given (normalised). The interval is f(x) -+ scale(x) q, q the k-th smallest score,
 *
 *   k = ceil((n + 1) level),
 *
 * an order statistic, never interpolated; k > n gives the whole line.
 *
 * Weighted, for a world that is not that of the calibration rows: with likelihood ratios w(x) (Tibshirani et al. 2019), q is
 * the smallest score at which sum of w_i up to it >= level (sum of all w_i + w(x)); without one, the whole line. Equal ratios
 * give the rule above. Weights of individuals count as frequencies.
 *
 * Guarantee: for any learner and any distribution, exchangeable rows are covered with probability at least `level`, and at
 * most level + 1 / (n + 1) where no scores tie; on average over calibration samples, and over everybody: not for each slice,
 * and not after a shift (there, with the true ratio). Given one calibration sample, coverage is Beta(k, n + 1 - k).
 * Scale `learned`: the same learner fitted to the absolute residuals of the rows that it has learnt from (Lei et al. 2018,
 * section 5.2), not below a thousandth of their mean.
 * Defaults: calibrate 0.5, scale 1, ratio 1.
 * Sources: Vovk, Gammerman and Shafer (2005); Lei, G'Sell, Rinaldo, Tibshirani and Wasserman (2018), JASA 113(523);
 * Tibshirani, Foygel Barber, Candes and Ramdas (2019), NeurIPS.
 */
import { indices, pick } from '../../core/vector.js';
import { LearnerError, type Predictor } from '../learner.js';
import { around, type Points, type Rows, type Spread, type SpreadInput, type Uncertainty } from './uncertainty.js';

export interface ConformalOptions {
  readonly calibrate: number;
  /** Whether the scale is learned, rather than given with the rows. */
  readonly learnsScale: boolean;
}

export const splitConformal = ({ calibrate, learnsScale }: ConformalOptions): Uncertainty => ({
  calibrate,
  own: false,
  unbounded: true,
  fit(input) {
    const scale = learnsScale ? learnedScale(input) : null;
    return new ConformalSpread(scoresOf(input.calibration, input.predictor, scale), scale);
  },
});

/** Scores in the order in which they came, with their weights; null: all 1. */
export interface Scores {
  readonly values: Float64Array;
  readonly weights: Float64Array | null;
}

/** Sorted scores, ready to give the quantile at any level. */
export class Calibration {
  private readonly sorted: Float64Array;
  /** Sums of weights up to each score; null: 1, 2, 3, ... */
  private readonly sums: Float64Array | null;

  constructor({ values, weights }: Scores) {
    if (weights === null) {
      this.sorted = values.slice().sort();
      this.sums = null;
      return;
    }
    const order = indices(values.length).sort((a, b) => values[a] - values[b]);
    this.sorted = pick(values, order);
    this.sums = new Float64Array(order.length);
    let sum = 0;
    for (let k = 0; k < order.length; k++) {
      sum += weights[order[k]];
      this.sums[k] = sum;
    }
  }

  /** Total weight of the scores. */
  get total(): number {
    return this.sums === null ? this.sorted.length : (this.sums.at(-1) ?? 0);
  }

  /**
   * The smallest score at which the weight reaches level (total + own); `own` is the weight of the new row itself, whose
   * score is not known and counts as infinite. Infinity: no score does. -Infinity: a level of 0 or less is reached by none.
   */
  quantile(level: number, own = 1): number {
    if (level <= 0) return Number.NEGATIVE_INFINITY;
    if (level >= 1) return Number.POSITIVE_INFINITY;
    const { sorted, sums, total } = this;
    // A product such as 100 * 0.55 may come out above 55 by rounding alone.
    const target = level * (total + own) * (1 - 1e-13);
    if (sums === null) return sorted[Math.max(0, Math.ceil(target) - 1)] ?? Number.POSITIVE_INFINITY;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] >= target) high = middle;
      else low = middle + 1;
    }
    return sorted[low] ?? Number.POSITIVE_INFINITY;
  }
}

export class ConformalSpread implements Spread {
  private readonly calibration: Calibration;

  constructor(
    readonly scores: Scores,
    private readonly learned: LearnedScale | null,
  ) {
    this.calibration = new Calibration(scores);
  }

  /** The same with other scores. */
  withScores(scores: Scores): ConformalSpread {
    return new ConformalSpread(scores, this.learned);
  }

  /** How large an error is expected of each row, as it is given with it or as it was learned; null: 1. */
  scaleOf(points: Points): Float64Array | null {
    return points.scale ?? this.learned?.at(points.features, points.n) ?? null;
  }

  bounds(points: Points, level: number, out: Parameters<Spread['bounds']>[2]): void {
    const { ratio } = points;
    const scale = this.scaleOf(points);
    const common = ratio === null ? this.calibration.quantile(level) : Number.NaN;
    around(
      points,
      (i) => {
        const q = ratio === null ? common : this.calibration.quantile(level, ratio[i]);
        return scale === null || !Number.isFinite(q) ? q : q * scale[i];
      },
      out,
    );
  }
}

/** |y - f| / scale of rows, weighted by their weights and ratios. */
function scoresOf(rows: readonly Rows[], predictor: Predictor, learned: LearnedScale | null): Scores {
  const parts = rows.map((batch) => {
    const prediction = new Float64Array(batch.n);
    predictor.predict(batch.features, prediction, batch.n);
    return residualScores(batch, prediction, learned?.at(batch.features, batch.n) ?? batch.scale);
  });
  return joinScores(parts);
}

/** Scores of rows whose predictions and scales are known. */
export function residualScores(
  rows: Omit<Rows, 'features' | 'scale'>,
  prediction: Float64Array,
  scale: Float64Array | null,
): Scores {
  const { n, ratio, target, weights } = rows;
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = Math.abs(target[i] - prediction[i]) / (scale === null ? 1 : scale[i]);
  if (ratio === null) return { values, weights: weights?.slice(0, n) ?? null };
  return {
    values,
    weights: Float64Array.from({ length: n }, (_, i) => ratio[i] * (weights === null ? 1 : weights[i])),
  };
}

export function joinScores(parts: readonly Scores[]): Scores {
  const n = parts.reduce((sum, { values }) => sum + values.length, 0);
  const values = new Float64Array(n);
  const weights = parts.some((part) => part.weights !== null) ? new Float64Array(n).fill(1) : null;
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    if (part.weights !== null) weights?.set(part.weights, at);
    at += part.values.length;
  }
  return { values, weights };
}

class LearnedScale {
  constructor(
    private readonly predictor: Predictor,
    private readonly least: number,
  ) {}

  at(features: readonly Float64Array[], n: number): Float64Array {
    const out = new Float64Array(n);
    this.predictor.predict(features, out, n);
    for (let i = 0; i < n; i++) out[i] = Math.max(this.least, out[i]);
    return out;
  }
}

/** Null where residuals cannot be learnt: everybody has the scale 1. */
function learnedScale({ learner, learnt, predictor }: SpreadInput): LearnedScale | null {
  let sum = 0;
  let weight = 0;
  const residuals = learnt.map((batch) => {
    const target = new Float64Array(batch.n);
    predictor.predict(batch.features, target, batch.n);
    for (let i = 0; i < batch.n; i++) {
      target[i] = Math.abs(batch.target[i] - target[i]);
      const w = batch.weights === null ? 1 : batch.weights[i];
      sum += w * target[i];
      weight += w;
    }
    return { ...batch, target };
  });
  if (!(sum > 0)) return null;
  try {
    return new LearnedScale(learner.fit(residuals, null).predictor, (1e-3 * sum) / weight);
  } catch (error) {
    if (!(error instanceof LearnerError)) throw error;
    return null;
  }
}
