/** A model in service: the version that is deployed, the versions that wait, and the records it may learn from. */
import type { Frame } from '../core/frame.js';
import { normalQuantile } from '../core/normal.js';
import type { StreamKey } from '../core/random/index.js';
import type { Batch, Fit, Predictor } from '../learn/index.js';
import { constant, LearnerError } from '../learn/index.js';
import { binaryMetrics, intervalMetrics, regressionMetrics } from '../watch/metrics/index.js';
import { Archive, type Records } from './archive.js';
import { Encoding } from './encoding.js';
import { compactLike, labelled } from './labelled.js';
import type { ModelPlan } from './plan.js';
import { finite, type Metrics, type ModelRecord } from './trace.js';

/** Coefficients beyond this mean that the loop diverges: the next steps could not be told from overflow. */
export const DIVERGED = 1e12;

interface Version {
  readonly predictor: Predictor;
  /** Step at the end of which it was trained; -1 is the lab. */
  readonly trained: number;
  readonly lab: Metrics;
  /** Mean absolute error on what it was trained on; NaN where nobody asks for it. */
  readonly mae: number;
}

/** Longest delay of a response: what was in service before is forgotten. */
export const LONGEST_DELAY = 200;

/** What came of a training, for the trace. */
export interface Training {
  readonly kind: 'train' | 'kept' | 'diverged';
  readonly message: string | null;
}

export class ModelInService {
  version = 0;
  private deployed: Version | null = null;
  /** Versions since they were put into service: people may respond to one that is no longer there. */
  private served: { readonly since: number; readonly version: Version; readonly number: number }[] = [];
  private latest: Version | null = null;
  private readonly waiting: { version: Version; due: number }[] = [];
  private trainings = 0;
  private lab: { train: Batch; test: Batch } | null = null;
  private readonly archive = new Archive();
  private readonly encoding: Encoding;
  private lastFit: Fit | null = null;
  private lastGap: number | null = null;

  constructor(
    public plan: ModelPlan,
    private readonly seed: number,
    private readonly replicate: number,
  ) {
    this.encoding = new Encoding(plan.name);
  }

  /** What the training at the end of step t draws from. */
  private draws(t: number): StreamKey {
    return { seed: this.seed, replicate: this.replicate, component: `learn.${this.name}`, step: t };
  }

  get name(): string {
    return this.plan.name;
  }

