/** What an executor can be asked to do, by name. */
import { type Executor, inProcess, threads } from '../executor/index.js';
import { runOfOracle, runOfPolicy } from './comparison.js';
import { runOfSeed } from './seed.js';
import { series } from './series.js';
import { runsOfSweep } from './sweep.js';

export const tasks = { runOfOracle, runOfPolicy, runOfSeed, runsOfSweep, series };

/** The address of this module as compiled, for threads. */
export const TASKS = new URL('../../../dist/study/jobs/index.js', import.meta.url);

/** Jobs on this machine: on so many threads (default: one for each core), or where it is one, in this one. */
export const onThisMachine = (workers: number | undefined): Executor<typeof tasks> =>
  workers === 1 ? inProcess(tasks) : threads<typeof tasks>(TASKS, workers === undefined ? {} : { workers });
