/** The trace: one record a line. Numbers that do not exist are null, never NaN. */
import type { Level } from '../watch/detectors/index.js';
import type { MonitorScore } from '../watch/monitor-score.js';

/** Metrics by name; null where a metric does not exist. */
export type Metrics = Readonly<Record<string, number | null>>;

/** The three vantage points. */
export interface Vantage {
  readonly lab: Metrics;
  readonly observed: Metrics;
  readonly actual: Metrics;
}

/** What a model can tell of itself at a step. */
export interface ModelRecord {
  /** 1 is the first version deployed. */
  readonly version: number;
  /** Step at the end of which the deployed version was trained; -1 is the lab. */
  readonly trained: number;
  readonly intercept: number | null;
  readonly coef: Readonly<Record<string, number | null>> | null;
  /** Spread of the training residuals. */
  readonly sd: number | null;
  /** Euclidean norm of the coefficients, the intercept left out. */
  readonly norm: number | null;
  /** The objective minimised, at this step's training; null where it was not trained. */
  readonly objective: number | null;
  /** Euclidean distance between the new and the deployed version's coefficients, the intercept included. */
  readonly gap: number | null;
  /** Strength of the penalty of the deployed version, for learners that have one. */
  readonly strength?: number | null;
  /** How much each encoded feature has to do with the predictions, for learners that can tell. They add up to 1. */
  readonly importances?: Readonly<Record<string, number | null>>;
  /** The share of misses that the next intervals aim at, where they adapt (ACI): alpha_{t+1}, unclipped. */
  readonly alpha?: number;
  /** Predicted and found frequencies by tenth of the probability, where the scenario asks: `bin1` to `bin10`. */
  readonly reliability?: Readonly<Record<keyof Vantage, ReliabilityTable>>;
  /** Metrics, for models other than the first. */
  readonly metrics?: Vantage;
}

/** By bin; without any weight there is neither a mean prediction nor a frequency. */
export type ReliabilityTable = Readonly<
  Record<string, { readonly mean: number | null; readonly frequency: number | null; readonly weight: number }>
>;

/** What a monitor says at a step. */
export interface MonitorRecord {
  /** What it compares with its thresholds; null where there was nothing to watch. */
  readonly statistic: number | null;
  readonly level: Level;
  /** p-value, where it has one; of several fields the smallest. */
  readonly p?: number | null;
  /** The band of an estimate without labels. */
  readonly lower?: number | null;
  readonly upper?: number | null;
}

export interface HeaderRecord {
  readonly type: 'header';
  readonly id: number;
  readonly twin?: string;
  readonly version: string;
  readonly name: string;
  readonly steps: number;
  readonly seed: number;
  readonly replicate: number;
  /** The model and the metric that say best how the run goes. */
  readonly primary: { readonly model: string; readonly metric: string };
  /** Mechanisms that are switched off. */
  readonly without: readonly string[];
  readonly interventions: readonly Intervention[];
  /** The scenario as resolved. */
  readonly scenario: unknown;
}

export interface StepRecord extends Vantage {
  readonly type: 'step';
  readonly id: number;
  readonly twin?: string;
  readonly t: number;
  readonly models: Readonly<Record<string, ModelRecord>>;
  /** What is actual in each slice. */
  readonly slices: Readonly<Record<string, Metrics>>;
  /** What lab and dashboard say of the slices of which the scenario asks it. */
  readonly sliceVantages?: Readonly<Record<string, Omit<Vantage, 'actual'>>>;
  readonly worst: string | null;
  /** Where the scenario has monitors. */
  readonly monitors?: Readonly<Record<string, MonitorRecord>>;
  readonly measure: Metrics;
  readonly theory: Metrics;
  readonly state: Metrics;
  /** So far. */
  readonly costs: Metrics;
  /** Of this step, where the scenario says what things cost. A training counts at the step after it, as in `costs`. */
  readonly cost?: Metrics;
  readonly population: Readonly<Record<string, { readonly mean: number | null; readonly sd: number | null }>>;
}

export type EventKind =
  | 'mechanism'
  | 'train'
  | 'deploy'
  | 'trial'
  | 'rollback'
  | 'note'
  | 'kept'
  | 'warning'
  | 'alarm'
  | 'intervention'
  | 'divergence';

export interface EventRecord {
  readonly type: 'event';
  readonly id: number;
  readonly twin?: string;
  readonly t: number;
  readonly kind: EventKind;
  /** What it happened to: a mechanism, a model, a monitor. */
  readonly name: string;
  readonly message: string;
}

export interface EndRecord {
  readonly type: 'end';
  readonly id: number;
  readonly twin?: string;
  /** `complete`, `stopped` by hand, or `diverged`. */
  readonly status: 'complete' | 'stopped' | 'diverged';
  readonly steps: number;
  readonly interventions: readonly Intervention[];
  /** What each monitor was worth, where the scenario has monitors. */
  readonly monitors?: Readonly<Record<string, MonitorScore>>;
  /** SHA-256 over the lines before this one. */
  readonly hash: string;
}

export type TraceRecord = HeaderRecord | StepRecord | EventRecord | EndRecord;

/** A hand on the running world, applied before the step `at`. */
export interface Intervention {
  readonly at: number;
  readonly set?: Readonly<Record<string, number | string | boolean>>;
  /** Models to train now, at the end of the step; `true` is all of them. */
  readonly retrain?: true | readonly string[];
}

/** A number for the trace: null where it does not exist. */
export const finite = (x: number | null | undefined): number | null =>
  x !== null && x !== undefined && Number.isFinite(x) ? x : null;
