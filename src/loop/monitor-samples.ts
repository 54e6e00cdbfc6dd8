/** Monitors that compare the sample of a step with a reference: the lab, what was learnt from, or steps before. */

import type { Frame } from '../core/frame.js';
import { indices } from '../core/vector.js';
import { inWindow, type Window, weightIn } from '../retrain/window.js';
import type { Level } from '../watch/detectors/index.js';
import { correct } from '../watch/multiple-testing.js';
import {
  type Against,
  COMPARISONS,
  type Compared,
  type Comparison,
  kernelMatrix,
  medianSigma,
  mmdTest,
  sampleOf,
} from '../watch/two-sample/index.js';
import type { ModelInService } from './model.js';
import { labValuesOf, type Seen, type Values, valuesOf } from './monitor-values.js';
import type { Finding, Watcher } from './monitors.js';
import type { Condition, MonitorKind, MonitorSource } from './plan.js';

type Samples = Extract<MonitorKind, { kind: 'comparison' | 'mmd' }>;

/** One sample of each source. */
type Set = readonly Values[];

/** What a step gave, kept to be a reference later. */
interface Kept {
  readonly t: number;
  /** When its labels arrive. */
  readonly due: number;
  readonly set: Set;
}

export class ComparisonInService implements Watcher {
  private lab: Set | null = null;
  private kept: Kept[] = [];
  /** References by the step at which a version was trained: the latest, since an old version may come back. */
  private readonly byTraining = new Map<number, Set>();
  private reference: { readonly set: Set; readonly against: readonly (Against | null)[] } | null = null;
  /** The window of the model whose training sample this is. */
  private window: Window = { kind: 'all' };
  private onset: number | null = null;

  constructor(
    private readonly name: string,
    private readonly plan: Samples,
  ) {}

  startIn(lab: Frame, weights: Float64Array | null, seen: Seen): void {
    const { reference, sources } = this.plan;
    if (reference.kind !== 'lab' && reference.kind !== 'training') return;
    const set = sources.map((source) => labValuesOf(source, lab, weights, seen, this.name));
    if (set.every((values) => values !== null)) this.lab = set.map(copied);
  }

  deployed(): void {}

  trained(model: ModelInService, t: number): void {
    const { reference } = this.plan;
    if (reference.kind !== 'training' || reference.model !== model.name) return;
    // As it is now: an alarm of this step may have moved where the window begins.
    const { onset } = model;
    const { window } = model.plan;
    const learnt = this.kept.filter((kept) => kept.due <= t && inWindow(window, kept.t, t, onset));
    if (model.plan.start === null && this.lab !== null && inWindow(window, -1, t, onset))
      learnt.unshift({ t: -1, due: -1, set: this.lab });
    const sets = (window.kind === 'newest' ? newest(learnt, window.rows) : learnt).map((kept) =>
      weighed(kept.set, weightIn(window, kept.t, t)),
    );
    if (sets.length === 0) return;
    this.byTraining.set(t, joined(sets));
    for (const old of [...this.byTraining.keys()].slice(0, -REMEMBERED)) this.byTraining.delete(old);
  }

  watch(seen: Seen): Finding {
    const { sources } = this.plan;
    const values = sources.map((source) => valuesOf(source, seen, this.name));
    if (!values.every((one) => one !== null)) return NOTHING;
    const set = this.referenceFor(seen);
    const finding = set === null ? NOTHING : this.compare(set, values, seen.frame);
    this.keep(seen, values);
    return finding;
  }

  /** The reference of this step; null where there is none yet. */
  private referenceFor({ models }: Seen): Set | null {
    const { reference } = this.plan;
    if (reference.kind === 'lab') return this.lab;
    if (reference.kind === 'sliding' || reference.kind === 'first') {
      const isFull = reference.kind === 'sliding' || this.kept.length === reference.steps;
      if (!isFull || this.kept.length === 0) return null;
      if (reference.kind === 'first' && this.reference !== null) return this.reference.set;
      return joined(this.kept.map(({ set }) => set));
    }
    const model = models.find(({ name }) => name === reference.model);
    if (model === undefined) return this.lab;
    this.window = model.plan.window;
    this.onset = model.onset;
    return this.byTraining.get(model.trained) ?? this.lab;
  }

