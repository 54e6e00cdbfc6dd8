/** What server and page say to each other. Types only: the page takes them from here. */

import type { Condition } from '../loop/plan.js';
import type { Intervention } from '../loop/trace.js';
import type { ViewFrame, ViewRequest } from '../loop/view.js';
import type { Diagnostic } from '../scenario/diagnostic.js';
import type { Opening } from '../scenario/opening.js';
import type { Compared } from '../study/comparing.js';
import type { Explanation, Vantage } from '../study/explain/index.js';
import type { HeldExpectation } from '../study/seeds.js';
import type { Shown } from '../study/shown.js';
import type { Interval } from '../study/statistics.js';

export type { ViewFrame, ViewRequest } from '../loop/view.js';

/** A value that a hand may put at a path of the scenario. */
export type Scalar = number | string | boolean;

/** `GET /api/scenarios`. */
export interface Gallery {
  readonly scenarios: readonly GalleryEntry[];
  readonly limits: Limits;
}

export interface GalleryEntry {
  /** Its place below `scenarios/`, without the ending: `feedback/strategic-credit`. */
  readonly id: string;
  /** Its folder: one of the seven lessons, or `published`. */
  readonly lesson: string;
  readonly name: string;
  readonly about: string;
  readonly source: { readonly cites: string; readonly url?: string; readonly note?: string } | null;
  readonly steps: number;
  /** Why it cannot be run here, such as data that are not there; null where it can. */
  readonly unavailable: string | null;
  /** The one that the page opens with. */
  readonly first: boolean;
}

/** `GET /api/scenarios/:folder/:name/picture`: the run in small, at most 60 points, of at most 1,000 individuals. */
export interface Picture {
  /** A metric, or a number such as `measure.approved`, which has no lab and no dashboard. */
  readonly metric: string;
  /** Where what is actual is that of a slice; null: of everybody. */
  readonly slice: string | null;
  readonly lab: readonly (number | null)[];
  readonly observed: readonly (number | null)[];
  readonly actual: readonly (number | null)[];
  /** What is actual of each other model, or each other number, that the scenario shows beside it. */
  readonly beside: readonly (readonly (number | null)[])[];
}

/** What the server takes at most. */
export interface Limits {
  readonly individuals: number;
  readonly steps: number;
  /** Individuals times steps of a run, its twin not counted. */
  readonly work: number;
  readonly runs: number;
  readonly listeners: number;
  readonly scenarioBytes: number;
}

/** `POST /api/runs`: exactly one of `scenario` and `text`. */
export interface RunRequest {
  /** Id of a scenario of the gallery; `served` is the file that the server was started with. */
  readonly scenario?: string;
  /** A scenario of one's own, as YAML. It may name no file. */
  readonly text?: string;
  readonly seed?: number;
  /** Values by path, before the run begins. */
  readonly set?: Readonly<Record<string, Scalar>>;
  /** Mechanisms that are switched off before the run begins. */
  readonly off?: readonly string[];
  /** Hands on the run, applied at their steps. */
  readonly interventions?: readonly Intervention[];
  /** Beside it the same seed without feedback, where there is feedback to switch off. Default true. */
  readonly twin?: boolean;
  /** Steps a second; null is as fast as it goes. Default 10. */
  readonly speed?: number | null;
  /** Runs as fast as it goes, and holds before this step is made: 0 makes none. */
  readonly until?: number;
  readonly view?: ViewRequest;
}

/** The answer to `POST /api/runs` (201). */
export interface RunCreated {
  readonly id: string;
  readonly facts: RunFacts;
}

