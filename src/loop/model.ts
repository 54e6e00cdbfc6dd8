/** A model in service: the version that is deployed, the versions that wait, and the records it may learn from. */
import type { Frame } from '../core/frame.js';
import { normalQuantile } from '../core/normal.js';
import type { Batch, Fit, Predictor } from '../learn/index.js';
import { constant, LearnerError } from '../learn/index.js';
import { inWindow } from '../retrain/window.js';
import { binaryMetrics, intervalMetrics, regressionMetrics } from '../watch/metrics/index.js';
import type { Feature, ModelPlan } from './plan.js';
import { finite, type Metrics, type ModelRecord } from './trace.js';

/** Coefficients beyond this mean that the loop diverges: the next steps could not be told from overflow. */
export const DIVERGED = 1e12;

interface Version {
  readonly predictor: Predictor;
  /** Step at the end of which it was trained; -1 is the lab. */
  readonly trained: number;
  readonly lab: Metrics;
}

/** Rows of one step that have been recorded: what the model saw, what it said, and the label. */
interface Records {
  readonly t: number;
  readonly batch: Batch;
  readonly prediction: Float64Array;
}

/** What came of a training, for the trace. */
export interface Training {
  readonly kind: 'train' | 'kept' | 'diverged';
  readonly message: string | null;
}

export class ModelInService {
  version = 0;
  private deployed: Version | null = null;
  private latest: Version | null = null;
  private readonly waiting: { version: Version; due: number }[] = [];
  private trainings = 0;
  /** Means of the encoded features where they were trained: they stand in for missing values. */
  private means: Float64Array | null = null;
  private lab: { train: Batch; test: Batch } | null = null;
  private window: Records[] = [];
  private queue: (Records & { due: number })[] = [];
  private lastFit: Fit | null = null;
  private lastGap: number | null = null;

  constructor(public plan: ModelPlan) {}

  get name(): string {
    return this.plan.name;
  }

  /** Trains the first version in the lab, or takes the one that the scenario gives. */
  startIn(lab: Frame, train: Float64Array | null, test: Float64Array | null): string | null {
    const { plan } = this;
    const features = this.encode(lab);
    const target = lab.column(plan.target);
    this.lab = {
      train: labelled(lab.rows, features, target, train, true),
      test: labelled(lab.rows, features, target, test ?? train, true),
    };
    let predictor: Predictor;
    let note: string | null = null;
    if (plan.start !== null) {
      const { start } = plan;
      const names = plan.columns;
      predictor = plan.learner.given(
        start.intercept,
        Float64Array.from(names, (n) => start.coefficients[n] ?? 0),
        start.sd,
      );
    } else {
      try {
        const fit = plan.learner.fit([this.lab.train], null);
        predictor = fit.predictor;
        note = fit.note;
      } catch (error) {
        if (!(error instanceof LearnerError)) throw error;
        predictor = constant(plan.kind === 'binary' ? 0.5 : 0);
        note = `${error.message}: a constant is deployed instead`;
      }
    }
    this.latest = { predictor, trained: -1, lab: this.score(predictor, this.lab.test) };
    this.deployed = this.latest;
    this.version = 1;
    // A version that was given has not been trained on the lab's rows.
    this.window = plan.start === null ? [{ t: -1, batch: this.lab.train, prediction: target }] : [];
    return note;
  }

  /** Step 5: the prediction of the deployed version, and its interval where formulas use it. */
  predict(frame: Frame): void {
    const { plan, deployed } = this;
    if (deployed === null) return;
    const out = frame.buffer(`prediction.${plan.name}`);
    deployed.predictor.predict(this.encode(frame), out, frame.rows);
    frame.columns.set(plan.name, out);
    this.publish(frame);
    if (!plan.interval) return;
    const lower = frame.buffer(`lower.${plan.name}`);
    const upper = frame.buffer(`upper.${plan.name}`);
    const half = normalQuantile(0.5 + plan.level / 2) * deployed.predictor.sd;
    for (let i = 0; i < frame.rows; i++) {
      lower[i] = out[i] - half;
      upper[i] = out[i] + half;
    }
    frame.columns.set(`${plan.name}.lower`, lower);
    frame.columns.set(`${plan.name}.upper`, upper);
  }

