/** Step 4: what the pipeline makes of what people show. One member a file. */
export { clip } from './clip.js';
export { constant, last } from './impute.js';
export { missing } from './missing.js';
export { noise } from './noise.js';
export { outliers } from './outliers.js';
export { rename } from './rename.js';
export { see } from './see.js';
export { stale } from './stale.js';
export { swap } from './swap.js';
export { unit } from './unit.js';
