/** A world in motion: the columns, the models in service, and what the twelve steps do to them. */
import type { Formula } from '../core/formula/index.js';
import { Frame } from '../core/frame.js';
import { fillUniform } from '../core/random/index.js';
import { active, rewrite } from '../core/rewrite.js';
import type { Standing } from '../retrain/standing.js';
import { asksByItself, mayTrain } from '../retrain/trigger.js';
import { collect, type Recorded } from '../system/collect/index.js';
import { decide } from '../system/decide/index.js';
import { see } from '../system/sense/index.js';
import { type Slice, sliceWeights } from '../watch/slices.js';
import { type Loss, worstSlice } from '../watch/worst-slice.js';
import { happen } from '../world/outcome.js';
import { nodeCount, renew } from '../world/population.js';
import { participate, settle } from '../world/respond/index.js';
import { type DeployedModel, respondStrategically } from '../world/strategic.js';
import { transport } from '../world/transport.js';
import { Bill } from './bill.js';
import { ChangeLog } from './changes.js';
import { ModelInService } from './model.js';
import type { Seen } from './monitor-values.js';
import { Monitors } from './monitors.js';
import type { ModelPlan, NamedFormula, Plan, Response } from './plan.js';
import {
  type EndRecord,
  type EventKind,
  finite,
  type Metrics,
  type ModelRecord,
  type StepRecord,
  type Vantage,
} from './trace.js';
import type { Version } from './version.js';

/** Something that happened in a step, before it is numbered for the trace. */
export interface Happening {
  readonly kind: EventKind;
  readonly name: string;
  readonly message: string;
}

export class World {
  readonly frame: Frame;
  private readonly models: ModelInService[];
  private readonly monitors: Monitors;
  private readonly log = new ChangeLog();
  private recorded: Recorded = { weights: null, delay: 0 };
  private readonly bill = new Bill();
  private happenings: Happening[] = [];
  /** What of the plan is asked at every step, put together once. */
  private asked: Asked;
  private retrainNow: true | readonly string[] = [];
  /** The lab, where slices are watched in it. */
  private lab: { readonly frame: Frame; readonly weights: Float64Array | null } | null = null;
  private labSlices: readonly Metrics[] = [];
  diverged = false;

  constructor(
    public plan: Plan,
    private readonly seed: number,
    private readonly replicate: number,
    /** Whether a hand or the schedule may yet ask a model to learn that never would by itself. */
    private readonly touchable = false,
    /** What of a step's record nobody reads: see `RunOptions`. */
    private readonly left?: ReadonlySet<string>,
  ) {
    this.frame = new Frame(rowsOf(plan), seed, replicate);
    this.models = plan.models.map((model) => new ModelInService(model, seed, replicate, left));
    this.monitors = new Monitors(this.watched(plan), seed, replicate);
    this.asked = askedOf(plan, left);
    for (const { name, start } of plan.state) this.frame.scalars.set(name, start);
    this.frame.scalars.set('t', -1);
  }

  /**
   * A hand on the world: another plan for the same population, models and records. `moves`: the world itself is otherwise from
   * here on, which monitors are scored by.
   */
  change(plan: Plan, moves = true): void {
    const before = this.plan;
    this.plan = plan;
    this.asked = askedOf(plan, this.left);
    if (moves) this.log.touch(this.frame.t + 1);
    this.monitors.change(this.watched(plan));
    for (const model of this.models) model.plan = plan.models.find(({ name }) => name === model.name) ?? model.plan;
    for (const { becomes, name, start } of plan.state) {
      const old = before.state.find((variable) => variable.name === name);
      // What the change speaks of takes its new value; what has evolved by itself goes on.
      if (old === undefined || old.start !== start || becomes === null) this.frame.scalars.set(name, start);
    }
  }

  /** The monitors whose word somebody hears. */
  private watched({ monitors }: Plan): Plan['monitors'] {
    return monitors.filter(({ name }) => !this.left?.has(`monitor.${name}`));
  }

  /** Models to train at the end of the step. */
  ask(models: true | readonly string[]): void {
    const known = this.models.map(({ name }) => name);
    for (const name of models === true ? [] : models)
      if (!known.includes(name)) this.say('note', name, 'there is no such model to retrain');
    this.retrainNow = models === true || this.retrainNow === true ? true : [...this.retrainNow, ...models];
  }

  /** The model that the run is about. */
  get primary(): ModelInService {
    return this.models.find(({ name }) => name === this.plan.primary.model) ?? this.models[0];
  }

