/** A scenario, checked and compiled: what the loop runs. It is never changed; a hand on the world makes a new one. */
import type { Formula } from '../core/formula/index.js';
import type { Mechanism, Rewriting } from '../core/rewrite.js';
import type { Learner } from '../learn/index.js';
import type { Uncertainty } from '../learn/uncertainty/index.js';
import type { Deployment, Trigger } from '../retrain/trigger.js';
import type { Window } from '../retrain/window.js';
import type { Selection } from '../system/collect/index.js';
import type { Decision } from '../system/decide/index.js';
import type { Slice } from '../watch/slices.js';
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
  readonly window: Window;
  readonly deployment: Deployment;
  /** Whether it has intervals: formulas use them, or the scenario says of which kind they are. */
  readonly interval: boolean;
  /** Whether formulas use its mean absolute error on what it was trained on: `mae`. */
  readonly mae: boolean;
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
  readonly measures: readonly NamedFormula[];
  readonly theory: readonly NamedFormula[];
  readonly cost: { readonly error: Formula | null; readonly label: number; readonly retrain: number } | null;
  readonly schedule: readonly Intervention[];
  /** Every mechanism, for the marks in the trace. */
  readonly mechanisms: readonly Mechanism[];
  readonly primary: { readonly model: string; readonly metric: string };
  /** What the world is drawn over where nobody says otherwise. */
  readonly axes: { readonly x?: string; readonly y?: string };
}

/** Number of mechanisms that are switched on. */
export const mechanismsOf = ({ mechanisms }: Plan): number => mechanisms.filter(({ off }) => !off).length;