  /** The numbers that formulas may use: coefficients, spread, version. */
  publish(frame: Frame): void {
    const { deployed, name } = this;
    if (deployed === null) return;
    const { predictor } = deployed;
    frame.scalars.set(`${name}.intercept`, predictor.intercept ?? Number.NaN);
    frame.scalars.set(`${name}.sd`, predictor.sd);
    frame.scalars.set(`${name}.norm`, norm(predictor.coefficients));
    frame.scalars.set(`${name}.version`, this.version);
    const names = this.plan.columns;
    for (let k = 0; k < names.length; k++) {
      frame.scalars.set(`${name}.coef.${names[k]}`, predictor.coefficients?.[k] ?? Number.NaN);
    }
  }

  /**
   * Predictions of the deployed version at points of one's own: `given` has columns of `n` values by name of the encoded
   * feature; the other features stand at their means in the lab.
   */
  predictAt(given: ReadonlyMap<string, Float64Array>, out: Float64Array, n: number): void {
    const columns = this.plan.columns.map(
      (name, k) => given.get(name) ?? new Float64Array(n).fill(this.means?.[k] ?? 0),
    );
    this.deployed?.predictor.predict(columns, out, n);
  }

  coefficient(field: string): number {
    const k = this.plan.columns.indexOf(field);
    return this.deployed?.predictor.coefficients?.[k] ?? 0;
  }

  /** The linear predictor from what people show. */
  linear(frame: Frame, out: Float64Array): void {
    const predictor = this.deployed?.predictor;
    const columns = this.encode(frame, 'shown.');
    out.fill(predictor?.intercept ?? 0);
    columns.forEach((column, k) => {
      const c = predictor?.coefficients?.[k] ?? 0;
      for (let i = 0; i < out.length; i++) out[i] += c * column[i];
    });
  }

  /** The features as numeric columns, missing values replaced by the means of the lab. */
  private encode(frame: Frame, layer: 'seen.' | 'shown.' = 'seen.'): Float64Array[] {
    const columns: Float64Array[] = [];
    for (const feature of this.plan.features) {
      const source = frame.column(feature.column.replace('seen.', layer));
      if (feature.levels === null) columns.push(source);
      else
        for (let k = 1; k < feature.levels.length; k++) columns.push(indicator(frame, this.name, feature, k, source));
    }
    this.means ??= Float64Array.from(columns, (column) => meanOf(column));
    const { means } = this;
    return columns.map((column, k) => imputed(frame, `impute.${this.name}.${k}`, column, means[k]));
  }

  /** Step 9: keeps what was recorded until its label arrives. `keep`: the records may be learnt from later. */
  record(frame: Frame, weights: Float64Array | null, delay: number, keep: boolean): void {
    const { t } = frame;
    const { target, window } = this.plan;
    const label = frame.column(`recorded.${target}`);
    // Records of this step alone are learnt from before the next one overwrites them.
    const survives = delay > 0 || (keep && !(window.kind === 'last' && window.steps === 1));
    const features = keep ? this.encode(frame) : [];
    const batch = labelled(frame.rows, features, label, weights, survives);
    const prediction = frame.column(this.name);
    this.queue.push({
      t,
      due: t + delay,
      batch,
      prediction: compactLike(prediction, label, weights, survives),
    });
  }

  /** Step 10: metrics on the labels that arrive at step t. */
  observe(t: number, keep: boolean): Metrics {
    const arrived = this.queue.filter((records) => records.due <= t);
    this.queue = this.queue.filter((records) => records.due > t);
    if (keep) this.window.push(...arrived);
    this.window = this.window.filter((records) => inWindow(this.plan.window, records.t, t));
    const latest = arrived[arrived.length - 1];
    if (latest === undefined) return this.empty();
    return this.metrics(latest.batch.target, latest.prediction, latest.batch.weights, latest.batch.n);
  }

