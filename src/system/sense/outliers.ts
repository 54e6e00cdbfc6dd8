/**
 * Outliers: a value is thrown off by `size`, up or down with the same chance. With the share p of values that are hit, the
 * variance of what is seen grows by p size^2, and its mean stays.
 *
 * Source: Tukey (1960), "A survey of sampling from contaminated distributions"; Huber (1964), "Robust estimation of a
 * location parameter", Annals of Mathematical Statistics 35.
 */
import type { Formula } from '../../core/formula/index.js';
import { fillUniform } from '../../core/random/index.js';
import type { Form } from '../../core/rewrite.js';

export function outliers(size: Formula): Form {
  return {
    apply(frame, { id }, target) {
      const off = frame.buffer('spread');
      size.evaluate(frame.environment(`${id}.size`), off);
      const draws = frame.buffer('draws');
      fillUniform(frame.stream(`${id}.sign`), draws, frame.rows);
      for (let i = 0; i < frame.rows; i++) target[i] += draws[i] < 0.5 ? off[i] : -off[i];
    },
  };
}
