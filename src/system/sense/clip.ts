/**
 * Clipping: a sensor has a range, and tells its end for everything beyond: min(max(x, low), high).
 *
 * Source: Tobin (1958), "Estimation of relationships for limited dependent variables", Econometrica 26 (censoring of what
 * is measured).
 */
import type { Form } from '../../core/rewrite.js';

export function clip(low: number, high: number): Form {
  return {
    apply(frame, _own, target) {
      // A missing value stays missing.
      for (let i = 0; i < frame.rows; i++) target[i] = target[i] < low ? low : target[i] > high ? high : target[i];
    },
  };
}
