/**
 * Schema break, values: a category's value arrives under another name. Under the name of another value it is taken for
 * that; a name that nobody knows is missing.
 *
 * Source: Polyzotis et al. (2019), "Data Validation for Machine Learning", MLSys (schema violations).
 */
import type { Form } from '../../core/rewrite.js';

/** `codes`: for each value's code, the code that arrives; NaN where nobody knows it. */
export function rename(codes: readonly number[]): Form {
  return {
    apply(frame, _own, target) {
      for (let i = 0; i < frame.rows; i++) if (!Number.isNaN(target[i])) target[i] = codes[target[i]];
    },
  };
}
