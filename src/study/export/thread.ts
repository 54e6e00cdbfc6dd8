/** Runs a run again in a thread of its own: for a server, which has others to answer and does not know who wrote the scenario. */
import { Worker } from 'node:worker_threads';
import { type Frames, type FramesOptions, type RunKnown, without } from './replay.js';

/** As it is built: the same place from `src/study/export` and from `dist/study/export`. */
const THREAD = new URL('../../../dist/study/export/replay-thread.js', import.meta.url);
/** Columns are not counted in it: a run that was allowed once is allowed again. */
const LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };
const MOST_MILLISECONDS = 60_000;

/** As `framesOf`. The thread ends with the signal; one that takes too long or fails leaves the frames out. */
export async function framesInThread(
  { hash, header, individuals, interventions, length, steps }: RunKnown,
  { signal, ...options }: FramesOptions,
): Promise<Frames> {
  signal?.throwIfAborted();
  const run: RunKnown = { hash, header, individuals, interventions, length, steps };
  const worker = new Worker(THREAD, {
    workerData: { run, options },
    resourceLimits: LIMITS,
    // What a thread prints would stand among the server's own words, and it has no use for what the server knows.
    stdout: true,
    stderr: true,
    env: {},
    execArgv: [],
  });
  let late: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Frames>((resolve, reject) => {
      late = setTimeout(() => resolve(without('it would take too long to run it again')), MOST_MILLISECONDS);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      const failed = () => resolve(without('it could not be run again'));
      worker.once('message', resolve).once('error', failed).once('exit', failed);
    });
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
}
