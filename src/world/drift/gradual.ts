/**
 * Gradual drift: the old and the new concept alternate, and the new one becomes the rule. At `since` steps from the
 * beginning a value is F with probability p = min(1, since / over), drawn anew for each individual at each step, and x
 * otherwise: the mean is (1 - p) x + p F.
 *
 * `over` in steps, at least 1. Works on categories too: nothing between the two is ever seen.
 *
 * Source: Žliobaitė (2010), "Learning under concept drift: an overview", arXiv:1010.4784 (gradual: two sources, and the
 * probability of the second rises); Gama et al. (2014), ACM Computing Surveys 46(4).
 */
import { fillUniform } from '../../core/random/index.js';
import type { Form } from '../../core/rewrite.js';
import { progress } from './progress.js';

/** `concept`: what makes F of x. */
export function gradual(concept: Form, over: number): Form {
  return {
    apply(frame, own, target) {
      const found = frame.column(own.column);
      concept.apply(frame, own, target);
      const p = progress(frame.t - own.from, over);
      const draws = frame.buffer('draws');
      fillUniform(frame.stream(`${own.id}.gradual`), draws, frame.rows);
      for (let i = 0; i < frame.rows; i++) if (draws[i] >= p) target[i] = found[i];
    },
  };
}