  /** Weights of the rows whose labels the primary model gets of this step: 0 is not recorded; null: all are. */
  get recordedWeights(): Float64Array | null {
    return this.primary.recordedWeights;
  }

  /** Whether a model's records are kept to be learnt from. */
  private keeps(model: ModelInService): boolean {
    return this.touchable || mayTrain(model.plan.trigger);
  }

  /** What happened since it was last asked. */
  happened(): readonly Happening[] {
    const list = this.happenings;
    if (list.length === 0) return list;
    this.happenings = [];
    return list;
  }

  /** How the monitors stand, by name: what a trigger may go by. */
  get standing(): ReadonlyMap<string, Standing> {
    return this.monitors.standing();
  }

  private say(kind: EventKind, name: string, message: string): void {
    this.happenings.push({ kind, name, message });
  }

  /** The version that the primary model learnt last. */
  newest(): Version | null {
    return this.primary.newest;
  }

  /**
   * What the errors of this step would cost with each of these versions of the primary model in service: predictions and
   * decisions are made anew, everything else is as it is. Where the world does not react to the model, this is what they would
   * have cost.
   */
  costWith(versions: readonly Version[]): Float64Array {
    const costs = Float64Array.from(versions, (version) => {
      this.primary.suppose(version);
      return this.decideAnew();
    });
    this.primary.suppose(null);
    this.decideAnew();
    return costs;
  }

  private decideAnew(): number {
    this.predict();
    this.decide();
    const errors = this.costOfErrors();
    return errors === null ? 0 : total(errors, this.frame.weights);
  }

  // --- Before the first step ---

  /** The lab: a sample is drawn, the models are trained on part of it and scored on the held-out rest. */
  trainInLab(): void {
    const { lab: labPlan, population } = this.plan;
    const rows = population.nodes === null ? (labPlan.size ?? this.frame.rows) : this.frame.rows;
    const lab = new Frame(rows, this.seed, this.replicate, 'lab.');
    for (const [name, value] of this.frame.scalars) lab.scalars.set(name, value);
    renew(population, lab, true);
    if (!labPlan.curated) this.seeAsInField(lab);
    this.layers(lab);
    for (const { name } of this.plan.models) lab.columns.set(name, lab.buffer(`prediction.${name}`));
    for (const { name } of this.plan.decisions) {
      lab.columns.set(name, lab.buffer(`decision.${name}`));
      lab.columns.set(`${name}.chance`, lab.buffer(`decision.${name}`));
    }
    for (const model of this.plan.models) if (model.interval) this.emptyInterval(lab, model);
    happen(this.plan.outcome, lab);
    const { test, train } = this.split(lab);
    this.lab = this.asked.vantageSlices.length > 0 ? { frame: lab, weights: test ?? train } : null;
    for (const model of this.models) {
      const note = model.startIn(lab, train, test);
      if (note !== null) this.say('note', model.name, note);
      model.predict(lab);
      model.publish(this.frame);
    }
    this.monitors.startIn(lab, together(train, test), this.seen({}));
    this.scoreSlicesInLab();
  }

  /** What the lab says of the slices: of its rows that were kept for scoring, those that are in the slice. */
  private scoreSlicesInLab(): void {
    const { lab, plan } = this;
    if (lab === null) return;
    const { frame, weights } = lab;
    for (const model of this.models) model.predict(frame);
    for (const decision of plan.decisions) decide(frame, decision);
    for (const { target } of plan.models) frame.columns.set(`recorded.${target}`, frame.column(target));
    this.labSlices = this.asked.vantageSlices.map((slice) => {
      const own = sliceWeights(frame, slice);
      if (weights !== null) for (let i = 0; i < frame.rows; i++) own[i] = own[i] === 0 ? 0 : weights[i];
      return this.primary.actual(frame, own);
    });
  }

  /** What monitors can see. */
  private seen(observed: Seen['observed']): Seen {
    const { frame, models, plan, recorded } = this;
    return {
      frame,
      models,
      observed,
      delay: recorded.delay,
      slices: plan.slices,
      drawn: plan.population.nodes === null,
    };
  }

  private emptyInterval(lab: Frame, { name, uncertainty }: ModelPlan): void {
    lab.columns.set(`${name}.lower`, lab.buffer(`lower.${name}`));
    lab.columns.set(`${name}.upper`, lab.buffer(`upper.${name}`));
    if (uncertainty.method.own) lab.columns.set(`${name}.sd`, lab.buffer(`sd.${name}`));
  }

