/** What an executor can be asked to do, by name. */
import { runOfOracle, runOfPolicy } from './comparison.js';

export const tasks = { runOfOracle, runOfPolicy };

/** The address of this module as compiled, for threads. */
export const TASKS = new URL('../../../dist/study/jobs/index.js', import.meta.url);
