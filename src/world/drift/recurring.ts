/**
 * Recurring concepts: the new concept comes, goes, and comes back. It is F for `length` steps, x for the other
 * `every - length`, and so on, beginning with F.
 *
 * `every` and `length` in steps, 1 <= length <= every.
 *
 * Source: Gama et al. (2014), "A survey on concept drift adaptation", ACM Computing Surveys 46(4) (reoccurring
 * concepts); Widmer and Kubat (1996), "Learning in the presence of concept drift and hidden contexts", Machine Learning 23.
 */
import type { Form } from '../../core/rewrite.js';

/** Whether the new concept holds `since` steps after the first time it came. */
export const recurs = (since: number, every: number, length: number): boolean => since >= 0 && since % every < length;

/** `concept`: what makes F of x. */
export function recurring(concept: Form, every: number, length: number): Form {
  return {
    apply(frame, own, target) {
      if (recurs(frame.t - own.from, every, length)) concept.apply(frame, own, target);
    },
  };
}