  /** Trains the first version in the lab, or takes the one that the scenario gives. */
  startIn(lab: Frame, train: Float64Array | null, test: Float64Array | null): string | null {
    const { plan } = this;
    const features = this.encoding.encode(plan.features, lab);
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
        const fit = plan.learner.fit([this.lab.train], null, this.draws(-1));
        predictor = fit.predictor;
        note = fit.note;
      } catch (error) {
        if (!(error instanceof LearnerError)) throw error;
        predictor = constant(plan.kind === 'binary' ? 0.5 : 0);
        note = `${error.message}: a constant is deployed instead`;
      }
    }
    this.latest = {
      predictor,
      trained: -1,
      lab: this.score(predictor, this.lab.test),
      mae: this.errorOf(predictor, [this.lab.train]),
    };
    this.deployed = this.latest;
    this.version = 1;
    this.served = [{ since: Number.NEGATIVE_INFINITY, version: this.latest, number: 1 }];
    // A version that was given has not been trained on the lab's rows.
    this.archive.begin(plan.start === null ? { t: -1, batch: this.lab.train, prediction: target, half: 0 } : null);
    return (
      [plan.kind === 'binary' ? labelNote(this.lab.train) : null, note].filter((n) => n !== null).join('; ') || null
    );
  }

  /** Step 5: the prediction of the deployed version, and its interval where formulas use it. */
  predict(frame: Frame): void {
    const { plan, deployed } = this;
    if (deployed === null) return;
    const out = frame.buffer(`prediction.${plan.name}`);
    deployed.predictor.predict(this.encoding.encode(plan.features, frame), out, frame.rows);
    frame.columns.set(plan.name, out);
    this.publish(frame);
    if (!plan.interval) return;
    const lower = frame.buffer(`lower.${plan.name}`);
    const upper = frame.buffer(`upper.${plan.name}`);
    const half = this.half(deployed.predictor);
    for (let i = 0; i < frame.rows; i++) {
      lower[i] = out[i] - half;
      upper[i] = out[i] + half;
    }
    frame.columns.set(`${plan.name}.lower`, lower);
    frame.columns.set(`${plan.name}.upper`, upper);
  }

  /** The numbers that formulas may use: coefficients, spread, version. */
  publish(frame: Frame, at = Number.POSITIVE_INFINITY): void {
    const { name } = this;
    const served = this.servedAt(at);
    if (served === null) return;
    const { predictor } = served.version;
    frame.scalars.set(`${name}.intercept`, predictor.intercept ?? Number.NaN);
    frame.scalars.set(`${name}.sd`, predictor.sd);
    frame.scalars.set(`${name}.norm`, norm(predictor.coefficients));
    frame.scalars.set(`${name}.version`, served.number);
    frame.scalars.set(`${name}.mae`, served.version.mae);
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
      (name, k) => given.get(name) ?? new Float64Array(n).fill(this.encoding.mean(k)),
    );
    this.deployed?.predictor.predict(columns, out, n);
  }

  /** The version in service at step t. */
  private servedAt(t: number): (typeof this.served)[number] | null {
    return this.served.findLast(({ since }) => since <= t) ?? null;
  }

  /** Mean absolute error on rows, where formulas use it. */
  private errorOf(predictor: Predictor, batches: readonly Batch[]): number {
    if (!this.plan.mae) return Number.NaN;
    let total = 0;
    let weight = 0;
    for (const { features, n, target, weights } of batches) {
      const out = new Float64Array(n);
      predictor.predict(features, out, n);
      for (let i = 0; i < n; i++) {
        const w = weights === null ? 1 : weights[i];
        total += w * Math.abs(target[i] - out[i]);
        weight += w;
      }
    }
    return total / weight;
  }

  /** Of the version in service at step t. */
  coefficient(field: string, t = Number.POSITIVE_INFINITY): number {
    const k = this.plan.columns.indexOf(field);
    return this.servedAt(t)?.version.predictor.coefficients?.[k] ?? 0;
  }

  /** The linear predictor from what people show, of the version in service at step t. */
  linear(frame: Frame, out: Float64Array, t = Number.POSITIVE_INFINITY): void {
    const predictor = this.servedAt(t)?.version.predictor;
    const columns = this.encoding.encode(this.plan.features, frame, 'shown.');
    out.fill(predictor?.intercept ?? 0);
    columns.forEach((column, k) => {
      const c = predictor?.coefficients?.[k] ?? 0;
      for (let i = 0; i < out.length; i++) out[i] += c * column[i];
    });
  }

  /** Half the width of the prediction interval, from a normal spread of the residuals. */
  private half(predictor: Predictor): number {
    return normalQuantile(0.5 + this.plan.level / 2) * predictor.sd;
  }

  /** Step 9: keeps what was recorded until its label arrives. `keep`: the records may be learnt from later. */
  record(
    frame: Frame,
    weights: Float64Array | null,
    delay: number,
    keep: boolean,
    layer: 'seen.' | 'logged.' = 'seen.',
  ): void {
    const { deployed, plan } = this;
    const { t } = frame;
    const label = frame.column(`recorded.${plan.target}`);
    // Records of this step alone are learnt from before the next one overwrites them.
    const survives = delay > 0 || (keep && !(plan.window.kind === 'last' && plan.window.steps === 1));
    const features = keep ? this.encoding.encode(plan.features, frame, layer) : [];
    const batch = labelled(frame.rows, features, label, weights, survives);
    const prediction = compactLike(frame.column(this.name), label, weights, survives);
    const half = deployed === null ? 0 : this.half(deployed.predictor);
    this.archive.expect({ t, batch, prediction, half }, t + delay);
  }

  /** Step 10: metrics on the labels that arrive at step t. */
  observe(t: number, keep: boolean): Metrics {
    const arrived = this.archive.arrive(t, keep, this.plan.window).filter(({ batch }) => batch.n > 0);
    if (arrived.length === 0) return this.empty();
    if (arrived.length === 1) {
      const [{ batch, half, prediction }] = arrived;
      return this.scored(batch.target, prediction, batch.weights, batch.n, () => half);
    }
    // Where a delay was shortened, labels of several steps arrive together.
    const halves = joined(arrived, ({ batch, half }) => new Float64Array(batch.n).fill(half));
    const target = joined(arrived, ({ batch }) => batch.target.subarray(0, batch.n));
    const prediction = joined(arrived, ({ batch, prediction: own }) => own.subarray(0, batch.n));
    const weights = joined(arrived, ({ batch }) => batch.weights ?? new Float64Array(batch.n).fill(1));
    return this.scored(target, prediction, weights, target.length, (i) => halves[i]);
  }

  /** Labels that arrive at step t, in number. */
  arriving(t: number): number {
    return this.archive.arriving(t);
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
    return this.ofInterval(frame.column(plan.target), lower, upper, frame.weights, frame.rows);
  }

  private ofInterval(
    truth: Float64Array,
    lower: Float64Array,
    upper: Float64Array,
    weights: Float64Array | null,
    n: number,
  ): Metrics {
    const { n: _rows, ...metrics } = intervalMetrics(truth, lower, upper, weights, n, this.plan.level);
    return finiteMetrics(metrics);
  }

  /** Metrics of predictions that were given with an interval of a half width, where the scenario asks for intervals. */
  private scored(
    truth: Float64Array,
    prediction: Float64Array,
    weights: Float64Array | null,
    n: number,
    half: (i: number) => number,
  ): Metrics {
    const metrics = this.metrics(truth, prediction, weights, n);
    if (!this.plan.interval) return metrics;
    const lower = prediction.map((v, i) => v - half(i));
    const upper = prediction.map((v, i) => v + half(i));
    return { ...metrics, ...this.ofInterval(truth, lower, upper, weights, n) };
  }

  private empty(): Metrics {
    const none = new Float64Array(0);
    return this.scored(none, none, null, 0, () => 0);
  }

  get labMetrics(): Metrics {
    return this.deployed?.lab ?? this.empty();
  }

  private score(predictor: Predictor, batch: Batch): Metrics {
    const out = new Float64Array(batch.n);
    predictor.predict(batch.features, out, batch.n);
    const half = this.half(predictor);
    return this.scored(batch.target, out, batch.weights, batch.n, () => half);
  }

  /** Step 11: learns from the records in the window; a version that cannot be learnt leaves the old one in place. */
  train(t: number): Training {
    const { deployed, lab, latest, plan } = this;
    this.lastFit = null;
    this.lastGap = null;
    const batches = this.archive.batches();
    if (deployed === null || latest === null || lab === null) return { kind: 'kept', message: 'nothing is deployed' };
    if (batches.length === 0) return { kind: 'kept', message: `${this.whyNothing()}: the old version is kept` };
    let fit: Fit;
    try {
      fit = plan.learner.fit(batches, latest.predictor, this.draws(t));
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
    this.latest = {
      predictor: fit.predictor,
      trained: t,
      lab: this.score(fit.predictor, lab.test),
      mae: this.errorOf(fit.predictor, batches),
    };
    if (this.trainings % plan.deployment.every === 0) {
      this.waiting.push({ version: this.latest, due: t + 1 + plan.deployment.lag });
    }
    return { kind: 'train', message: fit.note };
  }

  /** Why there is nothing to learn from. */
  private whyNothing(): string {
    return this.archive.hasArrived ? 'no label has arrived of a step within the window' : 'no labels have arrived';
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
    if (changed && this.deployed !== null) {
      const last = this.servedAt(t - LONGEST_DELAY);
      this.served = this.served.filter((served) => served === last || served.since > t - LONGEST_DELAY);
      this.served.push({ since: t, version: this.deployed, number: this.version });
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
      ...(predictor?.strength === undefined ? {} : { strength: finite(predictor.strength) }),
      ...(predictor?.importances === undefined
        ? {}
        : { importances: Object.fromEntries(names.map((name, k) => [name, finite(predictor.importances?.[k])])) }),
    };
  }
}