  /** A lab that is not curated is what has been recorded of the first step. */
  private seeAsInField(lab: Frame): void {
    this.layers(lab);
    lab.t = 0;
    for (const mechanism of this.plan.logging ?? this.plan.sense) rewrite(lab, mechanism);
    lab.t = -1;
  }

  private layers(frame: Frame): void {
    for (const { name } of this.plan.population.fields) {
      if (!frame.columns.has(`shown.${name}`)) frame.columns.set(`shown.${name}`, frame.column(name));
      if (!frame.columns.has(`seen.${name}`)) frame.columns.set(`seen.${name}`, frame.column(name));
    }
  }

  private split(lab: Frame): { train: Float64Array | null; test: Float64Array | null } {
    const { holdout, where } = this.plan.lab;
    const { replay } = this.plan.population;
    let weights = lab.weights;
    if (where !== null) {
      const taken = lab.buffer('lab.where');
      where.evaluate(lab.environment('lab.where'), taken);
      // A condition that is missing does not hold.
      for (let i = 0; i < lab.rows; i++)
        taken[i] = taken[i] !== 0 && !Number.isNaN(taken[i]) ? (weights === null ? 1 : weights[i]) : 0;
      weights = taken;
    }
    if (holdout === 0) return { train: weights, test: null };
    const draws = lab.buffer('draws');
    // What comes later judges what came before it.
    if (replay !== null) for (let i = 0; i < lab.rows; i++) draws[i] = 1 - (i + 0.5) / lab.rows;
    else fillUniform(lab.stream('holdout'), draws, lab.rows);
    const train = new Float64Array(lab.rows);
    const test = new Float64Array(lab.rows);
    for (let i = 0; i < lab.rows; i++) (draws[i] < holdout ? test : train)[i] = weights === null ? 1 : weights[i];
    return { train, test };
  }

  // --- The steps ---

  begin(t: number): void {
    this.frame.t = t;
    this.frame.scalars.set('t', t);
    for (const m of this.plan.mechanisms) {
      const isActive = active(m, t) && !m.pauses?.(t);
      // What acts from the very start is no event.
      if (this.log.mark(m.id, isActive, t) && t > 0) this.say('mechanism', m.id, isActive ? 'begins' : 'ends');
    }
  }

  /** Versions whose time has come go into service before anybody responds to them. */
  deploy(t: number): void {
    for (const model of this.models) {
      const happened = model.deploy(t);
      if (happened.length === 0) continue;
      model.publish(this.frame);
      if (happened.some(({ kind }) => kind !== 'trial')) this.monitors.deployed();
      if (model === this.primary) this.scoreSlicesInLab();
      const { trigger } = model.plan;
      const isRoutine = trigger.kind === 'every' && trigger.steps === 1;
      for (const { kind, message } of happened) {
        if (kind === 'deploy') this.bill.add('deploy', this.plan.cost?.deploy ?? 0);
        if (kind !== 'deploy' || !isRoutine) this.say(kind, model.name, message);
      }
    }
  }

  renew(first: boolean): void {
    renew(this.plan.population, this.frame, first);
  }

  drift(): void {
    for (const mechanism of this.plan.drift) rewrite(this.frame, mechanism);
  }

  respondBefore(): void {
    const { before, population } = this.plan;
    const { frame } = this;
    for (const response of before) if (movesTruth(response)) this.respond(response);
    for (const { name } of population.fields) frame.columns.set(`shown.${name}`, frame.column(name));
    for (const response of before) if (!movesTruth(response)) this.respond(response);
  }

  private respond(response: Response): void {
    // People respond to what they know: the model as it was.
    const { delay } = response;
    const known = this.frame.t - delay;
    if (known < 0) return;
    if (response.kind === 'rewrite') {
      if (delay > 0) for (const model of this.models) model.publish(this.frame, known);
      rewrite(this.frame, response.rewriting);
      if (delay > 0) for (const model of this.models) model.publish(this.frame);
      return;
    }
    const model = this.models.find(({ name }) => name === response.response.model);
    if (model !== undefined) respondStrategically(this.frame, response.response, this.knownOf(model, known));
  }

  private knownOf(model: ModelInService, t: number): DeployedModel {
    return {
      coefficient: (field) => model.coefficient(field, t),
      score: (out) => model.linear(this.frame, out, t),
      link: (p) => (model.plan.link === 'logit' ? Math.log(p / (1 - p)) : p),
    };
  }

