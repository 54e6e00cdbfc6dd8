/**
 * Noise: what is seen is the value plus a normal error, x + N(0, sd^2). The spread may differ from one to the next.
 *
 * Source: Fuller (1987), "Measurement Error Models", chapter 1: a slope learnt from clean values x and applied to noisy
 * ones adds slope^2 sd^2 to the squared error; one learnt from noisy values shrinks by var(x) / (var(x) + sd^2).
 */
import type { Formula } from '../../core/formula/index.js';
import { fillNormal } from '../../core/random/index.js';
import type { Form } from '../../core/rewrite.js';

export function noise(sd: Formula): Form {
  return {
    apply(frame, { id }, target) {
      const spread = frame.buffer('spread');
      sd.evaluate(frame.environment(`${id}.sd`), spread);
      const draws = frame.buffer('draws');
      fillNormal(frame.stream(`${id}.noise`), draws, frame.rows);
      for (let i = 0; i < frame.rows; i++) target[i] += spread[i] * draws[i];
    },
  };
}
