/**
 * Sudden drift: from one step to the next the new concept has taken the place of the old one, x becomes F. What a drift
 * with `becomes` alone is.
 *
 * Source: Gama, Žliobaitė, Bifet, Pechenizkiy, Bouchachia (2014), "A survey on concept drift adaptation", ACM Computing
 * Surveys 46(4) (patterns of change over time: sudden, or abrupt).
 */
import type { Formula } from '../../core/formula/index.js';
import { becomes, type Form } from '../../core/rewrite.js';

/** `concept`: the new value F, which may name the value that is found. */
export const sudden = (concept: Formula): Form => becomes(concept);