  sense(): void {
    const { fields } = this.plan.population;
    see(this.frame, fields, this.plan.sense, this.plan.logging);
  }

  predict(): void {
    for (const model of this.models) {
      model.predict(this.frame);
      for (const note of model.surprises(this.frame)) this.say('note', model.name, note);
    }
  }

  decide(): void {
    for (const decision of this.plan.decisions) decide(this.frame, decision);
  }

  outcome(): void {
    happen(this.plan.outcome, this.frame);
  }

  /**
   * State that is carried to the next step: of people (their own fields), and of the world (numbers). It is made here and
   * taken up when the step is over: what is recorded and watched is still this step's.
   */
  respondAfter(): void {
    const { frame, plan } = this;
    for (const mechanism of plan.after) rewrite(frame, mechanism);
    participate(frame, plan.participation);
    this.nextState = plan.state.map(({ becomes, name }) => ({
      name,
      value: becomes === null ? frame.scalar(name) : becomes.number(frame.environment(`state.${name}`)),
    }));
  }
  private nextState: readonly { readonly name: string; readonly value: number }[] = [];

  collect(): void {
    const { frame, plan } = this;
    this.recorded = collect(frame, this.asked.targets, plan.labels, plan.selections);
    const layer = plan.logging === null ? 'seen.' : 'logged.';
    const costs = this.costOfErrors();
    for (const model of this.models) {
      const keep = this.keeps(model);
      const note = model.record(frame, this.recorded.weights, this.recorded.delay, {
        isHeard: keep || plan.cost !== null || !model.leaves('observed'),
        keep,
        layer,
        costs: model.plan.trigger.kind === 'staleness' ? costs : null,
        members: model === this.primary ? this.members() : [],
      });
      if (note !== null) this.say('note', model.name, note);
    }
  }

  /** By slice that is watched from the dashboard: 1 for who is in it. */
  private members(): Float64Array[] {
    const { frame } = this;
    return this.asked.vantageSlices.map((slice) => sliceWeights(frame, slice).map((weight) => (weight > 0 ? 1 : 0)));
  }

  /** Metrics from the three vantage points; monitors see only what has arrived. */
  watch(): Omit<StepRecord, 'id' | 'twin'> {
    const { asked, frame, plan } = this;
    this.payForStep();
    const described: Record<string, ModelRecord> = {};
    const observed: Record<string, Metrics> = {};
    const first = this.primary;
    let primary: Vantage = { lab: {}, observed: {}, actual: {} };
    for (const model of this.models) {
      const vantage = this.vantage(model);
      observed[model.name] = vantage.observed;
      const reliability = model.reliability(frame);
      const own: { -readonly [K in keyof ModelRecord]: ModelRecord[K] } = model.describe();
      if (reliability !== undefined) own.reliability = reliability;
      if (model === first) primary = vantage;
      else own.metrics = vantage;
      described[model.name] = own;
    }
    const slices = this.slices();
    const monitored = this.monitored(observed);
    const state: Record<string, number | null> = {};
    for (const { name } of plan.state) state[name] = finite(frame.scalar(name));
    return {
      type: 'step',
      t: frame.t,
      ...primary,
      models: described,
      slices: slices.metrics,
      ...this.sliceVantages(),
      worst: slices.worst,
      ...monitored,
      measure: this.numbers(asked.measures),
      theory: this.numbers(asked.theory),
      state,
      ...this.costs(),
      population: this.summary(),
    };
  }

  /** What the monitors say; nothing where there are none. */
  private monitored(observed: Seen['observed']): Pick<StepRecord, 'monitors'> {
    const { frame, models, plan } = this;
    if (plan.monitors.length === 0) return {};
    const { reached, records } = this.monitors.watch(this.seen(observed));
    const { standing } = this;
    for (const { kind, message, name } of reached) {
      this.say(kind, name, message);
      if (kind === 'alarm') this.bill.add('alarm', plan.cost?.alarm ?? 0);
      for (const model of models) model.alarmed(kind, frame.t, standing.get(name)?.since ?? frame.t);
    }
    return { monitors: records };
  }

  /** What each monitor was worth after so many steps; nothing where there are none. When replayed rows changed, nobody knows. */
  scores(steps: number): Pick<EndRecord, 'monitors'> {
    const { lab, monitors, population } = this.plan;
    if (monitors.length === 0) return {};
    const changes = this.log.changes(lab.curated);
    return { monitors: this.monitors.scores(changes, steps, population.replay !== null) };
  }

