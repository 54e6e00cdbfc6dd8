/** What an executor can be asked to do, by name. */
import { runOfOracle, runOfPolicy } from './comparison.js';
import { runOfSeed } from './seed.js';
import { series } from './series.js';

export const tasks = { runOfOracle, runOfPolicy, runOfSeed, series };

/** The address of this module as compiled, for threads. */
export const TASKS = new URL('../../../dist/study/jobs/index.js', import.meta.url);