/** What a page needs to know of a run to offer its hands. */
export interface RunFacts {
  readonly name: string;
  readonly about: string;
  readonly lesson: string;
  readonly source: GalleryEntry['source'];
  readonly steps: number;
  readonly seed: number;
  readonly individuals: number;
  readonly primary: { readonly model: string; readonly metric: string };
  readonly models: readonly {
    readonly name: string;
    readonly learner: string;
    readonly kind: 'numeric' | 'binary';
    readonly target: string;
    readonly features: readonly string[];
    /** `retrain` of this model where it has one of its own: the path's beginning. */
    readonly retrainPath: string;
    readonly retrain: unknown;
  }[];
  readonly decisions: readonly string[];
  readonly outcome: string;
  /** Numeric fields that the world may be drawn over. */
  readonly fields: readonly string[];
  readonly knobs: readonly {
    readonly path: string;
    readonly label: string;
    readonly min: number;
    readonly max: number;
    readonly step: number | null;
    /** Its value in the scenario as it begins; null where the scenario does not say. */
    readonly value: number | null;
  }[];
  readonly mechanisms: readonly {
    readonly id: string;
    readonly about: string;
    readonly off: boolean;
    readonly from: number;
    /** Null: to the end. */
    readonly to: number | null;
  }[];
  readonly story: readonly { readonly at: number; readonly say: string }[];
  /** Closed forms: name, and the series over which each is drawn. */
  readonly theory: readonly { readonly name: string; readonly over: string }[];
  /** Each with the condition of its alarm; null: its detector has one of its own. */
  readonly monitors: readonly { readonly name: string; readonly alarm: Condition | null }[];
  /** What the page opens with. */
  readonly opening: Opening;
  readonly hasCosts: boolean;
  /** The scenario's own policies, by name, in words. */
  readonly policies: Readonly<Record<string, string>>;
  /** The scenario as it was written, for "show the file"; null where it was posted. */
  readonly file: string | null;
}

/**
 * `GET /api/runs/:id/events`: server-sent events. Unnamed events carry one trace record each, with its number in the
 * stream as id (run and twin together, from 0); they resume after `Last-Event-ID` or `?after=`. Named events carry no id
 * and are not repeated: `status`, and with `?view=1` `view`.
 */
export interface RunStatus {
  /** `failed`: the run could not go on; `error` says why. `ended`: the trace is whole. */
  readonly state: 'running' | 'paused' | 'ended' | 'failed';
  /** The next step that will be made. */
  readonly t: number;
  readonly speed: number | null;
  readonly error?: string;
}

export type RunEvent =
  | { readonly kind: 'status'; readonly status: RunStatus }
  | { readonly kind: 'view'; readonly frame: ViewFrame };

/** `POST /api/runs/:id/control`; answered with the `RunStatus` that follows. */
export type Control =
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  /** Makes so many steps (default 1), then holds. */
  | { readonly do: 'step'; readonly steps?: number }
  | { readonly do: 'speed'; readonly speed: number | null }
  /** A hand: acts before the next step. Answered with the step `at` which it acts. */
  | { readonly do: 'set'; readonly set: Readonly<Record<string, Scalar>> }
  | { readonly do: 'retrain'; readonly models?: readonly string[] }
  | { readonly do: 'view'; readonly view: ViewRequest }
  | { readonly do: 'stop' };

export type ControlAnswer = RunStatus & {
  /** The hand as it was taken, for the link. */
  readonly intervention?: Intervention;
};

/** Every answer from 400 on. */
export interface Refusal {
  readonly error: string;
  readonly diagnostics?: readonly Diagnostic[];
}

/** `POST /api/compare`: policies on the same draws. Answered with lines of JSON (`CompareLine`), as they come. */
export interface CompareRequest {
  readonly scenario?: string;
  readonly text?: string;
  readonly set?: Readonly<Record<string, Scalar>>;
  readonly off?: readonly string[];
  /** Each in words, as on the command line, or by a name that the scenario has for it; or as values by path. */
  readonly policies: readonly (string | ComparePolicy)[];
  /** Whether `never`, `best fixed`, `random like ...` and `oracle` are put beside them. Default false. */
  readonly yardsticks?: boolean;
  readonly seed?: number;
  /** Runs of each policy, on the same seeds for each. Default 10. */
  readonly seeds?: number;
}

