/**
 * Adherence: the outcome moves toward the prediction, y + pull (prediction - y) + noise N(0, 1). Of a binary outcome it is
 * the probability that moves, before anything is drawn. With pull 1 the prediction comes true.
 *
 * Source: Khritankov (2021), "Hidden feedback loops in machine learning systems", SWQD; Merton (1948), "The self-fulfilling
 * prophecy".
 */
import type { Formula } from '../../core/formula/index.js';
import { formula, identifier } from '../../core/keys.js';
import { fillNormal } from '../../core/random/index.js';
import type { Form } from '../../core/rewrite.js';
import { responseRule } from './rule.js';

export const adherence = responseRule({
  about: 'Self-fulfilling: the outcome moves toward the prediction.',
  acts: 'outcome',
  numeric: true,
  keys: {
    model: identifier.describe('The model whose prediction comes true.'),
    pull: formula.default(1).describe('Share of the way from what would have been to the prediction. 1: all of it.'),
    noise: formula.optional().describe('Standard deviation of a normal error around it, such as `0.5 * score.mae`.'),
  },
  form: (_keys, scenario) =>
    adhere(scenario.model('model'), scenario.formula('pull'), scenario.optionalFormula('noise')),
});

function adhere(model: string, pull: Formula, noise: Formula | null): Form {
  return {
    apply(frame, { id }, target) {
      const prediction = frame.column(model);
      const share = frame.buffer('pull');
      pull.evaluate(frame.environment(`${id}.pull`), share);
      for (let i = 0; i < frame.rows; i++) target[i] += share[i] * (prediction[i] - target[i]);
      if (noise === null) return;
      const sd = frame.buffer('spread');
      noise.evaluate(frame.environment(`${id}.sd`), sd);
      const draws = frame.buffer('draws');
      fillNormal(frame.stream(`${id}.noise`), draws, frame.rows);
      for (let i = 0; i < frame.rows; i++) target[i] += sd[i] * draws[i];
    },
  };
}
