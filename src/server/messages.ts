/** What the server and the thread of a run say to each other. */
import type { Intervention } from '../loop/trace.js';
import type { ViewRequest } from '../loop/view.js';
import type { Diagnostic } from '../scenario/diagnostic.js';
import type { Opening } from '../scenario/opening.js';
import type { Vantage } from '../study/explain/index.js';
import type { Frames, FramesOptions, RunKnown } from '../study/export/replay.js';
import type { CompareLimits, WorldLimits } from './limits.js';
import type { ComparePolicy, Picture, RunFacts, Scalar } from './protocol.js';
import type { RunRecipe } from './run-store.js';

/** A run to be made ready. */
export interface Job {
  readonly recipe: Omit<RunRecipe, 'seed'> & { readonly seed: number | null };
  readonly limits: WorldLimits;
  readonly view: ViewRequest;
}

/** A comparison to be made ready. */
export interface CompareJob extends Pick<RunRecipe, 'source' | 'set' | 'off'> {
  readonly policies: readonly (string | ComparePolicy)[];
  readonly yardsticks: boolean;
  readonly seed: number | null;
  readonly seeds: number;
  readonly limits: CompareLimits;
}

/** An explanation to be made ready. */
export interface ExplainJob extends Pick<RunRecipe, 'source' | 'set' | 'off' | 'interventions'> {
  readonly metric: string | null;
  readonly vantage: Vantage | null;
  readonly seed: number | null;
  readonly seeds: number;
  readonly limits: CompareLimits;
}

/** A study over seeds to be made ready. */
export interface SeedsJob extends Pick<RunRecipe, 'source' | 'set' | 'off' | 'interventions'> {
  /** What is not said is as the scenario opens. */
  readonly looked: { readonly [K in keyof Opening]?: Opening[K] | undefined };
  readonly seed: number | null;
  readonly seeds: number;
  readonly limits: CompareLimits;
}

/** Each kind of question, with what it asks and what it is answered with. */
export interface Questions {
  /** Runs the default scenario a little, so that the run to come finds its code compiled; stops when something is asked. */
  readonly warm: { readonly asks: null; readonly answer: null };
  /** Loads and checks the scenario; the first records are its answer, without a step. */
  readonly load: {
    readonly asks: Job;
    readonly answer: { readonly facts: RunFacts; readonly records: Records; readonly twin: boolean };
  };
  /** Makes steps: so many, or fewer when the time is up; at least one. */
  readonly pull: { readonly asks: { readonly steps: number; readonly milliseconds: number }; readonly answer: Pulled };
  /** A hand on the world before the next step. */
  readonly hand: {
    readonly asks: { readonly set?: Readonly<Record<string, Scalar>>; readonly retrain?: true | readonly string[] };
    readonly answer: Intervention;
  };
  /** Draws something else from now on; answered as `frame`. */
  readonly view: { readonly asks: ViewRequest; readonly answer: string | null };
  /** Whether somebody looks; answered as `frame`. */
  readonly watch: { readonly asks: boolean; readonly answer: string | null };
  /** The last step's frame, as JSON; null before the first step, or where nobody looks. */
  readonly frame: { readonly asks: null; readonly answer: string | null };
  /** Ends the run before its next step. */
  readonly stop: { readonly asks: null; readonly answer: Pulled };
  /** A run in small, from beginning to end. */
  readonly picture: { readonly asks: Job; readonly answer: Picture };
  /** A run once more, to look at its people. */
  readonly frames: {
    readonly asks: { readonly run: RunKnown; readonly options: Omit<FramesOptions, 'signal'> };
    readonly answer: Frames;
  };
  /** Loads and checks the scenario under each policy; nothing is run yet. */
  readonly compare: { readonly asks: CompareJob; readonly answer: null };
  /** Loads and checks the scenario; nothing is run yet. */
  readonly explain: { readonly asks: ExplainJob; readonly answer: null };
  /** Loads and checks the scenario; nothing is run yet. */
  readonly seeds: { readonly asks: SeedsJob; readonly answer: null };
  /** The next `CompareLine`, `ExplainLine` or `SeedsLine`, as JSON, for which one run is made; null after the last. */
  readonly line: { readonly asks: null; readonly answer: string | null };
}
export type Kind = keyof Questions;

/** Records as lines of JSON, each with its newline, one after the other. */
export interface Records {
  readonly bytes: Uint8Array;
  /** Bytes of each line. */
  readonly sizes: readonly number[];
}

export interface Pulled {
  readonly records: Records;
  /** The next step that will be made. */
  readonly t: number;
  /** Whether the trace is whole. */
  readonly ended: boolean;
  /** The last step's frame, as JSON, where somebody looks and it is time for one. */
  readonly frame: string | null;
}

export type Question = {
  [K in Kind]: { readonly number: number; readonly kind: K; readonly asks: Questions[K]['asks'] };
}[Kind];

/** `refused`: what was asked cannot be had, in words for whoever asked. `broken`: the run cannot go on. */
export type Answer =
  | { readonly number: number; readonly answer: Questions[Kind]['answer'] }
  | {
      readonly number: number;
      readonly refused: { readonly error: string; readonly diagnostics?: readonly Diagnostic[] };
    }
  | { readonly number: number; readonly broken: string; readonly inner: string };
