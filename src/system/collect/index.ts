/** Step 9: what gets recorded is not what happened. One member a file. */
export { censor } from './censor.js';
export { collect, type Recorded, type Selection } from './collect.js';
export { flip } from './flip.js';
export { label } from './label.js';
