/** The thread in which a run is run again; it is started by `framesInThread`. */
import { parentPort, workerData } from 'node:worker_threads';
import { type FramesOptions, framesOf, type RunKnown } from './replay.js';

const { options, run } = workerData as { run: RunKnown; options: FramesOptions };
parentPort?.postMessage(await framesOf(run, options));
