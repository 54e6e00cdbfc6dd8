/** A thread of the pool: does the jobs that it is given, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { perform } from './in-process.js';
import type { Job, Tasks } from './job.js';

const module: Promise<{ tasks: Tasks }> = import(workerData as string);

parentPort?.on('message', async (job: Job<Tasks, string>) => {
  // Copied, not transferred: the first buffer that is given away makes the engine throw away all its code for columns.
  parentPort?.postMessage(await perform((await module).tasks, job));
});
