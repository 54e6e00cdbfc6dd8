/**
 * Schema break, columns: two columns change places, as where a file's columns are read by their position.
 *
 * Source: Polyzotis et al. (2019), "Data Validation for Machine Learning", MLSys (schema violations).
 */
import type { Form } from '../../core/rewrite.js';

/** For the two columns in turn: each takes what the other held before either was touched. */
export function swap(other: string): readonly [Form, Form] {
  const first: Form = {
    apply(frame, { column, id }, target) {
      frame.buffer(`${id}.swap`).set(frame.column(column));
      target.set(frame.column(other));
    },
  };
  const second: Form = {
    apply(frame, { id }, target) {
      target.set(frame.buffer(`${id}.swap`));
    },
  };
  return [first, second];
}
