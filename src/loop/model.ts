/** A model in service: the version that is deployed, the versions that wait, and the records it may learn from. */
import type { Frame } from '../core/frame.js';
import type { StreamKey } from '../core/random/index.js';
import { concatenated, sum } from '../core/vector.js';
import type { Batch, Fit, Predictor } from '../learn/index.js';
import { constant, LearnerError } from '../learn/index.js';
import type { Bounds, Rows } from '../learn/uncertainty/index.js';
import { against, Match } from '../retrain/gate.js';
import { Purchases } from '../retrain/label-budget.js';
import { Staleness } from '../retrain/staleness.js';
import { type Evidence, Triggering } from '../retrain/trigger.js';
import {
  type BinaryMetrics,
  binaryMetrics,
  calibrationErrors,
  intervalMetrics,
  regressionMetrics,
  reliability,
} from '../watch/metrics/index.js';
import { type Loss, lossOf } from '../watch/worst-slice.js';
import { Archive, type Records } from './archive.js';
import { divide } from './divide.js';
import { Encoding } from './encoding.js';
import { heldErrors, NOBODY_ASKS } from './held-errors.js';
import { Intervals, type Streams } from './intervals.js';
import { compactLike, kept, labelled } from './labelled.js';
import type { ModelPlan } from './plan.js';
import { type Deployed, Service } from './service.js';
import { finite, type Metrics, type ModelRecord, type ReliabilityTable, type Vantage } from './trace.js';
import type { Trial } from './trial.js';
import { unseenValues } from './unseen.js';
import type { Version } from './version.js';

/** Coefficients beyond this mean that the loop diverges: the next steps could not be told from overflow. */
export const DIVERGED = 1e12;

/** The rows of a training: learnt from, kept to calibrate intervals, and kept to tell how good the version is. */
interface Parts {
  readonly learn: readonly Rows[];
  readonly calibration: readonly Rows[];
  readonly held: readonly Rows[];
}

/** How a step's records are kept. */
export interface Recording {
  /** Whether anybody asks what their labels say. */
  readonly isHeard: boolean;
  /** They may be learnt from later. */
  readonly keep: boolean;
  readonly layer: 'seen.' | 'logged.';
  /** What each individual costs; null where no trigger asks. */
  readonly costs: Float64Array | null;
  /** By slice that is watched from the dashboard, 1 for who is in it; columns that nobody writes to again. */
  readonly members: readonly Float64Array[];
}

/** Rows with what was said of them and what came. */
export interface Scored {
  readonly n: number;
  readonly target: Float64Array;
  readonly prediction: Float64Array;
  readonly weights: Float64Array | null;
}

/** What came of a training, for the trace. */
export interface Training {
  /** `refused`: learnt, and not let through by the gate. */
  readonly kind: 'train' | 'refused' | 'kept' | 'diverged';
  readonly message: string | null;
}

export class ModelInService {
  private readonly service = new Service();
  private latest: Version | null = null;
  private readonly triggering = new Triggering();
  private readonly staleness = new Staleness();
  /** What the labels of this step said. */
  private observed: Metrics = {};
  private trainings = 0;
  private lab: { train: Rows; test: Rows } | null = null;
  private readonly archive: Archive;
  private readonly encoding: Encoding;
  private readonly intervals: Intervals;
  /** The rows whose labels arrived at this step; null: none did. */
  private arrivedNow: Scored | null = null;
  /** What the labels that arrived last say of the probabilities. */
  private observedReliability: ReliabilityTable | null = null;
  /** The same of each slice that is watched from the dashboard; empty where no label has arrived. */
  private observedSlices: readonly Metrics[] = [];
  private lastFit: Fit | null = null;
  private names: PublishedNames | null = null;
  private lastGap: number | null = null;
  private readonly purchases = new Purchases();
  private recorded: Float64Array | null = null;
  /** Values that the model has met and did not know. */
  private readonly met = new Set<string>();
  private readonly unread = new Set<keyof Vantage>();

