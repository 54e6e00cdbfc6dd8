/** The response rules, by their key in a scenario. A new one is a file and a line here: all else reads this table. */
export { strategic } from '../strategic.js';
export { adherence } from './adherence.js';
export { consensus } from './consensus.js';
export { contagion } from './contagion.js';
export { defeat } from './defeat.js';
export { impact } from './impact.js';
export { participation } from './participation.js';
export { preference } from './preference.js';
