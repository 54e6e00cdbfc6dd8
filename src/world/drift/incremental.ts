/**
 * Incremental drift: every value goes from the old concept to the new one by small steps, through all that lies between,
 * x + (F - x) min(1, since / over), and stays at F.
 *
 * `over` in steps, at least 1; at the step at which it begins nothing has moved. Numbers only.
 *
 * Source: Gama et al. (2014), "A survey on concept drift adaptation", ACM Computing Surveys 46(4) (incremental).
 */
import type { Form } from '../../core/rewrite.js';
import { progress } from './progress.js';

/** `concept`: what makes F of x. */
export function incremental(concept: Form, over: number): Form {
  return {
    apply(frame, own, target) {
      const found = frame.column(own.column);
      concept.apply(frame, own, target);
      const p = progress(frame.t - own.from, over);
      // At the end it is F to the last digit.
      if (p >= 1) return;
      for (let i = 0; i < frame.rows; i++) target[i] = found[i] + (target[i] - found[i]) * p;
    },
  };
}
