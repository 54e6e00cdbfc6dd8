/** The monitors of a run: what they have seen, and what they say of it. They see only what has arrived, and change nothing. */
import type { Frame } from '../core/frame.js';
import type { Standing } from '../retrain/standing.js';
import { type Detector, type Level, withoutReplacement } from '../watch/detectors/index.js';
import { type MonitorScore, merged, monitorScore, type Span, windowsAfter } from '../watch/monitor-score.js';
import type { ModelInService } from './model.js';
import { EstimateInService } from './monitor-estimate.js';
import { ComparisonInService } from './monitor-samples.js';
import { WorstSliceInService } from './monitor-slices.js';
import { meanOf, type Seen, valuesOf } from './monitor-values.js';
import type { Condition, MonitorKind, MonitorPlan } from './plan.js';
import { finite, type MonitorRecord } from './trace.js';

/** What a monitor finds at a step, before its conditions are looked at. */
export interface Finding {
  readonly statistic: number | null;
  readonly p?: number | null;
  readonly lower?: number;
  readonly upper?: number;
  /** What its kind makes of it by itself. */
  readonly level: Level;
  /** What it is about, where that differs from step to step. */
  readonly about?: string;
  /** Whether some test alarms at a level of significance, after correction; null where it has no p-value. */
  readonly significant?: (condition: Condition) => boolean;
}

export interface Watcher {
  /** The lab, before the first step. `weights`: of the rows that were taken into it. */
  startIn(lab: Frame, weights: Float64Array | null, seen: Seen): void;
  watch(seen: Seen): Finding;
  /** A model has been trained at the end of step t. */
  trained(model: ModelInService, t: number): void;
  /** A model has been deployed. */
  deployed(): void;
}

/** When mechanisms began and ended, and hands acted. */
export interface Changes {
  /** Spans in which a mechanism acts that did not act in the lab. */
  readonly spans: readonly Span[];
  /** Steps at which something began or ended, other than the first. */
  readonly steps: readonly number[];
}

/** A level that was reached. */
export interface Alarm {
  readonly kind: 'warning' | 'alarm';
  readonly name: string;
  readonly message: string;
}

const RANK: Readonly<Record<Level, number>> = { none: 0, warning: 1, alarm: 2 };

export class Monitors {
  private list: MonitorInService[];

  constructor(
    plans: readonly MonitorPlan[],
    private readonly seed: number,
    private readonly replicate: number,
  ) {
    this.list = plans.map((plan) => new MonitorInService(plan, seed, replicate));
  }

  /** A hand on the world: a monitor goes on under its name, unless it now watches otherwise. */
  change(plans: readonly MonitorPlan[]): void {
    this.list = plans.map((plan) => {
      const own = this.list.find(({ plan: { name } }) => name === plan.name);
      return own?.change(plan) ? own : new MonitorInService(plan, this.seed, this.replicate);
    });
  }

  startIn(lab: Frame, weights: Float64Array | null, seen: Seen): void {
    for (const monitor of this.list) monitor.startIn(lab, weights, seen);
  }

  /** What each says at this step, and the levels that were reached. */
  watch(seen: Seen): { readonly records: Readonly<Record<string, MonitorRecord>>; readonly reached: readonly Alarm[] } {
    const reached: Alarm[] = [];
    const records: Record<string, MonitorRecord> = {};
    for (const monitor of this.list) {
      const before = monitor.level;
      const record = monitor.watch(seen);
      const { name } = monitor.plan;
      records[name] = record;
      const { level } = record;
      // A detector that starts afresh after an alarm alarms anew; what is still so is no news.
      const isNews = RANK[level] > RANK[before] || (level === 'alarm' && monitor.plan.watches.kind === 'detector');
      if (level !== 'none' && isNews) reached.push({ kind: level, name, message: told(record, monitor.about) });
    }
    return { records, reached };
  }

  trained(model: ModelInService, t: number): void {
    for (const monitor of this.list) monitor.watcher.trained(model, t);
  }

  deployed(): void {
    for (const monitor of this.list) monitor.watcher.deployed();
  }

  /** How each stands, by name. */
  standing(): ReadonlyMap<string, Standing> {
    return new Map(this.list.map((monitor) => [monitor.plan.name, monitor.standing]));
  }

  /** What each was worth, after so many steps; `told`: only of those that are told when the world changes. */
  scores(changes: Changes, steps: number, told: boolean): Readonly<Record<string, MonitorScore>> {
    const scored = this.list.filter(({ plan }) => !told || plan.changes.length > 0);
    return Object.fromEntries(scored.map((monitor) => [monitor.plan.name, monitor.score(changes, steps)]));
  }
}

const told = ({ p, statistic }: MonitorRecord, about: string | undefined): string => {
  const number = (x: number): string => String(Number(x.toPrecision(4)));
  const parts = [
    about === undefined ? [] : [about],
    statistic === null ? [] : [`statistic ${number(statistic)}`],
    p === null || p === undefined ? [] : [`p ${number(p)}`],
  ].flat();
  return parts.join(', ');
};

class MonitorInService {
  level: Level = 'none';
  /** What its last finding was about. */
  about: string | undefined;
  readonly watcher: Watcher;
  private readonly alarms: number[] = [];
  private since: number | null = null;

  constructor(
    public plan: MonitorPlan,
    seed: number,
    replicate: number,
  ) {
    this.watcher = watcherOf(plan, seed, replicate);
  }