  /** Labels that arrive at step t, in number. */
  arriving(t: number): number {
    return this.queue.reduce((sum, r) => sum + (r.due <= t ? countOf(r.batch) : 0), 0);
  }

  /** Metrics of the deployed version on rows, from any vantage point. */
  metrics(truth: Float64Array, prediction: Float64Array, weights: Float64Array | null, n: number): Metrics {
    const { plan } = this;
    return finiteMetrics(
      plan.kind === 'binary'
        ? { ...binaryMetrics(truth, prediction, weights, n, plan.threshold) }
        : { ...regressionMetrics(truth, prediction, weights, n) },
    );
  }

  interval(frame: Frame): Metrics {
    const { name, plan } = this;
    const lower = frame.column(`${name}.lower`);
    const upper = frame.column(`${name}.upper`);
    const { coverage, width, winkler } = intervalMetrics(
      frame.column(plan.target),
      lower,
      upper,
      frame.weights,
      frame.rows,
      plan.level,
    );
    return finiteMetrics({ coverage, width, winkler });
  }

  private empty(): Metrics {
    const none = new Float64Array(0);
    return this.metrics(none, none, null, 0);
  }

  get labMetrics(): Metrics {
    return this.deployed?.lab ?? this.empty();
  }

  private score(predictor: Predictor, batch: Batch): Metrics {
    const out = new Float64Array(batch.n);
    predictor.predict(batch.features, out, batch.n);
    return this.metrics(batch.target, out, batch.weights, batch.n);
  }

  /** Step 11: learns from the records in the window; a version that cannot be learnt leaves the old one in place. */
  train(t: number): Training {
    const { deployed, lab, latest, plan } = this;
    this.lastFit = null;
    this.lastGap = null;
    const batches = this.window.map((records) => records.batch).filter((batch) => batch.n > 0);
    if (deployed === null || latest === null || lab === null) return { kind: 'kept', message: 'nothing is deployed' };
    if (batches.length === 0) return { kind: 'kept', message: 'no labels have arrived: the old version is kept' };
    let fit: Fit;
    try {
      fit = plan.learner.fit(batches, latest.predictor);
    } catch (error) {
      if (!(error instanceof LearnerError)) throw error;
      return { kind: 'kept', message: `${error.message}: the old version is kept` };
    }
    const size = Math.max(Math.abs(fit.predictor.intercept ?? 0), norm(fit.predictor.coefficients), fit.predictor.sd);
    if (!(size < DIVERGED)) {
      return { kind: 'diverged', message: `the coefficients have grown to a norm of ${size.toExponential(2)}` };
    }
    this.lastFit = fit;
    this.lastGap = distance(fit.predictor, latest.predictor);
    this.trainings++;
    this.latest = { predictor: fit.predictor, trained: t, lab: this.score(fit.predictor, lab.test) };
    if (this.trainings % plan.deployment.every === 0) {
      this.waiting.push({ version: this.latest, due: t + 1 + plan.deployment.lag });
    }
    return { kind: 'train', message: fit.note };
  }

  /** Nothing was trained at this step. */
  idle(): void {
    this.lastFit = null;
    this.lastGap = null;
  }

  /** Deploys what is due at step t; returns whether something was. */
  deploy(t: number): boolean {
    let changed = false;
    while (this.waiting.length > 0 && this.waiting[0].due <= t) {
      this.deployed = this.waiting.shift()?.version ?? this.deployed;
      this.version++;
      changed = true;
    }
    return changed;
  }

  describe(): Omit<ModelRecord, 'metrics'> {
    const { deployed, lastFit, lastGap, plan, version } = this;
    const predictor = deployed?.predictor;
    const names = plan.columns;
    const coefficients = predictor?.coefficients ?? null;
    return {
      version,
      trained: deployed?.trained ?? -1,
      intercept: finite(predictor?.intercept),
      coef: coefficients === null ? null : Object.fromEntries(names.map((name, k) => [name, finite(coefficients[k])])),
      sd: finite(predictor?.sd),
      norm: coefficients === null ? null : finite(norm(coefficients)),
      objective: finite(lastFit?.objective),
      gap: finite(lastGap),
    };
  }
}

