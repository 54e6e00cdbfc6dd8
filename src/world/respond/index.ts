/**
 * Steps 3, 7 and 8: how people and the world react to the model. Adding a rule is a file and a line in the table: the
 * schema, the compiler and the reference take it from here.
 */
import { strategic } from '../strategic.js';
import { adherence } from './adherence.js';
import { contagion } from './contagion.js';
import { defeat } from './defeat.js';
import { impact } from './impact.js';
import { participation } from './participation.js';
import { preference } from './preference.js';

export { type Participation, participate, settle } from './participation.js';
export type { Asked, ResponseRule } from './rule.js';

/** The response rules, by their key in a scenario. */
export const RESPONSES = { strategic, adherence, defeat, impact, preference, contagion, participation };
