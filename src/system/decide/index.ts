/** Step 6: what the system does with a prediction. One member a file. */
export { allocate } from './allocate.js';
export { type Decision, decide, type Rule } from './decide.js';
export { threshold } from './threshold.js';
export { top } from './top.js';
