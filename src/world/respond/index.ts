/** Steps 3, 7 and 8: how people and the world react to the model. One rule a file. */
export { type Participation, participate, settle } from './participation.js';
export type { Asked, ResponseRule } from './rule.js';
export * as RESPONSES from './rules.js';
