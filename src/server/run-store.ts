/** What the rest of the server may know of the runs: exports and downloads are written against this. */
import type { Intervention } from '../loop/trace.js';
import type { RunFacts, RunStatus, Scalar } from './protocol.js';

/** Where a run's scenario came from. */
export type RunSource =
  /** A file here, with the CSV file or folder of its rows where one was given. */
  | { readonly kind: 'file'; readonly file: string; readonly data?: string }
  /** A text from elsewhere: load it with `parseScenario`, which reads no file, and not in the server's own thread. */
  | { readonly kind: 'text'; readonly text: string };

/** Everything that a run follows from: whoever runs this again has the same trace. */
export interface RunRecipe {
  readonly source: RunSource;
  /** Values by path, before the run begins. */
  readonly set: Readonly<Record<string, Scalar>>;
  /** Mechanisms switched off before the run begins. */
  readonly off: readonly string[];
  readonly seed: number;
  /** The hands so far: those that the run began with, and those that were put on it since. */
  readonly interventions: readonly Intervention[];
  /** Whether the same seed without feedback runs beside it: where nothing would be switched off, none does. */
  readonly twin: boolean;
}

export interface StoredRun {
  readonly id: string;
  readonly facts: RunFacts;
  /** As it is now. */
  readonly status: RunStatus;
  readonly recipe: RunRecipe;
  /** Number of records made so far, run and twin together. */
  readonly length: number;
  /** Whether the trace is whole: both runs have ended. */
  readonly whole: boolean;
  /**
   * The records so far as lines of JSON without their newline, from number `from` on, read from the log at the caller's
   * pace: what is made after the call is not waited for. Throws when the run is dropped in the meantime.
   */
  lines(from?: number): AsyncIterable<string>;
}

export interface RunStore {
  /** Undefined: there is no such run, or it has been dropped. */
  get(id: string): StoredRun | undefined;
}