/** A binary outcome that a formula makes may take any value, which only a run can tell. */
const labelNote = ({ target }: Batch): string | null =>
  target.every((label) => label === 0 || label === 1)
    ? null
    : 'its binary target takes values other than 0 and 1: what is not 1 counts as 0 in its metrics';

/** Numbers whose squares overflow have an error that does not exist: null. */
function finiteMetrics(metrics: Record<string, number | null>): Metrics {
  for (const [name, value] of Object.entries(metrics))
    if (value !== null && !Number.isFinite(value)) metrics[name] = null;
  return metrics;
}

const norm = (x: Float64Array | null): number => (x === null ? 0 : Math.sqrt(x.reduce((sum, c) => sum + c * c, 0)));

function distance(a: Predictor, b: Predictor): number {
  let squares = ((a.intercept ?? 0) - (b.intercept ?? 0)) ** 2;
  const n = Math.max(a.coefficients?.length ?? 0, b.coefficients?.length ?? 0);
  for (let k = 0; k < n; k++) squares += ((a.coefficients?.[k] ?? 0) - (b.coefficients?.[k] ?? 0)) ** 2;
  return Math.sqrt(squares);
}

/** A column of several steps' records. */
function joined(records: readonly Records[], column: (records: Records) => Float64Array): Float64Array {
  const parts = records.map(column);
  const out = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