  private vantage(model: ModelInService): Vantage {
    const { frame } = this;
    return {
      lab: model.labMetrics,
      observed: model.observe(frame.t, this.keeps(model), (component) => frame.stream(component)),
      actual: model.leaves('actual') ? {} : model.actual(frame, frame.weights),
    };
  }

  private slices(): { metrics: Record<string, Metrics>; worst: string | null } {
    const { frame, left, plan } = this;
    if (plan.slices.length === 0) return { metrics: {}, worst: null };
    const model = this.primary;
    const metrics: Record<string, Metrics> = {};
    const losses: { name: string; loss: Loss | null }[] = [];
    const isJudged = left?.has('worst') !== true;
    for (const slice of plan.slices) {
      if (left?.has(`slices.${slice.name}`)) continue;
      const weights = sliceWeights(frame, slice);
      metrics[slice.name] = model.actual(frame, weights);
      if (isJudged) losses.push({ name: slice.name, loss: model.loss(frame, weights) });
    }
    if (!isJudged) return { metrics, worst: null };
    const isDrawn = plan.population.nodes === null;
    return { metrics, worst: worstSlice(model.loss(frame, frame.weights), losses, isDrawn) };
  }

  private sliceVantages(): Pick<StepRecord, 'sliceVantages'> {
    const slices = this.asked.vantageSlices;
    if (slices.length === 0) return {};
    const entries = slices.map(({ name }, k) => [
      name,
      { lab: this.labSlices[k], observed: this.primary.observedIn(k) },
    ]);
    return { sliceVantages: Object.fromEntries(entries) };
  }

  private numbers(asked: readonly AskedNumber[]): Metrics {
    const { frame } = this;
    const numbers: Record<string, number | null> = {};
    for (const { formula, name, path } of asked)
      numbers[name] = formula === null ? null : finite(formula.number(frame.environment(path)));
    return numbers;
  }

  /** The errors of this step, and the labels that arrive at it. */
  private payForStep(): void {
    const { cost } = this.plan;
    if (cost === null) return;
    if (this.errors !== null) this.bill.add('error', total(this.errors, this.frame.weights));
    this.bill.add('label', cost.label * this.primary.arriving(this.frame.t));
  }

  /** Costs so far, and of this step where the scenario says what things cost. */
  private costs(): Pick<StepRecord, 'costs' | 'cost'> {
    const { cost } = this.plan;
    return cost === null ? { costs: {} } : this.bill.close(cost);
  }

  /** What each individual's error costs at this step. */
  private costOfErrors(): Float64Array | null {
    const { frame, plan } = this;
    const formula = plan.cost?.error ?? null;
    this.errors = formula === null ? null : frame.buffer('cost');
    if (formula !== null && this.errors !== null) formula.evaluate(frame.environment('costs.error'), this.errors);
    return this.errors;
  }
  private errors: Float64Array | null = null;

  private summary(): StepRecord['population'] {
    const { frame, left, plan } = this;
    const out: Record<string, { mean: number | null; sd: number | null }> = {};
    if (left?.has('population')) return out;
    for (const { name } of [...plan.population.fields, ...plan.outcome])
      out[name] = spread(frame.column(name), frame.weights);
    return out;
  }

  retrain(t: number): void {
    for (const model of this.models) {
      const asked = this.retrainNow === true || this.retrainNow.includes(model.name);
      if (!this.asks(model, asked, t)) {
        model.idle();
        continue;
      }
      const { kind, message } = model.train(t, (component) => this.frame.stream(component));
      if (kind === 'train' || kind === 'refused') this.bill.add('retrain', this.plan.cost?.retrain ?? 0);
      if (kind === 'train') this.monitors.trained(model, t);
      if (kind === 'diverged') {
        this.diverged = true;
        this.say('divergence', model.name, message ?? 'diverged');
      } else if (message !== null) this.say(kind === 'train' ? 'note' : 'kept', model.name, message);
    }
    if (this.retrainNow === true || this.retrainNow.length > 0) this.retrainNow = [];
    this.carryOn();
  }

  /** Whether a model learns at the end of step t: by its trigger, or where a person has `asked`. */
  private asks(model: ModelInService, asked: boolean, t: number): boolean {
    // A step may be one individual's, and most models never ask: no evidence is gathered for them.
    if (!asked && !asksByItself(model.plan.trigger)) return false;
    const { cost } = this.plan;
    return model.asks(t, {
      asked,
      alarmed: (monitors, level) => isReached(this.standing, monitors, level),
      price: (cost?.retrain ?? 0) + (cost?.deploy ?? 0),
      uniform: () => this.frame.stream(`models.${model.name}.retrain`).uniform(),
    });
  }