  private keep(seen: Seen, values: Set): void {
    const { reference } = this.plan;
    const { t } = seen.frame;
    if (reference.kind === 'lab') return;
    if (reference.kind === 'first') {
      if (this.kept.length < reference.steps) this.kept.push({ t, due: t, set: values.map(copied) });
      return;
    }
    if (reference.kind === 'sliding') {
      this.kept.push({ t, due: t, set: values.map(copied) });
      if (this.kept.length > reference.steps) this.kept.shift();
      return;
    }
    const { delay, models } = seen;
    // What is learnt from is what was recorded.
    const weights = models.find(({ name }) => name === reference.model)?.recordedWeights ?? null;
    this.kept.push({
      t,
      due: t + delay,
      set: values.map((one) => copied(weights === null ? one : { ...one, weights })),
    });
    const { onset, window } = this;
    this.kept = this.kept.filter((kept) => inWindow(window, kept.t, t, onset));
    if (window.kind === 'newest')
      this.kept = newest(this.kept, window.rows + rowsOf(this.kept.filter(({ due }) => due > t)));
    while (rowsOf(this.kept) > MOST_ROWS) this.kept = this.kept.map(thinned);
  }

  private compare(set: Set, values: Set, frame: Frame): Finding {
    const { plan } = this;
    if (plan.kind === 'mmd') return this.compareRows(plan, set, values, frame);
    const comparison: Comparison = COMPARISONS[plan.comparison];
    if (this.reference?.set !== set) {
      const against = set.map((one, k) => {
        const sample = sampleOf(one.values, one.weights, one.n);
        return sample.values.length === 0 ? null : comparison.against(sample, categoriesOf(plan.sources[k]));
      });
      this.reference = { set, against };
    }
    const found = this.reference.against.map((against, k): Compared | null => {
      const { n, values: column, weights } = values[k];
      const sample = sampleOf(column, weights, n);
      return against === null || sample.values.length === 0 ? null : against(sample);
    });
    const statistics = found.flatMap((one) => (one === null ? [] : [one.statistic]));
    if (statistics.length === 0) return NOTHING;
    const statistic = Math.max(...statistics);
    const ps = found.map((one) => one?.p ?? Number.NaN);
    if (!comparison.hasP) return { statistic, level: by(statistic, DEFAULT_LIMITS[plan.comparison]) };
    const significant = ({ relation, value }: Condition): boolean =>
      relation.startsWith('<') && correct(plan.correction, ps, value).rejected.some(Boolean);
    const smallest = Math.min(...ps.filter((p) => !Number.isNaN(p)));
    const limits = DEFAULT_LIMITS[plan.comparison];
    const level: Level = limits !== null ? by(statistic, limits) : significant(P_ALARM) ? 'alarm' : 'none';
    return { statistic, p: smallest, level, significant };
  }

  /** Some rows of each sample, drawn anew at each step. */
  private compareRows(plan: Extract<Samples, { kind: 'mmd' }>, set: Set, values: Set, frame: Frame): Finding {
    const stream = frame.stream(`monitor.${this.name}`);
    const uniform = (below: number): number => Math.floor(((stream.word() >>> 0) / 4294967296) * below);
    const reference = drawn(set, plan.rows, uniform);
    const current = drawn(values, plan.rows, uniform);
    if (reference === null || current === null) return NOTHING;
    // All columns count alike: each in standard deviations of the reference.
    scale(reference, current);
    const n = reference[0].length;
    const all = n + current[0].length;
    const permutations = Array.from({ length: plan.permutations }, () => {
      const order = indices(all);
      for (let i = all - 1; i > 0; i--) {
        const j = uniform(i + 1);
        const other = order[i];
        order[i] = order[j];
        order[j] = other;
      }
      return order;
    });
    const sigma = medianSigma(reference);
    const { pValue, statistic } = mmdTest(kernelMatrix(reference, current, [sigma > 0 ? sigma : 1]), n, permutations);
    const significant = ({ relation, value }: Condition): boolean =>
      relation === '<' ? pValue < value : relation === '<=' && pValue <= value;
    return { statistic, p: pValue, level: significant(P_ALARM) ? 'alarm' : 'none', significant };
  }
}

