/**
 * Seasonal drift: a value swings about what it would be, x + amplitude sin(2 pi (t - phase) / period).
 *
 * `amplitude` in the unit of the field, a formula that may differ from one individual to the next; `period` in steps; at
 * the step `phase` (default 0) it goes up through x. It counts from step 0 as the formula `season(t, period, phase)` does,
 * wherever it begins. Over a whole period its mean is x and its mean square amplitude^2 / 2. Numbers only.
 *
 * Source: Webb, Hyde, Cao, Nguyen, Petitjean (2016), "Characterizing concept drift", Data Mining and Knowledge Discovery
 * 30(4) (cyclical drift of fixed frequency).
 */
import type { Formula } from '../../core/formula/index.js';
import type { Form } from '../../core/rewrite.js';

export function seasonal(amplitude: Formula, period: number, phase: number): Form {
  return {
    apply(frame, { id }, target) {
      const swing = frame.buffer('swing');
      amplitude.evaluate(frame.environment(`${id}.amplitude`), swing);
      const now = Math.sin((2 * Math.PI * (frame.t - phase)) / period);
      for (let i = 0; i < frame.rows; i++) target[i] += swing[i] * now;
    },
  };
}
