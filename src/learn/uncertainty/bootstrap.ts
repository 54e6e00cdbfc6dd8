/**
 * Bootstrap ensemble: the same learner fitted to resamples of its rows; where the members disagree, it does not know.
 *
 * Each of `members` fits has the rows drawn with replacement (as weights: how often each was drawn), from a stream of its own.
 * The spread of a numeric prediction is sd(x)^2 = v(x) + s^2: the members' variance (divisor members - 1) and that of the
 * training residuals; of a probability it is v(x) alone, and bounds stay between 0 and 1. The interval is
 * f(x) -+ z sd(x), around the version that has learnt from all rows, z the (1 + level) / 2 quantile of the normal.
 *
 * Guarantee: none in small samples; as many rows come, that of the residual normal. It widens where the learner is unstable,
 * such as outside the data. Defaults: 20 members.
 * Sources: Efron (1979), Annals of Statistics 7(1); Heskes (1997), Practical confidence and prediction intervals, NeurIPS.
 */
import { normalQuantile } from '../../core/normal.js';
import type { Stream } from '../../core/random/index.js';
import { LearnerError, type Predictor } from '../learner.js';
import { around, type Rows, type SpreadInput, type Uncertainty } from './uncertainty.js';

export interface BootstrapOptions {
  readonly members: number;
  readonly kind: 'numeric' | 'binary';
}

export const bootstrapEnsemble = ({ kind, members }: BootstrapOptions): Uncertainty => ({
  calibrate: 0,
  own: true,
  unbounded: false,
  fit(input) {
    const ensemble = Array.from({ length: members }, (_, k) => member(input, k)).filter((m) => m !== null);
    const noise = kind === 'numeric' ? input.predictor.sd ** 2 : 0;
    return {
      bounds(points, level, out) {
        const { features, n } = points;
        const spread = new Float64Array(n);
        disagreement(ensemble, features, n, spread);
        for (let i = 0; i < n; i++) spread[i] = Math.sqrt(spread[i] + noise);
        const z = normalQuantile(0.5 + level / 2);
        around(points, (i) => z * spread[i], out);
        out.sd?.set(spread);
        if (kind === 'numeric') return;
        for (let i = 0; i < n; i++) {
          out.lower[i] = Math.max(0, out.lower[i]);
          out.upper[i] = Math.min(1, out.upper[i]);
        }
      },
    };
  },
});

/** One member; null where its resample cannot be learnt from. */
function member({ learner, learnt, previous, stream }: SpreadInput, k: number): Predictor | null {
  if (learnt.length === 0) return null;
  try {
    return learner.fit(resampled(learnt, stream(`bootstrap.${k}`)), previous).predictor;
  } catch (error) {
    if (!(error instanceof LearnerError)) throw error;
    return null;
  }
}

/** As many rows as there are, drawn with replacement: how often each was drawn multiplies its weight. */
function resampled(rows: readonly Rows[], stream: Stream): Rows[] {
  const weights = rows.map(({ n }) => new Float64Array(n));
  const starts: number[] = [];
  let total = 0;
  for (const { n } of rows) {
    starts.push(total);
    total += n;
  }
  const owner = new Uint32Array(total);
  rows.forEach(({ n }, b) => void owner.fill(b, starts[b], starts[b] + n));
  for (let i = 0; i < total; i++) {
    const row = Math.floor(stream.uniform() * total);
    const b = owner[row];
    weights[b][row - starts[b]] += rows[b].weights?.[row - starts[b]] ?? 1;
  }
  return rows.map((batch, b) => ({ ...batch, weights: weights[b] }));
}

/** Variance of the members' predictions of each row. */
function disagreement(
  ensemble: readonly Predictor[],
  features: readonly Float64Array[],
  n: number,
  out: Float64Array,
): void {
  const mean = new Float64Array(n);
  const prediction = new Float64Array(n);
  ensemble.forEach((predictor, k) => {
    predictor.predict(features, prediction, n);
    // Welford (1962): no digits are lost where the members agree.
    for (let i = 0; i < n; i++) {
      const delta = prediction[i] - mean[i];
      mean[i] += delta / (k + 1);
      out[i] += delta * (prediction[i] - mean[i]);
    }
  });
  const divisor = Math.max(1, ensemble.length - 1);
  for (let i = 0; i < n; i++) out[i] /= divisor;
}