  /** The step is over: what `respondAfter` made is how the next one begins. */
  private carryOn(): void {
    const { frame, plan } = this;
    const { branches, nodes } = plan.population;
    let moved: Set<string> | null = null;
    for (const { column } of plan.after) {
      const field = column.slice('base.'.length);
      if (nodes?.has(field)) {
        if (frame.column(column) !== frame.buffer(column)) moved = (moved ?? new Set()).add(field);
        continue;
      }
      const own = frame.buffer(column);
      own.set(frame.column(column));
      frame.columns.set(column, own);
    }
    if (nodes !== null && moved !== null) transport(frame, nodes, branches, moved);
    settle(frame);
    for (const { name, value } of this.nextState) {
      // A number that has left the range of numbers would be lost in the trace: the loop has diverged.
      if (!Number.isFinite(value)) {
        this.diverged = true;
        this.say('divergence', name, `the state ${name} is no longer a finite number`);
      } else this.frame.scalars.set(name, value);
    }
  }

  /** The record with what this step's training made of the models. */
  describeTraining(record: Omit<StepRecord, 'id' | 'twin'>): Omit<StepRecord, 'id' | 'twin'> {
    for (const model of this.models) Object.assign(record.models[model.name], model.learnt);
    return record;
  }
}

/** A number of the record; without a formula where nobody reads it. */
interface AskedNumber extends Pick<NamedFormula, 'name'> {
  readonly formula: Formula | null;
  readonly path: string;
}

/** What of a plan is asked at every step. */
interface Asked {
  /** Of all models, each once. */
  readonly targets: readonly string[];
  /** Slices that are watched in the lab and from the dashboard, too. */
  readonly vantageSlices: readonly Slice[];
  readonly measures: readonly AskedNumber[];
  readonly theory: readonly AskedNumber[];
}

function askedOf({ measures, models, slices, theory }: Plan, left: ReadonlySet<string> | undefined): Asked {
  const numbers = (formulas: readonly NamedFormula[], block: string) =>
    formulas.map(({ formula, name }) => {
      const path = `${block}.${name}`;
      return { name, path, formula: left?.has(path) ? null : formula };
    });
  return {
    targets: [...new Set(models.map(({ target }) => target))],
    vantageSlices: slices.filter(({ vantages }) => vantages),
    measures: numbers(measures, 'measure'),
    theory: numbers(theory, 'theory'),
  };
}

/** Whether one of some monitors (null: of all) has reached a level. */
const isReached = (
  standing: ReadonlyMap<string, Standing>,
  monitors: readonly string[] | null,
  level: 'warning' | 'alarm',
): boolean =>
  [...standing].some(
    ([name, own]) => (monitors === null || monitors.includes(name)) && (own.level === 'alarm' || own.level === level),
  );

/** Weights of the rows of either part. */
function together(train: Float64Array | null, test: Float64Array | null): Float64Array | null {
  if (train === null || test === null) return train;
  return train.map((w, i) => w + test[i]);
}

const movesTruth = (response: Response): boolean =>
  response.kind === 'rewrite' ? !response.rewriting.column.startsWith('shown.') : response.response.layer === 'true';

const rowsOf = ({ population }: Plan): number =>
  population.nodes === null ? population.size : nodeCount(population.nodes, population.branches);

/** Weighted mean and standard deviation of a column, missing values left out. */
function spread(column: Float64Array, weights: Float64Array | null): { mean: number | null; sd: number | null } {
  let total = 0;
  let sum = 0;
  let squares = 0;
  let shift = Number.NaN;
  for (let i = 0; i < column.length; i++) {
    const x = column[i];
    if (!Number.isFinite(x)) continue;
    if (Number.isNaN(shift)) shift = x;
    const w = weights === null ? 1 : weights[i];
    const d = x - shift;
    total += w;
    sum += w * d;
    squares += w * d * d;
  }
  if (!(total > 0)) return { mean: null, sd: null };
  const mean = sum / total;
  return { mean: finite(shift + mean), sd: finite(Math.sqrt(Math.max(0, squares / total - mean * mean))) };
}

function total(values: Float64Array, weights: Float64Array | null): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) sum += values[i] * (weights === null ? 1 : weights[i]);
  return sum;
}
