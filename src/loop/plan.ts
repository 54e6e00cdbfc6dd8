/** A scenario, checked and compiled: what the loop runs. It is never changed; a hand on the world makes a new one. */
import type { Formula } from '../core/formula/index.js';
import type { Mechanism, Rewriting } from '../core/rewrite.js';
import type { Learner } from '../learn/index.js';
import type { Uncertainty } from '../learn/uncertainty/index.js';
import type { Deployment, Gate } from '../retrain/deployment.js';
import type { LabelBudget } from '../retrain/label-budget.js';
import type { Restraint, Trigger } from '../retrain/trigger.js';
import type { Window } from '../retrain/window.js';
import type { Selection } from '../system/collect/index.js';
import type { Decision } from '../system/decide/index.js';
import type { Choose, Detector } from '../watch/detectors/index.js';
import type { Correction } from '../watch/multiple-testing.js';
import type { Slice } from '../watch/slices.js';
import type { ComparisonName } from '../watch/two-sample/index.js';
import type { CbpeMetric } from '../watch/without-labels/cbpe.js';
import type { DleMetric } from '../watch/without-labels/dle.js';
import type { OutcomeField } from '../world/outcome.js';
import type { PopulationPlan } from '../world/population.js';
import type { Participation } from '../world/respond/index.js';
import type { StrategicResponse } from '../world/strategic.js';
import type { Intervention } from './trace.js';

/** A feature: a numeric column, or a category that becomes one indicator for each value but the first. */
export interface Feature {
  readonly name: string;
  /** The column it is read from at serving: `seen.income`, or another model's name. */
  readonly column: string;
  readonly levels: readonly string[] | null;
  /** Whether it tells if the column is missing, as a category of two values: `known` and `missing`. */
  readonly gap?: boolean;
}

/** How a model's intervals are made. */
export interface UncertaintyPlan {
  readonly method: Uncertainty;
  /** How far each arrival of labels moves the miss that intervals aim at; null: they do not adapt. */
  readonly gamma: number | null;
  /** Number of latest scores that adapting intervals are made from; 0: those of calibration alone. */
  readonly recent: number;
  readonly scale: Formula | null;
  readonly ratio: Formula | null;
}

export interface ModelPlan {
  readonly name: string;
  readonly features: readonly Feature[];
  /** Names of the encoded columns: `income`, and `group.rural` for each value of a category but the first. */
  readonly columns: readonly string[];
  readonly target: string;
  readonly kind: 'numeric' | 'binary';
  readonly threshold: number;
  /** Nominal coverage of the interval. */
  readonly level: number;
  readonly uncertainty: UncertaintyPlan;
  readonly learner: Learner;
  /** What the linear predictor is of the prediction: itself, or its log odds. */
  readonly link: 'identity' | 'logit';
  readonly start: { intercept: number; coefficients: Readonly<Record<string, number>>; sd: number } | null;
  readonly trigger: Trigger;
  readonly restraint: Restraint;
  readonly window: Window;
  readonly gate: Gate | null;
  /** Null: every recorded row has its label. */
  readonly labels: LabelBudget | null;
  readonly deployment: Deployment;
  /** Whether it has intervals: formulas use them, or the scenario says of which kind they are. */
  readonly interval: boolean;
  /** Share of the rows of each training that is kept from the learner; 0: none. */
  readonly holdout: number;
  /** Whether formulas use its error on those rows (on what it was trained on, where none are kept): `mae` and `r2`. */
  readonly held: boolean;
  /** Whether over- and under-prediction are told apart. */
  readonly asymmetry: boolean;
  /** Whether the trace has its reliability table. */
  readonly calibration: boolean;
}

export type Response =
  | { readonly kind: 'rewrite'; readonly rewriting: Rewriting; readonly delay: number }
  | { readonly kind: 'strategic'; readonly response: StrategicResponse; readonly delay: number };

export interface StateVariable {
  readonly name: string;
  readonly start: number;
  readonly becomes: Formula | null;
}

export interface NamedFormula {
  readonly name: string;
  readonly formula: Formula;
}

/** What a monitor watches: columns at once, what takes a label when labels arrive. */
export type MonitorSource =
  | {
      readonly kind: 'column';
      readonly name: string;
      readonly column: string;
      readonly categories: number | null;
      /** Whether its values are texts: categories that are no numbers. */
      readonly isText: boolean;
      /** The model whose prediction it is. */
      readonly model: string | null;
    }
  | { readonly kind: 'formula'; readonly name: string; readonly formula: Formula }
  /** Of a binary model 1 where it was wrong, of a numeric one the absolute error. */
  | { readonly kind: 'error'; readonly name: string; readonly model: string; readonly categories: number | null }
  | { readonly kind: 'label'; readonly name: string; readonly model: string; readonly categories: number | null }
  /** A metric of the labels that have arrived: one number a step. */
  | { readonly kind: 'metric'; readonly name: string; readonly model: string; readonly metric: string };

