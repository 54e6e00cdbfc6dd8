/** A model in service: the version that is deployed, the versions that wait, and the records it may learn from. */
import type { Frame } from '../core/frame.js';
import type { StreamKey } from '../core/random/index.js';
import type { Batch, Fit, Predictor } from '../learn/index.js';
import { constant, LearnerError } from '../learn/index.js';
import type { Bounds, Rows, Spread } from '../learn/uncertainty/index.js';
import {
  type BinaryMetrics,
  binaryMetrics,
  intervalMetrics,
  regressionMetrics,
  reliability,
} from '../watch/metrics/index.js';
import { type Loss, lossOf } from '../watch/worst-slice.js';
import { Archive, type Records } from './archive.js';
import { Encoding } from './encoding.js';
import { Intervals, type Streams } from './intervals.js';
import { compactLike, labelled } from './labelled.js';
import type { ModelPlan } from './plan.js';
import { finite, type Metrics, type ModelRecord, type ReliabilityTable } from './trace.js';

/** Coefficients beyond this mean that the loop diverges: the next steps could not be told from overflow. */
export const DIVERGED = 1e12;

interface Version {
  readonly predictor: Predictor;
  readonly spread: Spread;
  /** Step at the end of which it was trained; -1 is the lab. */
  readonly trained: number;
  readonly lab: Metrics;
  /** Mean absolute error on what it was trained on; NaN where nobody asks for it. */
  readonly mae: number;
  readonly labReliability: ReliabilityTable | null;
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
  private lab: { train: Rows; test: Rows } | null = null;
  private readonly archive = new Archive();
  private readonly encoding: Encoding;
  private readonly intervals: Intervals;
  /** What the labels that arrived last say of the probabilities. */
  private observedReliability: ReliabilityTable | null = null;
  private lastFit: Fit | null = null;
  private names: PublishedNames | null = null;
  private lastGap: number | null = null;

