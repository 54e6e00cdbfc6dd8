/** Jobs one after the other, in this thread. Others have their turn between two jobs. */
import { setImmediate } from 'node:timers/promises';
import { type Answer, type Executor, failure, type Job, longestFirst, type Result, type Tasks } from './job.js';

export const inProcess = <T extends Tasks>(tasks: T): Executor<T> => ({
  workers: 1,
  async run<K extends keyof T & string>(
    jobs: readonly Job<T, K>[],
    done?: (index: number, result: Result<Answer<T, K>>) => void,
  ) {
    const results: Result<Answer<T, K>>[] = new Array(jobs.length);
    for (const index of longestFirst(jobs)) {
      results[index] = await perform(tasks, jobs[index]);
      done?.(index, results[index]);
      await setImmediate();
    }
    return results;
  },
  close: () => Promise.resolve(),
});

/** Does a job; never throws. */
export async function perform<T extends Tasks, K extends keyof T & string>(
  tasks: T,
  { asks, task }: Pick<Job<T, K>, 'asks' | 'task'>,
): Promise<Result<Answer<T, K>>> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  try {
    if (!Object.hasOwn(tasks, task)) throw new Error(`there is no task ${task}`);
    const answer = (await tasks[task](asks as never)) as Answer<T, K>;
    return { ok: true, answer, seconds: seconds() };
  } catch (caught) {
    return failure(caught, seconds());
  }
}
