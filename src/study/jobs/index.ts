/** What an executor can be asked to do, by name. */
import { runOfOracle, runOfPolicy } from './comparison.js';
import { runOfSeed } from './seed.js';
import { series } from './series.js';
import { runsOfSweep } from './sweep.js';

export const tasks = { runOfOracle, runOfPolicy, runOfSeed, runsOfSweep, series };

/** The address of this module as compiled, for threads. */
export const TASKS = new URL('../../../dist/study/jobs/index.js', import.meta.url);
