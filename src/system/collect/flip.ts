/**
 * Label noise: a label of 0 or 1 is recorded as the other one, with a probability that may differ by group or by anything
 * else. Over quadrature nodes the label that is recorded is the expected one, y (1 - p) + (1 - y) p.
 *
 * Source: Angluin and Laird (1988), "Learning from noisy examples", Machine Learning 2; by class and group: Frénay and
 * Verleysen (2014), "Classification in the presence of label noise", IEEE TNNLS 25.
 */
import type { Formula } from '../../core/formula/index.js';
import { fillUniform } from '../../core/random/index.js';
import type { Form } from '../../core/rewrite.js';

export function flip(probability: Formula, expected: boolean): Form {
  return {
    apply(frame, { id }, target) {
      const p = frame.buffer('probability');
      probability.evaluate(frame.environment(`${id}.flip`), p);
      const draws = frame.buffer('draws');
      if (!expected) fillUniform(frame.stream(`${id}.flip`), draws, frame.rows);
      for (let i = 0; i < frame.rows; i++) {
        if (expected) target[i] += p[i] * (1 - 2 * target[i]);
        else if (draws[i] < p[i]) target[i] = 1 - target[i];
      }
    },
  };
}
