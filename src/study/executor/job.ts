/** What is done, and what came of it. */

/** Functions by name. */
export type Tasks = Readonly<Record<string, (asks: never) => unknown>>;

export interface Job<T extends Tasks, K extends keyof T & string> {
  readonly task: K;
  readonly asks: Parameters<T[K]>[0];
  /** How long it may take, in any unit that is the same for all jobs: the longest begin first. Default 0. */
  readonly cost?: number;
  /** What it has in common with other jobs, such as a file to load: where threads can choose, one does them all. */
  readonly about?: string;
}

export type Result<A> =
  /** `seconds`: how long it took. */
  | { readonly ok: true; readonly answer: A; readonly seconds: number }
  /** `why`: what went wrong, for a reader; `inner`: with its stack. */
  | { readonly ok: false; readonly why: string; readonly inner: string; readonly seconds: number };

export type Answer<T extends Tasks, K extends keyof T> = Awaited<ReturnType<T[K]>>;

export interface Executor<T extends Tasks> {
  /** Jobs at work at a time: as many as there are threads. */
  readonly workers: number;
  /** Whether they may be done on another machine, which has none of this one's files. */
  readonly isElsewhere?: boolean;
  /** The results, in the order of the jobs. `done` is called after each job, with its place. */
  run<K extends keyof T & string>(
    jobs: readonly Job<T, K>[],
    done?: (index: number, result: Result<Answer<T, K>>) => void,
  ): Promise<Result<Answer<T, K>>[]>;
  close(): Promise<void>;
}

/** Places of the jobs, those that may take longest first; what may take equally long, in the order given. */
export const longestFirst = (jobs: readonly { readonly cost?: number }[]): number[] =>
  jobs.map((_, index) => index).sort((a, b) => (jobs[b].cost ?? 0) - (jobs[a].cost ?? 0) || a - b);

/** Makes what was caught into a failure. */
export function failure(caught: unknown, seconds: number): Result<never> {
  const error = caught instanceof Error ? caught : new Error(String(caught));
  return { ok: false, why: error.message, inner: error.stack ?? error.message, seconds };
}
