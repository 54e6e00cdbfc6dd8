/** Steps 7 and 8: how people and the world react once the model has spoken. One member a file. */
export { adherence } from './adherence.js';
export { contagion } from './contagion.js';
export { defeat } from './defeat.js';
export { impact } from './impact.js';
export { type Participation, participate, settle } from './participation.js';
export { preference } from './preference.js';
