/** Who runs what an explanation asks for: this thread, or an executor. */
import { setImmediate } from 'node:timers/promises';
import { Stream } from '../../core/random/index.js';
import type { LoadedScenario } from '../../scenario/load.js';
import type { Executor } from '../executor/index.js';
import type { Asked } from '../jobs/comparison.js';
import type { tasks } from '../jobs/index.js';
import { runFor, runsOf } from '../jobs/series.js';

export interface RunAsked {
  readonly seed: number;
  /** Ids of the mechanisms that are kept off. */
  readonly off: readonly string[];
}

export interface RunGot {
  /** A value a step; NaN where there is none. Shorter than the scenario where the run diverged. */
  readonly values: Float64Array;
  /** Whether anything random was drawn. */
  readonly drew: boolean;
}

/** Runs, of each of which the number of that name is kept, in the order asked; `done` is called after each. */
export type Runner = (asked: readonly RunAsked[], name: string, done: () => void) => Promise<RunGot[]>;

/** One run after the other; others have their turn between two. */
export const inThisThread =
  (loaded: LoadedScenario): Runner =>
  async (asked, name, done) => {
    const got: RunGot[] = [];
    for (const { off, seed } of asked) {
      const opened = Stream.opened;
      const run = runFor(loaded, [name], seed, 0, undefined, off);
      got.push({ values: run.series.get(name) ?? new Float64Array(), drew: Stream.opened > opened });
      done();
      await setImmediate();
    }
    return got;
  };

/** @throws Error where a run fails. */
export const onExecutor =
  (executor: Executor<typeof tasks>, { data, file, off, set }: Asked): Runner =>
  async (asked, name, done) => {
    const jobs = asked.map((one) => ({
      task: 'series' as const,
      asks: {
        file,
        ...(data === null ? {} : { data }),
        set,
        off: [...off, ...one.off],
        seed: one.seed,
        from: 0,
        to: 1,
        names: [name],
      },
    }));
    const results = await executor.run(jobs, done);
    return results.map((result) => {
      if (!result.ok) throw new Error(result.why);
      const [run] = runsOf(result.answer);
      return { values: run.series.get(name) ?? new Float64Array(), drew: result.answer.drew };
    });
  };
