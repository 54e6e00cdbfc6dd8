/** What a run of the server is made of, and what it is held to. */
import type { DriverOptions } from './driver.js';
import type { RunFacts } from './protocol.js';
import type { RunRecipe } from './run-store.js';
import type { Thread } from './thread.js';
import type { TraceLog } from './trace-log.js';

export interface RunOptions {
  /** Steps that a run may be ahead of the reader who is farthest. */
  readonly window: number;
  /** Seconds without a listener after which a run that goes on is dropped, */
  readonly grace: number;
  /** and one that is over. */
  readonly keep: number;
  /** Seconds that a step may take. */
  readonly stepSeconds: number;
  readonly logBytes: number;
  /** Told of what goes wrong inside. */
  readonly report: (error: unknown) => void;
}

/** What a run is made of. */
export interface RunParts {
  readonly id: string;
  readonly facts: RunFacts;
  readonly recipe: RunRecipe;
  readonly thread: Thread;
  readonly log: TraceLog;
  readonly pace: Omit<DriverOptions, 'stepSeconds'>;
  /** Called when the run is dropped. */
  readonly forget: () => void;
}
