/**
 * Missing values: a value goes missing with a probability that may depend on anything, its own value included.
 *
 * Source: Rubin (1976), "Inference and missing data", Biometrika 63: completely at random where the probability is a
 * number, at random where it depends on other columns, not at random where it depends on what goes missing.
 */
import type { Formula } from '../../core/formula/index.js';
import { fillUniform } from '../../core/random/index.js';
import type { Form } from '../../core/rewrite.js';

/** A probability that is missing itself loses nothing. */
export function missing(probability: Formula): Form {
  return {
    apply(frame, { id }, target) {
      const p = frame.buffer('probability');
      probability.evaluate(frame.environment(`${id}.missing`), p);
      const draws = frame.buffer('draws');
      fillUniform(frame.stream(`${id}.missing`), draws, frame.rows);
      for (let i = 0; i < frame.rows; i++) if (draws[i] < p[i]) target[i] = Number.NaN;
    },
  };
}