/** Trained versions whose sample is remembered. */
const REMEMBERED = 4;
/** Rows that are kept of one source; of more, every second counts for two. */
const MOST_ROWS = 400_000;

const rowsOf = (kept: readonly Kept[]): number => kept.reduce((sum, { set }) => sum + set[0].n, 0);

/** The last of them that hold so many rows together. */
function newest(kept: readonly Kept[], rows: number): Kept[] {
  let from = kept.length;
  for (let held = 0; from > 0 && held < rows; from--) held += kept[from - 1].set[0].n;
  return kept.slice(from);
}

function thinned({ due, set, t }: Kept): Kept {
  const thin = ({ n, values, weights }: Values): Values => {
    const half = Math.ceil(n / 2);
    return {
      n: half,
      values: Float64Array.from({ length: half }, (_, i) => values[2 * i]),
      weights: Float64Array.from({ length: half }, (_, i) => 2 * (weights?.[2 * i] ?? 1)),
    };
  };
  return { t, due, set: set.map(thin) };
}

/** Every row of a set with so much of its weight. */
const weighed = (set: Set, weight: number): Set =>
  weight === 1
    ? set
    : set.map((own) => ({ ...own, weights: (own.weights ?? new Float64Array(own.n).fill(1)).map((w) => w * weight) }));

const NOTHING: Finding = { statistic: null, level: 'none' };
const P_ALARM: Condition = { on: 'p', relation: '<', value: 0.05 };

/** Usual limits of statistics, warning and alarm; null: judged by the p-value. */
const DEFAULT_LIMITS = {
  psi: [0.1, 0.2],
  jensenShannon: [null, 0.1],
  wasserstein: [null, 0.1],
  ks: null,
  chiSquare: null,
} as const satisfies Record<string, readonly [number | null, number] | null>;

function by(statistic: number, limits: readonly [number | null, number] | null): Level {
  if (limits === null) return 'none';
  const [warning, alarm] = limits;
  if (statistic > alarm) return 'alarm';
  return warning !== null && statistic > warning ? 'warning' : 'none';
}

const categoriesOf = (source: MonitorSource): number | null => ('categories' in source ? source.categories : null);

const copied = ({ n, values, weights }: Values): Values => ({
  n,
  values: values.slice(0, n),
  weights: weights?.slice(0, n) ?? null,
});

/** The samples of several sets as one. */
function joined(sets: readonly Set[]): Set {
  if (sets.length === 1) return sets[0];
  return sets[0].map((_, k) => {
    const parts = sets.map((set) => set[k]);
    const n = parts.reduce((sum, part) => sum + part.n, 0);
    const values = new Float64Array(n);
    const weights = parts.some((part) => part.weights !== null) ? new Float64Array(n).fill(1) : null;
    let at = 0;
    for (const part of parts) {
      values.set(part.values.subarray(0, part.n), at);
      if (part.weights !== null) weights?.set(part.weights.subarray(0, part.n), at);
      at += part.n;
    }
    return { n, values, weights };
  });
}

/** At most so many complete rows, without replacement; null where there are fewer than two. */
function drawn(set: Set, rows: number, uniform: (below: number) => number): Float64Array[] | null {
  const complete: number[] = [];
  const { n, weights } = set[0];
  for (let i = 0; i < n; i++)
    if ((weights === null || weights[i] > 0) && set.every(({ values }) => !Number.isNaN(values[i]))) complete.push(i);
  if (complete.length < 2) return null;
  const count = Math.min(rows, complete.length);
  for (let k = 0; k < count; k++) {
    const other = k + uniform(complete.length - k);
    const row = complete[other];
    complete[other] = complete[k];
    complete[k] = row;
  }
  return set.map(({ values }) => Float64Array.from(complete.slice(0, count), (i) => values[i]));
}

function scale(reference: readonly Float64Array[], current: readonly Float64Array[]): void {
  reference.forEach((column, k) => {
    const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
    const sd = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length);
    if (!(sd > 0)) return;
    for (const one of [column, current[k]]) for (let i = 0; i < one.length; i++) one[i] /= sd;
  });
}