  constructor(
    public plan: ModelPlan,
    private readonly seed: number,
    private readonly replicate: number,
    /** Metrics that nobody reads. */
    private readonly left?: ReadonlySet<string>,
  ) {
    this.encoding = new Encoding(plan.name);
    this.intervals = new Intervals(plan.name);
    this.archive = new Archive(plan.name);
    for (const vantage of ['lab', 'observed', 'actual'] as const)
      if (left?.has(`${plan.name}.${vantage}`)) this.unread.add(vantage);
  }

  /** What the training at the end of step t draws from. */
  private draws(t: number): StreamKey {
    return { seed: this.seed, replicate: this.replicate, component: `learn.${this.name}`, step: t };
  }

  private get deployed(): Version | null {
    return this.service.deployed;
  }

  /** Number of the version in service. */
  get version(): number {
    return this.service.number;
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
    let parts = this.parts([this.lab.train], streams);
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
      parts = { learn: [], calibration: [this.lab.train], held: [] };
    } else {
      try {
        const fit = plan.learner.fit(parts.learn, null, this.draws(-1));
        predictor = fit.predictor;
        note = fit.note;
      } catch (error) {
        if (!(error instanceof LearnerError)) throw error;
        predictor = constant(plan.kind === 'binary' ? 0.5 : 0);
        note = `${error.message}: a constant is deployed instead`;
      }
    }
    this.latest = this.versionOf(predictor, null, parts, -1, streams);
    this.rememberLab(this.latest.lab);
    this.service.begin(this.latest);
    // A version that was given has not been trained on the lab's rows.
    this.archive.begin(
      plan.start === null
        ? {
            t: -1,
            due: -1,
            batch: this.lab.train,
            prediction: target,
            bounds: null,
            members: [],
            version: 0,
            trial: null,
            cost: null,
          }
        : null,
    );
    return (
      [plan.kind === 'binary' ? labelNote(this.lab.train) : null, note].filter((n) => n !== null).join('; ') || null
    );
  }

  /** A trigger that compares a metric with what it was has the lab's to begin with. */
  private rememberLab(lab: Metrics): void {
    const { trigger } = this.plan;
    const value = trigger.kind === 'metric' ? lab[trigger.metric] : null;
    if (value !== null && value !== undefined) this.triggering.history.remember(value);
  }

  /** The version learnt last, whether or not it is in service. */
  get newest(): Version | null {
    return this.latest;
  }

  /** Predictions are those of this version until it is null again: what if it were in service? */
  suppose(version: Version | null): void {
    this.supposed = version;
  }
  private supposed: Version | null = null;

  /** Step 5: the prediction of the deployed version, and its interval where formulas use it. */
  predict(frame: Frame): void {
    const { plan } = this;
    const deployed = this.supposed ?? this.deployed;
    if (deployed === null) return;
    const out = frame.buffer(`prediction.${plan.name}`);
    const features = this.encoding.encode(plan.features, frame);
    deployed.predictor.predict(features, out, frame.rows);
    frame.columns.set(plan.name, out);
    this.publish(frame);
    if (plan.interval) this.intervals.write(plan, deployed.spread, frame, features);
    const { trial } = this.service;
    if (trial !== null && this.supposed === null && frame.t >= 0) this.tryOut(trial, frame, features);
  }

  /** What the version on trial says of everybody, and, of a canary, of those whom it serves. */
  private tryOut(trial: Trial, frame: Frame, features: readonly Float64Array[]): void {
    const { name, plan } = this;
    const column = frame.buffer(`trial.${name}`);
    trial.version.predictor.predict(features, column, frame.rows);
    if (trial.kind !== 'canary') return;
    const columns = plan.interval ? [name, `${name}.lower`, `${name}.upper`] : [name];
    if (plan.interval && plan.uncertainty.method.own) columns.push(`${name}.sd`);
    const old = columns.map((one) => frame.column(one).slice());
    frame.column(name).set(column);
    if (plan.interval) this.intervals.write(plan, trial.version.spread, frame, features);
    const draws = frame.stream(`models.${name}.canary`);
    const share = plan.deployment.trial?.share ?? 0;
    for (let i = 0; i < frame.rows; i++) {
      column[i] = draws.uniform() < share ? 1 : 0;
      if (column[i] === 0) for (let k = 0; k < columns.length; k++) frame.column(columns[k])[i] = old[k][i];
    }
  }

  /** Values that the deployed version meets and was never trained on, each at the first time in a run. */
  surprises(frame: Frame): string[] {
    const notes: string[] = [];
    for (const { code, feature } of this.deployed?.unseen ?? []) {
      const value = feature.levels?.[code] ?? '';
      const key = `${feature.name}.${value}`;
      if (this.met.has(key) || !frame.column(feature.column).includes(code)) continue;
      this.met.add(key);
      notes.push(`no row that it was last trained on has "${value}" of ${feature.name}, which it meets now`);
    }
    return notes;
  }

  /** The numbers that formulas may use: coefficients, spread, version. */
  publish(frame: Frame, at = Number.POSITIVE_INFINITY): void {
    const served = this.supposed === null ? this.service.at(at) : { version: this.supposed, number: this.version };
    if (served === null) return;
    const { predictor } = served.version;
    const { coef, own } = this.published();
    frame.scalars.set(own.intercept, predictor.intercept ?? Number.NaN);
    frame.scalars.set(own.sd, predictor.sd);
    frame.scalars.set(own.norm, norm(predictor.coefficients));
    frame.scalars.set(own.version, served.number);
    frame.scalars.set(own.mae, served.version.held.mae);
    frame.scalars.set(own.r2, served.version.held.r2);
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

  /** Rows to learn from, to calibrate on, and to be tried on. */
  private parts(rows: readonly Rows[], streams: Streams): Parts {
    const { holdout, name } = this.plan;
    const { kept, rest } =
      holdout === 0 ? { kept: [], rest: rows } : divide(rows, holdout, streams(`models.${name}.holdout`));
    const { calibration, learn } = this.intervals.split(this.plan, rest, streams);
    return { learn, calibration, held: kept };
  }

  /** Of the version in service at step t. */
  coefficient(field: string, t = Number.POSITIVE_INFINITY): number {
    const k = this.plan.columns.indexOf(field);
    return this.service.at(t)?.version.predictor.coefficients?.[k] ?? 0;
  }

  /** The linear predictor from what people show, of the version in service at step t. */
  linear(frame: Frame, out: Float64Array, t = Number.POSITIVE_INFINITY): void {
    const predictor = this.service.at(t)?.version.predictor;
    const columns = this.encoding.encode(this.plan.features, frame, 'shown.');
    out.fill(predictor?.intercept ?? 0);
    columns.forEach((column, k) => {
      const c = predictor?.coefficients?.[k] ?? 0;
      for (let i = 0; i < out.length; i++) out[i] += c * column[i];
    });
  }

  /**
   * Step 9: keeps what was recorded until its label arrives. Tells when the last label was bought that the policy may buy; null
   * otherwise.
   */
  record(
    frame: Frame,
    offered: Float64Array | null,
    delay: number,
    { costs, isHeard, keep, layer, members }: Recording,
  ): string | null {
    const { plan } = this;
    const { t } = frame;
    const label = frame.column(`recorded.${plan.target}`);
    const { note, weights } = this.buy(frame, label, offered);
    this.recorded = weights;
    if (!isHeard) return note;
    // Records of this step alone are learnt from before the next one overwrites them.
    const survives = delay > 0 || (keep && !(plan.window.kind === 'last' && plan.window.steps === 1));
    const features = keep ? this.encoding.encode(plan.features, frame, layer) : [];
    const rows = kept(frame.rows, label, weights);
    const batch = labelled(frame.rows, features, label, weights, survives, this.intervals.current, rows);
    const same = (column: Float64Array) => compactLike(column, rows, survives);
    const bounds = plan.interval
      ? { lower: same(frame.column(`${this.name}.lower`)), upper: same(frame.column(`${this.name}.upper`)) }
      : null;
    const cost = costs === null ? null : { of: same(costs), individuals: individuals(frame) };
    const { trial: of } = this.service;
    const trial = of === null ? null : { of, column: same(frame.buffer(`trial.${this.name}`)) };
    const inside = members.map((column) => compactLike(column, rows, false));
    this.archive.expect({
      t,
      due: t + delay,
      batch,
      prediction: same(frame.column(this.name)),
      bounds,
      members: inside,
      version: this.version,
      trial,
      cost,
    });
    return note;
  }

  /** The weights of the rows whose labels are bought, of those that are recorded. */
  private buy(
    frame: Frame,
    label: Float64Array,
    offered: Float64Array | null,
  ): { weights: Float64Array | null; note: string | null } {
    const { name, plan, purchases } = this;
    const { labels } = plan;
    if (labels === null) return { weights: offered, note: null };
    const wasSpent = purchases.isSpent(labels);
    const bought = frame.buffer(`weights.bought.${name}`);
    const draws = frame.stream(`models.${name}.labels`);
    const isSome = purchases.buy(labels, label, offered, bought, () => draws.uniform());
    const isSpent = purchases.isSpent(labels) && !wasSpent;
    return {
      weights: isSome ? bought : offered,
      note: isSpent ? `its budget of ${labels.run} labels is spent: no more are bought` : null,
    };
  }

  /** Weights of the rows whose labels it gets of this step: 0 is not recorded, or not bought; null: all are. */
  get recordedWeights(): Float64Array | null {
    return this.recorded;
  }

  /** Step 10: metrics on the labels that arrive at step t. */
  observe(t: number, keep: boolean, streams: Streams): Metrics {
    const { plan } = this;
    const all = this.archive.arrive(t);
    if (keep) this.archive.keep(all, t, plan.window, plan.gate?.holdout ?? 0, streams);
    const arrived = all.filter(({ batch }) => batch.n > 0);
    for (const records of arrived) {
      const { trial } = records;
      if (trial !== null && trial.of === this.service.trial) trial.of.take(records, trial.column);
      this.age(records);
    }
    this.observed = this.leaves('observed') ? {} : this.scoreArrived(arrived);
    return this.observed;
  }

  /** Whether nobody reads its metrics from a vantage point. */
  leaves(vantage: keyof Vantage): boolean {
    return this.unread.has(vantage);
  }

  /** What the version in service has cost, as far as it is known. */
  private age({ batch, cost, version }: Records): void {
    const { trigger } = this.plan;
    if (cost === null || version !== this.version || trigger.kind !== 'staleness') return;
    this.staleness.arrive(weightedMean(cost.of, batch.weights, batch.n), cost.individuals, trigger.baseline);
  }

  private scoreArrived(arrived: readonly Records[]): Metrics {
    const { plan } = this;
    this.arrivedNow = null;
    this.observedSlices = [];
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
    this.arrivedNow = { n: target.length, target, prediction, weights };
    const metrics = this.scored(target, prediction, bounds || null, weights, target.length);
    this.observedSlices = arrived[0].members.map((_, k) => {
      const inside = joined(arrived, ({ batch, members }) => members[k].subarray(0, batch.n));
      const own = weights === null ? inside : inside.map((mark, i) => mark * weights[i]);
      return this.scored(target, prediction, bounds || null, own, target.length);
    });
    if (plan.calibration) this.observedReliability = reliability(target, prediction, weights, target.length);
    if (this.deployed !== null) {
      const { spread } = this.deployed;
      const next = this.intervals.arrive(plan, spread, arrived, this.version, metrics.coverage ?? null);
      if (next !== spread) this.service.spread(next);
    }
    return metrics;
  }

  /** The rows whose labels arrived at this step, as `observe` found them; null: none did. */
  get arrived(): Scored | null {
    return this.arrivedNow;
  }

  /** The lab's held-out rows, with what the deployed version says of them. */
  heldOut(): (Scored & { readonly features: readonly Float64Array[] }) | null {
    const test = this.lab?.test;
    if (test === undefined || this.deployed === null || test.n === 0) return null;
    const prediction = new Float64Array(test.n);
    this.deployed.predictor.predict(test.features, prediction, test.n);
    return { n: test.n, features: test.features, target: test.target, prediction, weights: test.weights };
  }

  /** The features as the deployed version reads them at this step. */
  encoded(frame: Frame): readonly Float64Array[] {
    return this.encoding.encode(this.plan.features, frame);
  }

  /** Step at the end of which the deployed version was trained; -1 is the lab. */
  get trained(): number {
    return this.deployed?.trained ?? -1;
  }

  /** Whether it learns at the end of step t. */
  asks(t: number, evidence: Omit<Evidence, 'inFlight' | 'observed' | 'stale'>): boolean {
    const { plan, staleness } = this;
    const { alarmed, asked, price, uniform } = evidence;
    return this.triggering.asks(plan.trigger, plan.restraint, t, {
      alarmed,
      asked,
      price,
      uniform,
      inFlight: this.service.isInFlight,
      observed: (metric) => this.observed[metric] ?? null,
      stale: staleness,
    });
  }

  /** A monitor gives a warning or an alarm at step t; `since`: where the warning began that it came to, without a break. */
  alarmed(level: 'warning' | 'alarm', t: number, since: number = t): void {
    const { window } = this.plan;
    if (window.kind !== 'since') return;
    if (window.level === 'warning') this.archive.onset = since;
    else if (level === 'alarm') this.archive.onset = t;
  }

  /** Where its window begins, if that is with a warning or an alarm; null before there was one. */
  get onset(): number | null {
    return this.archive.onset;
  }

  /** What the labels that arrived last say of the k-th of the slices that are watched from the dashboard. */
  observedIn(k: number): Metrics {
    return this.observedSlices[k] ?? this.scoredOfNobody();
  }

  /** Labels that arrive at step t, in number. */
  arriving(t: number): number {
    return this.archive.arriving(t);
  }

  /** Metrics of the deployed version on rows, from any vantage point. */
  metrics(truth: Float64Array, prediction: Float64Array, weights: Float64Array | null, n: number): Metrics {
    const { plan } = this;
    if (plan.kind === 'binary') {
      const own = binaryMetrics(truth, prediction, weights, n, plan.threshold, this.left);
      if (!plan.calibration) return finiteMetrics(own);
      const { mce, rmsce } = calibrationErrors(reliability(truth, prediction, weights, n));
      return finiteMetrics({ ...own, mce, rmsce });
    }
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
    this.observedReliability = null;
    return this.scoredOfNobody();
  }

  private scoredOfNobody(): Metrics {
    const none = new Float64Array(0);
    return this.scored(none, none, this.plan.interval ? { lower: none, upper: none } : null, null, 0);
  }

  get labMetrics(): Metrics {
    return this.deployed?.lab ?? this.empty();
  }

  /** A version with its spread, scored on the lab's held-out rows. */
  private versionOf(
    predictor: Predictor,
    previous: Predictor | null,
    { calibration, held: kept, learn }: Parts,
    trained: number,
    streams: Streams,
  ): Version {
    const { lab, plan } = this;
    const { learner, uncertainty } = plan;
    const stream: Streams = (component) => streams(`models.${plan.name}.${component}`);
    const spread = uncertainty.method.fit({ learner, predictor, previous, learnt: learn, calibration, stream });
    const test = lab?.test;
    const judges = kept.length > 0 ? kept : learn.length > 0 ? learn : calibration;
    const held = plan.held ? heldErrors(predictor, judges) : NOBODY_ASKS;
    const unseen = unseenValues(plan.features, learn);
    if (test === undefined)
      return { predictor, spread, trained, lab: this.empty(), held, labReliability: null, unseen };
    if (this.leaves('lab')) return { predictor, spread, trained, lab: {}, held, labReliability: null, unseen };
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
      held,
      labReliability: plan.calibration ? reliability(target, prediction, weights, n) : null,
      unseen,
    };
  }

  /** Step 11: learns from the records in the window; a version that cannot be learnt leaves the old one in place. */
  train(t: number, streams: Streams): Training {
    const { deployed, lab, latest, plan } = this;
    this.lastFit = null;
    this.lastGap = null;
    const batches = this.archive.batches(plan.window, t);
    if (deployed === null || latest === null || lab === null) return { kind: 'kept', message: 'nothing is deployed' };
    if (batches.length === 0) return { kind: 'kept', message: `${this.whyNothing()}: the old version is kept` };
    const parts = this.parts(batches, streams);
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
    const version = this.versionOf(fit.predictor, latest.predictor, parts, t, streams);
    const refused = this.refusal(version, t);
    if (refused !== null) return { kind: 'refused', message: refused };
    this.latest = version;
    if (this.trainings % plan.deployment.every === 0) {
      this.service.expect(version, t + 1 + plan.deployment.lag);
    }
    return { kind: 'train', message: fit.note };
  }

  /** Why the gate does not let a new version through; null where it does. */
  private refusal(challenger: Version, t: number): string | null {
    const { deployed, plan } = this;
    if (plan.gate === null || deployed === null) return null;
    const match = new Match(plan.kind);
    for (const { features, n, target, weights } of this.archive.heldOut(plan.window, t)) {
      const [mine, its] = [new Float64Array(n), new Float64Array(n)];
      challenger.predictor.predict(features, mine, n);
      deployed.predictor.predict(features, its, n);
      for (let i = 0; i < n; i++) match.add(target[i], mine[i], its[i], weights === null ? 1 : weights[i]);
    }
    if (match.isBetter(plan.gate.confidence)) return null;
    if (match.n === 0) return 'no row is held out to judge it by: the old version is kept';
    const figures = against(plan.kind, match.challenger, match.champion);
    return `it does not beat the version in service: ${figures} on ${Math.round(match.n)} held-out rows`;
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

  /** Ends a trial that is over and deploys what is due at step t; tells what came of it. */
  deploy(t: number): readonly Deployed[] {
    const { version } = this;
    const happened = this.service.deploy(t, this.plan.deployment, this.plan.kind);
    if (this.version !== version) this.staleness.begin();
    return happened;
  }

  /** What came of the training of this step. */
  get learnt(): Pick<ModelRecord, 'objective' | 'gap'> {
    return { objective: finite(this.lastFit?.objective), gap: finite(this.lastGap) };
  }

  describe(): Omit<ModelRecord, 'metrics'> {
    const { deployed, plan, version } = this;
    const alpha = this.intervals.alphaOf(plan);
    const predictor = deployed?.predictor;
    const names = plan.columns;
    const coefficients = predictor?.coefficients ?? null;
    const record: { -readonly [K in keyof ModelRecord]: ModelRecord[K] } = {
      version,
      trained: deployed?.trained ?? -1,
      intercept: finite(predictor?.intercept),
      coef: coefficients === null ? null : named(names, coefficients),
      sd: finite(predictor?.sd),
      norm: coefficients === null ? null : finite(norm(coefficients)),
      objective: finite(this.lastFit?.objective),
      gap: finite(this.lastGap),
    };
    if (predictor?.strength !== undefined) record.strength = finite(predictor.strength);
    if (predictor?.importances !== undefined) record.importances = named(names, predictor.importances);
    if (alpha !== null) record.alpha = alpha;
    return record;
  }
}

/** Numbers by the names of the columns that they belong to. */
function named(names: readonly string[], numbers: Float64Array): Metrics {
  const own: Record<string, number | null> = {};
  for (let k = 0; k < names.length; k++) own[names[k]] = finite(numbers[k]);
  return own;
}

interface PublishedNames {
  readonly columns: readonly string[];
  readonly own: Readonly<Record<'intercept' | 'sd' | 'norm' | 'version' | 'mae' | 'r2' | 'level' | 'alpha', string>>;
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
    r2: `${name}.r2`,
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
const joined = (records: readonly Records[], column: (records: Records) => Float64Array): Float64Array =>
  concatenated(records.map(column));

/** Whom a step's records stand for. */
const individuals = ({ rows, weights }: Frame): number => (weights === null ? rows : sum(weights, rows));

function weightedMean(values: Float64Array, weights: Float64Array | null, n: number): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i];
    if (!Number.isFinite(values[i])) continue;
    sum += w * values[i];
    total += w;
  }
  return sum / total;
}