  /** Takes another plan if it watches the same thing in the same way. */
  change(plan: MonitorPlan): boolean {
    if (!isSame(this.plan.watches, plan.watches)) return false;
    this.plan = plan;
    return true;
  }

  startIn(lab: Frame, weights: Float64Array | null, seen: Seen): void {
    this.watcher.startIn(lab, weights, seen);
  }

  watch(seen: Seen): MonitorRecord {
    const { alarm, warning } = this.plan;
    const finding = this.watcher.watch(seen);
    const given = alarm !== null || warning !== null;
    const level = given ? levelBy(finding, alarm, warning) : finding.level;
    this.level = level;
    this.about = finding.about;
    if (level === 'none') this.since = null;
    else this.since ??= seen.frame.t;
    if (level === 'alarm') this.alarms.push(seen.frame.t);
    return {
      statistic: finite(finding.statistic),
      level,
      ...(finding.p === undefined ? {} : { p: finite(finding.p) }),
      ...(finding.lower === undefined ? {} : { lower: finite(finding.lower) }),
      ...(finding.upper === undefined ? {} : { upper: finite(finding.upper) }),
    };
  }

  get standing(): Standing {
    return { level: this.level, since: this.since, alarmed: this.alarms.at(-1) ?? null };
  }

  score({ spans, steps: changed }: Changes, steps: number): MonitorScore {
    const { changes, watches, within } = this.plan;
    const own = changes.map((change): Span => (typeof change === 'number' ? [change, steps - 1] : change));
    const windows = tellsStates(watches)
      ? merged([...spans, ...own], steps)
      : windowsAfter(
          [...changed, ...changes.map((change) => (typeof change === 'number' ? change : change[0]))],
          within,
          steps,
        );
    return monitorScore(this.alarms, windows, steps);
  }
}

/** Whether it alarms for as long as something is otherwise, and not only when it becomes so. */
const tellsStates = (watches: MonitorKind): boolean => {
  if (watches.kind === 'detector') return false;
  if (watches.kind !== 'comparison' && watches.kind !== 'mmd') return true;
  return watches.reference.kind === 'lab' || watches.reference.kind === 'first';
};

const isSame = (a: MonitorKind, b: MonitorKind): boolean => {
  // A formula is known by what was written; a detector by its options, which its key tells.
  const text = (kind: MonitorKind): string =>
    JSON.stringify(kind, (key, value) => (key === 'formula' ? (value as { source: string }).source : value));
  return text(a) === text(b);
};

function levelBy(finding: Finding, alarm: Condition | null, warning: Condition | null): Level {
  if (alarm !== null && holds(finding, alarm)) return 'alarm';
  return warning !== null && holds(finding, warning) ? 'warning' : 'none';
}

function holds(finding: Finding, condition: Condition): boolean {
  if (condition.on === 'p') return finding.significant?.(condition) ?? false;
  return finding.statistic !== null && compare(finding.statistic, condition);
}

/** Whether a number meets a condition; a missing one meets none. */
export function compare(x: number, { relation, value }: Condition): boolean {
  if (relation === '<') return x < value;
  if (relation === '<=') return x <= value;
  return relation === '>' ? x > value : x >= value;
}

function watcherOf({ name, watches }: MonitorPlan, seed: number, replicate: number): Watcher {
  switch (watches.kind) {
    case 'detector':
      return new DetectorInService(name, watches);
    case 'comparison':
    case 'mmd':
      return new ComparisonInService(name, watches);
    case 'cbpe':
    case 'dle':
      return new EstimateInService(name, watches, seed, replicate);
    case 'worstSlice':
      return new WorstSliceInService(watches.model);
    case 'threshold':
      return new ThresholdInService(watches);
  }
}

/** A detector on a stream. */
class DetectorInService implements Watcher {
  private readonly detector: Detector;
  private draws: { word(): number } = { word: () => 0 };

  constructor(
    private readonly name: string,
    private readonly plan: Extract<MonitorKind, { kind: 'detector' }>,
  ) {
    // The stream is another at each step; what it chooses depends on that stream alone.
    this.detector = plan.make(withoutReplacement({ word: () => this.draws.word() }));
  }

  startIn(): void {}
  trained(): void {}
  deployed(): void {
    if (this.plan.resetOnDeploy) this.detector.reset();
  }

  watch(seen: Seen): Finding {
    const { detector, plan } = this;
    this.draws = seen.frame.stream(`monitor.${this.name}`);
    const found = valuesOf(plan.source, seen, this.name);
    if (found === null) return { statistic: null, level: 'none' };
    if (plan.per === 'step') {
      const level = detector.update(meanOf(found));
      return { statistic: detector.statistic, level };
    }
    let highest: Level = 'none';
    let statistic: number | null = null;
    for (let i = 0; i < found.n; i++) {
      if (found.weights !== null && found.weights[i] === 0) continue;
      const level = detector.update(found.values[i]);
      if (RANK[level] < RANK[highest]) continue;
      highest = level;
      // The alarm's own statistic: with the next value it starts afresh.
      if (level === 'alarm') statistic = detector.statistic;
    }
    return { statistic: statistic ?? detector.statistic, level: highest };
  }
}

/** A number a step, with conditions of the scenario's own. */
class ThresholdInService implements Watcher {
  constructor(private readonly plan: Extract<MonitorKind, { kind: 'threshold' }>) {}

  startIn(): void {}
  trained(): void {}
  deployed(): void {}

  watch(seen: Seen): Finding {
    const found = valuesOf(this.plan.source, seen, 'threshold');
    return { statistic: found === null ? null : meanOf(found), level: 'none' };
  }
}
