/** `driftloop worker`: does what sweeps elsewhere ask for over a queue, until it is stopped. */
import { hostname } from 'node:os';
import { threads } from '../study/executor/index.js';
import { QueueError, work } from '../study/executor/queue.js';
import { TASKS } from '../study/jobs/index.js';
import { ink } from './ink.js';
import { print, UsageError } from './report.js';

export interface WorkerFlags {
  readonly queue: string;
  readonly workers?: number;
}

export async function workerVerb({ queue, workers }: WorkerFlags): Promise<void> {
  const executor = threads(TASKS, workers === undefined ? {} : { workers });
  let jobs = 0;
  const working = await work(queue, executor, {
    onJob: () => {
      jobs++;
    },
    onTrouble: ({ message }) => process.stderr.write(`${message || 'Redis does not answer'}; still trying\n`),
  }).catch(async (error: unknown) => {
    await executor.close();
    throw error instanceof QueueError ? new UsageError(error.message) : error;
  });
  print(`${hostname()} (process ${process.pid}) works with ${executor.workers} threads on ${ink.bold(working.name)}.`);
  print(ink.dim('Ctrl+C ends it when the jobs at hand are done; a second one at once, and others do them.'));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await working.close();
  await executor.close();
  print(`${jobs} ${jobs === 1 ? 'job' : 'jobs'} done.`);
}