function indicator(frame: Frame, model: string, feature: Feature, level: number, source: Float64Array): Float64Array {
  const out = frame.buffer(`indicator.${model}.${feature.name}.${level}`);
  for (let i = 0; i < frame.rows; i++) out[i] = Number.isNaN(source[i]) ? Number.NaN : source[i] === level ? 1 : 0;
  return out;
}

/** The column itself where nothing is missing; otherwise a copy with the mean in its gaps. */
function imputed(frame: Frame, key: string, column: Float64Array, mean: number): Float64Array {
  let first = 0;
  while (first < frame.rows && Number.isFinite(column[first])) first++;
  if (first === frame.rows) return column;
  const out = frame.buffer(key);
  for (let i = 0; i < frame.rows; i++) out[i] = Number.isFinite(column[i]) ? column[i] : mean;
  return out;
}

function meanOf(column: Float64Array): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < column.length; i++) {
    if (!Number.isFinite(column[i])) continue;
    sum += column[i];
    n++;
  }
  return n > 0 ? sum / n : 0;
}

/**
 * The rows that carry a label and weight. `copy`: they outlive the step, so the columns are copied; otherwise the frame's
 * own columns serve where no row is left out.
 */
function labelled(
  n: number,
  features: readonly Float64Array[],
  target: Float64Array,
  weights: Float64Array | null,
  copy: boolean,
): Batch {
  const keep = kept(n, target, weights);
  if (keep === null) {
    if (!copy) return { n, features, target, weights };
    return {
      n,
      features: features.map((f) => f.slice(0, n)),
      target: target.slice(0, n),
      weights: weights?.slice(0, n) ?? null,
    };
  }
  return {
    n: keep.length,
    features: features.map((f) => pick(f, keep)),
    target: pick(target, keep),
    weights: weights === null ? null : unlessOnes(pick(weights, keep)),
  };
}

function compactLike(
  column: Float64Array,
  target: Float64Array,
  weights: Float64Array | null,
  copy: boolean,
): Float64Array {
  const keep = kept(target.length, target, weights);
  if (keep === null) return copy ? column.slice() : column;
  return pick(column, keep);
}

/** Rows with a label and a weight; null: all of them. */
function kept(n: number, target: Float64Array, weights: Float64Array | null): Int32Array | null {
  let count = 0;
  for (let i = 0; i < n; i++) if (Number.isFinite(target[i]) && (weights === null || weights[i] > 0)) count++;
  if (count === n) return null;
  const rows = new Int32Array(count);
  let k = 0;
  for (let i = 0; i < n; i++) if (Number.isFinite(target[i]) && (weights === null || weights[i] > 0)) rows[k++] = i;
  return rows;
}

function pick(column: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) out[k] = column[rows[k]];
  return out;
}

const unlessOnes = (weights: Float64Array): Float64Array | null => (weights.every((w) => w === 1) ? null : weights);

/** Numbers whose squares overflow have an error that does not exist: null. */
function finiteMetrics(metrics: Record<string, number | null>): Metrics {
  for (const [name, value] of Object.entries(metrics))
    if (value !== null && !Number.isFinite(value)) metrics[name] = null;
  return metrics;
}

const countOf = (batch: Batch): number => {
  let count = 0;
  for (let i = 0; i < batch.n; i++) {
    if (!Number.isNaN(batch.target[i]) && (batch.weights === null || batch.weights[i] > 0)) count++;
  }
  return count;
};

const norm = (x: Float64Array | null): number => (x === null ? 0 : Math.sqrt(x.reduce((sum, c) => sum + c * c, 0)));

function distance(a: Predictor, b: Predictor): number {
  let squares = ((a.intercept ?? 0) - (b.intercept ?? 0)) ** 2;
  const n = Math.max(a.coefficients?.length ?? 0, b.coefficients?.length ?? 0);
  for (let k = 0; k < n; k++) squares += ((a.coefficients?.[k] ?? 0) - (b.coefficients?.[k] ?? 0)) ** 2;
  return Math.sqrt(squares);
}