/** `POST /api/explain`: which mechanism did how much of the harm. Answered with lines of JSON (`ExplainLine`), as they come. */
export interface ExplainRequest {
  readonly scenario?: string;
  readonly text?: string;
  readonly set?: Readonly<Record<string, Scalar>>;
  readonly off?: readonly string[];
  /** Hands on the run: every subset of the mechanisms has them, too. */
  readonly interventions?: readonly Intervention[];
  /** A metric, or any name of the trace. Default: what the scenario opens with. */
  readonly metric?: string;
  readonly vantage?: Vantage;
  readonly seed?: number;
  /** Runs of each subset. Default 3. */
  readonly seeds?: number;
}

export type ExplainLine =
  | { readonly type: 'run'; readonly done: number; readonly total: number }
  | { readonly type: 'end'; readonly explanation: Explanation }
  | { readonly type: 'failed'; readonly error: string };

/** `POST /api/seeds`: the same run with many seeds. Answered with lines of JSON (`SeedsLine`), as they come. */
export interface SeedsRequest {
  readonly scenario?: string;
  readonly text?: string;
  readonly set?: Readonly<Record<string, Scalar>>;
  readonly off?: readonly string[];
  /** Hands on the run: with every seed the same. */
  readonly interventions?: readonly Intervention[];
  /** A metric of `model`, or a number such as `measure.approved`. What is not said is as the scenario opens. */
  readonly metric?: string;
  readonly model?: string;
  /** Where what is actual is that of a slice; null: everybody's. */
  readonly slice?: string | null;
  /** Other models, or beside a number other numbers. */
  readonly beside?: readonly string[];
  /** The first. Default: the scenario's own. */
  readonly seed?: number;
  /** Default 20. */
  readonly seeds?: number;
}

/** Of the values of all seeds at each step; null where no seed has one. */
export interface SeedsBand {
  readonly low: readonly (number | null)[];
  readonly median: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** By name of the trace. */
export type SeedsBands = Readonly<Record<string, SeedsBand>>;

export type SeedsLine =
  | { readonly type: 'begin'; readonly shown: Shown; readonly steps: number; readonly seeds: number }
  /** A run is made. `bands`, of the runs so far, come more rarely the more there are: none where nothing much has changed. */
  | { readonly type: 'run'; readonly done: number; readonly total: number; readonly bands?: SeedsBands }
  | {
      readonly type: 'end';
      /** Of so many runs: one where nothing is drawn. */
      readonly seeds: number;
      readonly firstSeed: number;
      readonly drawn: boolean;
      readonly shown: Shown;
      readonly bands: SeedsBands;
      /** Mean and interval at the last step, by name; a run that diverged has none. */
      readonly final: Readonly<Record<string, Interval>>;
      readonly expectations: readonly HeldExpectation[];
      /** Expectations that need runs of their own (`with`, `replicates`), which are not made here. */
      readonly unjudged: number;
      /** Seeds whose runs diverged. */
      readonly diverged: readonly number[];
    }
  | { readonly type: 'failed'; readonly error: string };

export interface ComparePolicy {
  readonly name: string;
  /** Values by path, such as `{ 'retrain.when': { every: 20 } }`. */
  readonly set: Readonly<Record<string, unknown>>;
}

export type CompareLine =
  | {
      readonly type: 'begin';
      readonly metric: string;
      readonly steps: number;
      readonly seeds: readonly number[];
      /** Names of the table, with the yardsticks. */
      readonly policies: readonly string[];
      /** How many are made, with those of which only the best is in the table. */
      readonly runs: number;
    }
  /** One run: the primary metric from the actual vantage point at each step, and what it came to. */
  | {
      readonly type: 'run';
      readonly policy: string;
      readonly seed: number;
      readonly actual: readonly (number | null)[];
      /** Mean of `actual` over the steps. */
      readonly mean: number | null;
      /** Costs at the end, by kind and in total; null where the scenario has none. */
      readonly costs: Readonly<Record<string, number | null>> | null;
      readonly trainings: number;
      readonly trained: readonly number[];
    }
  /** A run that is not in the table: a period that `best fixed` may come to. */
  | { readonly type: 'tried' }
  /** What all runs come to: the same as `driftloop compare --json` says. */
  | ({ readonly type: 'end' } & Omit<Compared, 'runs'>)
  | { readonly type: 'failed'; readonly error: string };