/** What the samples of a step are compared with. */
export type MonitorReference =
  | { readonly kind: 'lab' }
  /** What the deployed version was trained on. */
  | { readonly kind: 'training'; readonly model: string }
  /** The k steps before. */
  | { readonly kind: 'sliding'; readonly steps: number }
  /** The first k steps in the field. */
  | { readonly kind: 'first'; readonly steps: number };

export interface Condition {
  readonly on: 'statistic' | 'p';
  readonly relation: '<' | '<=' | '>' | '>=';
  readonly value: number;
}

export type MonitorKind =
  | {
      readonly kind: 'detector';
      readonly source: MonitorSource;
      /** Each individual's value, or their mean at each step. */
      readonly per: 'individual' | 'step';
      readonly make: (choose: Choose) => Detector;
      /** Its name and options, as text. */
      readonly key: string;
      readonly resetOnDeploy: boolean;
    }
  | {
      readonly kind: 'comparison';
      readonly sources: readonly MonitorSource[];
      readonly comparison: ComparisonName;
      readonly reference: MonitorReference;
      readonly correction: Correction;
    }
  | {
      readonly kind: 'mmd';
      readonly sources: readonly MonitorSource[];
      readonly reference: MonitorReference;
      /** Of each sample, at most. */
      readonly rows: number;
      readonly permutations: number;
    }
  | { readonly kind: 'cbpe'; readonly model: string; readonly metric: CbpeMetric }
  | { readonly kind: 'dle'; readonly model: string; readonly metric: DleMetric }
  | { readonly kind: 'worstSlice'; readonly model: string }
  | { readonly kind: 'threshold'; readonly source: MonitorSource };

export interface MonitorPlan {
  readonly name: string;
  readonly watches: MonitorKind;
  /** Null: as its kind has it. */
  readonly alarm: Condition | null;
  readonly warning: Condition | null;
  /** Steps or spans of change that no mechanism tells of; read by the scoring alone. */
  readonly changes: readonly (number | readonly [number, number])[];
  /** Steps after a change in which an alarm counts as its own, where the monitor tells changes and not states. */
  readonly within: number;
}

export interface LabPlan {
  /** Null: as many as the population has. */
  readonly size: number | null;
  readonly holdout: number;
  readonly curated: boolean;
  readonly where: Formula | null;
}

export interface Plan {
  readonly name: string;
  readonly steps: number;
  readonly population: PopulationPlan;
  readonly lab: LabPlan;
  readonly state: readonly StateVariable[];
  readonly drift: readonly Rewriting[];
  /** Responses (each to the model as it was `delay` steps ago) before the prediction that move what is true, then those that move what is shown. */
  readonly before: readonly Response[];
  /** What the pipeline makes of what people show, to predict on. */
  readonly sense: readonly Rewriting[];
  /** The same for what is recorded to be learnt from; null where it is what was predicted on. */
  readonly logging: readonly Rewriting[] | null;
  /** In an order in which each model comes after those whose predictions it reads. */
  readonly models: readonly ModelPlan[];
  readonly decisions: readonly Decision[];
  readonly outcome: readonly OutcomeField[];
  readonly after: readonly Rewriting[];
  /** Who stays, and who comes. */
  readonly participation: readonly Participation[];
  readonly labels: readonly Rewriting[];
  readonly selections: readonly Selection[];
  readonly slices: readonly Slice[];
  readonly monitors: readonly MonitorPlan[];
  readonly measures: readonly NamedFormula[];
  readonly theory: readonly NamedFormula[];
  readonly cost: {
    readonly error: Formula | null;
    readonly label: number;
    readonly retrain: number;
    readonly deploy: number;
    /** Of each alarm that is raised. */
    readonly alarm: number;
  } | null;
  readonly schedule: readonly Intervention[];
  /** Every mechanism, for the marks in the trace. */
  readonly mechanisms: readonly Mechanism[];
  readonly primary: { readonly model: string; readonly metric: string };
  /** What the world is drawn over where nobody says otherwise. */
  readonly axes: { readonly x?: string; readonly y?: string };
}

/** Number of mechanisms that are switched on. */
export const mechanismsOf = ({ mechanisms }: Plan): number => mechanisms.filter(({ off }) => !off).length;