  constructor(
    public plan: ModelPlan,
    private readonly seed: number,
    private readonly replicate: number,
    /** Metrics that nobody reads. */
    private readonly left?: ReadonlySet<string>,
  ) {
    this.encoding = new Encoding(plan.name);
    this.intervals = new Intervals(plan.name);
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
    const beside = this.intervals.beside(plan, lab);
    this.lab = {
      train: labelled(lab.rows, features, target, train, true, beside),
      test: labelled(lab.rows, features, target, test ?? train, true, beside),
    };
    const streams: Streams = (component) => lab.stream(component);
    let { calibration, learn } = this.intervals.split(plan, [this.lab.train], streams);
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
      // It has learnt from no row of this lab: all of them can tell how wrong it is.
      calibration = [this.lab.train];
      learn = [];
    } else {
      try {
        const fit = plan.learner.fit(learn, null, this.draws(-1));
        predictor = fit.predictor;
        note = fit.note;
      } catch (error) {
        if (!(error instanceof LearnerError)) throw error;
        predictor = constant(plan.kind === 'binary' ? 0.5 : 0);
        note = `${error.message}: a constant is deployed instead`;
      }
    }
    this.latest = this.versionOf(predictor, null, { learn, calibration }, -1, streams);
    this.deployed = this.latest;
    this.version = 1;
    this.served = [{ since: Number.NEGATIVE_INFINITY, version: this.latest, number: 1 }];
    // A version that was given has not been trained on the lab's rows.
    this.archive.begin(
      plan.start === null ? { t: -1, batch: this.lab.train, prediction: target, bounds: null, version: 0 } : null,
    );
    return (
      [plan.kind === 'binary' ? labelNote(this.lab.train) : null, note].filter((n) => n !== null).join('; ') || null
    );
  }

  /** Step 5: the prediction of the deployed version, and its interval where formulas use it. */
  predict(frame: Frame): void {
    const { plan, deployed } = this;
    if (deployed === null) return;
    const out = frame.buffer(`prediction.${plan.name}`);
    const features = this.encoding.encode(plan.features, frame);
    deployed.predictor.predict(features, out, frame.rows);
    frame.columns.set(plan.name, out);
    this.publish(frame);
    if (plan.interval) this.intervals.write(plan, deployed.spread, frame, features);
  }

  /** The numbers that formulas may use: coefficients, spread, version. */
  publish(frame: Frame, at = Number.POSITIVE_INFINITY): void {
    const served = this.servedAt(at);
    if (served === null) return;
    const { predictor } = served.version;
    const { coef, own } = this.published();
    frame.scalars.set(own.intercept, predictor.intercept ?? Number.NaN);
    frame.scalars.set(own.sd, predictor.sd);
    frame.scalars.set(own.norm, norm(predictor.coefficients));
    frame.scalars.set(own.version, served.number);
    frame.scalars.set(own.mae, served.version.mae);
    frame.scalars.set(own.level, this.plan.level);
    frame.scalars.set(own.alpha, this.intervals.alphaOf(this.plan) ?? 1 - this.plan.level);
    for (let k = 0; k < coef.length; k++) frame.scalars.set(coef[k], predictor.coefficients?.[k] ?? Number.NaN);
  }

  /** The names of what is published: put together once. */
  private published(): PublishedNames {
    if (this.names?.columns !== this.plan.columns) this.names = publishedNames(this.name, this.plan.columns);
    return this.names;
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

  /** Step 9: keeps what was recorded until its label arrives. `keep`: the records may be learnt from later. */
  record(
    frame: Frame,
    weights: Float64Array | null,
    delay: number,
    keep: boolean,
    layer: 'seen.' | 'logged.' = 'seen.',
  ): void {
    const { plan } = this;
    const { t } = frame;
    const label = frame.column(`recorded.${plan.target}`);
    // Records of this step alone are learnt from before the next one overwrites them.
    const survives = delay > 0 || (keep && !(plan.window.kind === 'last' && plan.window.steps === 1));
    const features = keep ? this.encoding.encode(plan.features, frame, layer) : [];
    const batch = labelled(frame.rows, features, label, weights, survives, this.intervals.current);
    const same = (column: string) => compactLike(frame.column(column), label, weights, survives);
    const bounds = plan.interval ? { lower: same(`${this.name}.lower`), upper: same(`${this.name}.upper`) } : null;
    this.archive.expect({ t, batch, prediction: same(this.name), bounds, version: this.version }, t + delay);
  }

  /** Step 10: metrics on the labels that arrive at step t. */
  observe(t: number, keep: boolean): Metrics {
    const arrived = this.archive.arrive(t, keep, this.plan.window).filter(({ batch }) => batch.n > 0);
    const { plan } = this;
    if (arrived.length === 0) return this.empty();
    // Where a delay was shortened, labels of several steps arrive together.
    const target = joined(arrived, ({ batch }) => batch.target.subarray(0, batch.n));
    const prediction = joined(arrived, ({ batch, prediction: own }) => own.subarray(0, batch.n));
    const weights =
      arrived.length === 1
        ? arrived[0].batch.weights
        : joined(arrived, ({ batch }) => batch.weights ?? new Float64Array(batch.n).fill(1));
    const bounds = plan.interval && {
      lower: joined(arrived, ({ bounds: own, prediction: point }) => own?.lower ?? point),
      upper: joined(arrived, ({ bounds: own, prediction: point }) => own?.upper ?? point),
    };
    const metrics = this.scored(target, prediction, bounds || null, weights, target.length);
    if (plan.calibration) this.observedReliability = reliability(target, prediction, weights, target.length);
    if (this.deployed !== null) {
      const { spread } = this.deployed;
      const next = this.intervals.arrive(plan, spread, arrived, this.version, metrics.coverage ?? null);
      if (next !== spread) this.deployed = { ...this.deployed, spread: next };
    }
    return metrics;
  }

  /** Labels that arrive at step t, in number. */
  arriving(t: number): number {
    return this.archive.arriving(t);
  }

  /** Metrics of the deployed version on rows, from any vantage point. */
  metrics(truth: Float64Array, prediction: Float64Array, weights: Float64Array | null, n: number): Metrics {
    const { plan } = this;
    if (plan.kind === 'binary')
      return finiteMetrics(binaryMetrics(truth, prediction, weights, n, plan.threshold, this.left));
    const { bias, mae, n: count, over, r2, rmse, under } = regressionMetrics(truth, prediction, weights, n);
    const metrics = { rmse, mae, r2, bias, n: count };
    return finiteMetrics(plan.asymmetry ? { ...metrics, over, under } : metrics);
  }

  /** Metrics of everybody, or of the part of them that has weight: what truly happened. */
  actual(frame: Frame, weights: Float64Array | null): Metrics {
    const { name, plan } = this;
    const bounds = plan.interval
      ? { lower: frame.column(`${name}.lower`), upper: frame.column(`${name}.upper`) }
      : null;
    return this.scored(frame.column(plan.target), frame.column(name), bounds, weights, frame.rows);
  }

  /** What the worst slice is judged by. */
  loss(frame: Frame, weights: Float64Array | null): Loss | null {
    const { kind, target, threshold } = this.plan;
    const limit = kind === 'binary' ? threshold : null;
    return lossOf(frame.column(target), frame.column(this.name), weights, frame.rows, limit);
  }

  /** The reliability table from the three vantage points, where the scenario asks for it. */
  reliability(frame: Frame): ModelRecord['reliability'] {
    const { deployed, name, observedReliability, plan } = this;
    if (!plan.calibration) return undefined;
    const none = reliability(new Float64Array(0), new Float64Array(0), null, 0);
    return {
      lab: deployed?.labReliability ?? none,
      observed: observedReliability ?? none,
      actual: reliability(frame.column(plan.target), frame.column(name), frame.weights, frame.rows),
    };
  }

  private ofInterval(
    truth: Float64Array,
    lower: Float64Array,
    upper: Float64Array,
    weights: Float64Array | null,
    n: number,
  ): Metrics {
    const { coverage, pinball, unbounded, width, winkler } = intervalMetrics(
      truth,
      lower,
      upper,
      weights,
      n,
      this.plan.level,
    );
    const metrics = { coverage, width, winkler, pinball };
    return finiteMetrics(this.plan.uncertainty.method.unbounded ? { ...metrics, unbounded } : metrics);
  }

  /** Metrics of predictions with their bounds, where the scenario asks for intervals. */
  private scored(
    truth: Float64Array,
    prediction: Float64Array,
    bounds: Omit<Bounds, 'sd'> | null,
    weights: Float64Array | null,
    n: number,
  ): Metrics {
    const metrics = this.metrics(truth, prediction, weights, n);
    if (bounds === null) return metrics;
    return Object.assign(metrics, this.ofInterval(truth, bounds.lower, bounds.upper, weights, n));
  }

  private empty(): Metrics {
    const none = new Float64Array(0);
    this.observedReliability = null;
    return this.scored(none, none, this.plan.interval ? { lower: none, upper: none } : null, null, 0);
  }

  get labMetrics(): Metrics {
    return this.deployed?.lab ?? this.empty();
  }

  /** A version with its spread, scored on the lab's held-out rows. */
  private versionOf(
    predictor: Predictor,
    previous: Predictor | null,
    { calibration, learn }: { learn: readonly Rows[]; calibration: readonly Rows[] },
    trained: number,
    streams: Streams,
  ): Version {
    const { lab, plan } = this;
    const { learner, uncertainty } = plan;
    const stream: Streams = (component) => streams(`models.${plan.name}.${component}`);
    const spread = uncertainty.method.fit({ learner, predictor, previous, learnt: learn, calibration, stream });
    const test = lab?.test;
    const mae = this.errorOf(predictor, learn.length > 0 ? learn : calibration);
    if (test === undefined) return { predictor, spread, trained, lab: this.empty(), mae, labReliability: null };
    const { features, n, target, weights } = test;
    const prediction = new Float64Array(n);
    predictor.predict(features, prediction, n);
    const bounds = plan.interval ? { lower: new Float64Array(n), upper: new Float64Array(n), sd: null } : null;
    if (bounds !== null) spread.bounds({ ...test, prediction }, plan.level, bounds);
    return {
      predictor,
      spread,
      trained,
      lab: this.scored(target, prediction, bounds, weights, n),
      mae,
      labReliability: plan.calibration ? reliability(target, prediction, weights, n) : null,
    };
  }

  /** Step 11: learns from the records in the window; a version that cannot be learnt leaves the old one in place. */
  train(t: number, streams: Streams): Training {
    const { deployed, lab, latest, plan } = this;
    this.lastFit = null;
    this.lastGap = null;
    const batches = this.archive.batches();
    if (deployed === null || latest === null || lab === null) return { kind: 'kept', message: 'nothing is deployed' };
    if (batches.length === 0) return { kind: 'kept', message: `${this.whyNothing()}: the old version is kept` };
    const parts = this.intervals.split(plan, batches, streams);
    let fit: Fit;
    try {
      fit = plan.learner.fit(parts.learn, latest.predictor, this.draws(t));
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
    this.latest = this.versionOf(fit.predictor, latest.predictor, parts, t, streams);
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
    const alpha = this.intervals.alphaOf(plan);
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
      ...(alpha === null ? {} : { alpha }),
    };
  }
}

