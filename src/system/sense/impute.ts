/**
 * Imputers: what the pipeline puts where a value is missing. What no imputer has filled reaches the model as missing, and
 * the model puts in the mean of the column where it was first trained.
 *
 * `constant`: the same for everybody. `last`: what was last seen of the individual (carried forward); nothing is put in
 * for somebody of whom nothing has been seen yet.
 *
 * Source: Little and Rubin (2019), "Statistical Analysis with Missing Data", 3rd ed., chapters 2 and 4.
 */
import type { Formula } from '../../core/formula/index.js';
import { type Form, keptColumn } from '../../core/rewrite.js';

export function constant(value: Formula): Form {
  return {
    apply(frame, { id }, target) {
      const values = frame.buffer('imputed');
      value.evaluate(frame.environment(`${id}.impute`), values);
      for (let i = 0; i < frame.rows; i++) if (Number.isNaN(target[i])) target[i] = values[i];
    },
  };
}

export const last: Form = {
  apply(frame, { id, keeps = id }, target) {
    const seen = keptColumn(frame, `${keeps}.last`, () => Number.NaN);
    for (let i = 0; i < frame.rows; i++) {
      if (Number.isNaN(target[i])) target[i] = seen[i];
      else seen[i] = target[i];
    }
  },
  // Before an outage the pipeline sees, and remembers.
  rest(frame, { column, id, keeps = id }) {
    const found = frame.column(column);
    const seen = keptColumn(frame, `${keeps}.last`, () => Number.NaN);
    for (let i = 0; i < frame.rows; i++) if (!Number.isNaN(found[i])) seen[i] = found[i];
  },
};
