/**
 * Monitors of performance without labels: CBPE of a classifier, DLE of a regression.
 *
 * Both are fitted anew to each deployed version, on the lab's held-out rows. Without conditions of the scenario's own it alarms
 * where the estimate is worse than that version was in the lab by more than 3 standard errors of the two together, and warns
 * from 2 on.
 */
import { createLearner, LearnerError, type Predictor } from '../learn/index.js';
import type { Level } from '../watch/detectors/index.js';
import { type CbpeFit, cbpe, fitCbpe, type Labelled, realised } from '../watch/without-labels/cbpe.js';
import { dle, type LossSpread, loss, lossSpread, samplingError } from '../watch/without-labels/dle.js';
import type { ModelInService } from './model.js';
import type { Seen } from './monitor-values.js';
import type { Finding, Watcher } from './monitors.js';
import type { MonitorKind } from './plan.js';

type Estimates = Extract<MonitorKind, { kind: 'cbpe' | 'dle' }>;

/** What was fitted to a version. */
type Fitted = { readonly version: number; readonly value: number; readonly error: number } & (
  | { readonly kind: 'cbpe'; readonly fit: CbpeFit }
  | { readonly kind: 'dle'; readonly spread: LossSpread; readonly losses: Predictor }
);

const ALARM = 3;
const WARNING = 2;
/** A small forest: the losses of a model rarely have much shape. */
const LOSSES = { learner: 'forest', trees: 20, featureShare: 0.5, maxDepth: 6, minLeaf: 10 } as const;

export class EstimateInService implements Watcher {
  private fitted: Fitted | null = null;

  constructor(
    private readonly name: string,
    private readonly plan: Estimates,
    private readonly seed: number,
    private readonly replicate: number,
  ) {}

  startIn(): void {}
  trained(): void {}
  deployed(): void {}

  watch(seen: Seen): Finding {
    const model = seen.models.find(({ name }) => name === this.plan.model);
    if (model === undefined) return { statistic: null, level: 'none' };
    if (this.fitted?.version !== model.version) this.fitted = this.fit(model, seen);
    const { fitted } = this;
    if (fitted === null) return { statistic: null, level: 'none' };
    const { error, lower, upper, value } = this.estimate(fitted, model, seen);
    const worse = fitted.kind === 'cbpe' ? fitted.value - value : value - fitted.value;
    const together = Math.sqrt(error * error + fitted.error * fitted.error);
    const level: Level = worse > ALARM * together ? 'alarm' : worse > WARNING * together ? 'warning' : 'none';
    return { statistic: value, lower, upper, level };
  }

  private fit(model: ModelInService, { frame }: Seen): Fitted | null {
    const { plan } = this;
    const { version } = model;
    const held = model.heldOut();
    if (held === null) return null;
    const { features, n, prediction, target } = held;
    if (plan.kind === 'cbpe') {
      const rows: Labelled = { probability: prediction, predicted: decided(prediction, n, model), truth: target, n };
      const fit = fitCbpe(rows, frame.stream(`monitor.${this.name}`));
      const value = realised(rows)[plan.metric];
      return { kind: 'cbpe', version, fit, value, error: fit.error[plan.metric] / Math.sqrt(n) };
    }
    const spread = lossSpread(plan.metric, target, prediction, n);
    const losses = target.map((y, i) => loss(plan.metric, y, prediction[i]));
    const batch = { n, features: [...features, prediction], target: losses, weights: null };
    try {
      const key = { seed: this.seed, replicate: this.replicate, component: `monitor.${this.name}`, step: frame.t };
      const { predictor } = createLearner(LOSSES).fit([batch], null, key);
      const root = plan.metric === 'rmse' || plan.metric === 'rmsle';
      const value = root ? Math.sqrt(spread.mean) : spread.mean;
      return { kind: 'dle', version, spread, losses: predictor, value, error: samplingError(spread, n) };
    } catch (error) {
      if (error instanceof LearnerError) return null;
      throw error;
    }
  }

  private estimate(fitted: Fitted, model: ModelInService, { frame }: Seen) {
    const { plan } = this;
    const probability = frame.column(plan.model);
    const n = frame.rows;
    if (fitted.kind === 'cbpe' && plan.kind === 'cbpe')
      return cbpe(fitted.fit, { probability, predicted: decided(probability, n, model), n })[plan.metric];
    const expected = frame.buffer(`monitor.${this.name}`);
    if (fitted.kind === 'dle') fitted.losses.predict([...model.encoded(frame), probability], expected, n);
    return fitted.kind === 'dle' ? dle(fitted.spread, expected, n) : NONE;
  }
}

const NONE = { value: Number.NaN, error: Number.NaN, lower: Number.NaN, upper: Number.NaN };

const decided = (probability: Float64Array, n: number, { plan }: ModelInService): Float64Array =>
  probability.subarray(0, n).map((p) => (p > plan.threshold ? 1 : 0));