interface PublishedNames {
  readonly columns: readonly string[];
  readonly own: Readonly<Record<'intercept' | 'sd' | 'norm' | 'version' | 'mae' | 'level' | 'alpha', string>>;
  readonly coef: readonly string[];
}

const publishedNames = (name: string, columns: readonly string[]): PublishedNames => ({
  columns,
  own: {
    intercept: `${name}.intercept`,
    sd: `${name}.sd`,
    norm: `${name}.norm`,
    version: `${name}.version`,
    mae: `${name}.mae`,
    level: `${name}.level`,
    alpha: `${name}.alpha`,
  },
  coef: columns.map((column) => `${name}.coef.${column}`),
});

/** A binary outcome that a formula makes may take any value, which only a run can tell. */
const labelNote = ({ target }: Batch): string | null =>
  target.every((label) => label === 0 || label === 1)
    ? null
    : 'its binary target takes values other than 0 and 1: what is not 1 counts as 0 in its metrics';

/** Numbers whose squares overflow have an error that does not exist: null. */
function finiteMetrics(own: Metrics | BinaryMetrics): Metrics {
  const metrics = own as Record<string, number | null>;
  for (const name in metrics) {
    const value = metrics[name];
    if (value !== null && !Number.isFinite(value)) metrics[name] = null;
  }
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
  if (parts.length === 1) return parts[0];
  const out = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
