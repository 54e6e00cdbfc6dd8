/**
 * Self-defeating prediction: who is told of more than the usual sees to it that it comes to less,
 * y - strength (prediction - usual). Of a binary outcome it is the probability that moves, and stays between 0 and 1.
 *
 * Retrained at every step the prediction goes to (E y + strength usual) / (1 + strength) if strength < 1, by a factor
 * -strength each time; beyond 1 it swings ever wider.
 *
 * Source: Grunberg and Modigliani (1954), "The predictability of social events", Journal of Political Economy 62.
 */
import type { Formula } from '../../core/formula/index.js';
import { formula, identifier } from '../../core/keys.js';
import type { Form } from '../../core/rewrite.js';
import { responseRule } from './rule.js';

export const defeat = responseRule({
  about: 'Self-defeating: the outcome moves against the prediction.',
  acts: 'outcome',
  numeric: true,
  keys: {
    model: identifier.describe('The model whose prediction people act against.'),
    strength: formula.describe('By how much the outcome falls for each unit that the prediction is above the usual.'),
    usual: formula.default(0).describe('The prediction at which nobody does anything.'),
  },
  form: (_keys, scenario) =>
    counteract(scenario.model('model'), scenario.formula('strength'), scenario.formula('usual')),
});

function counteract(model: string, strength: Formula, usual: Formula): Form {
  return {
    apply(frame, { id }, target) {
      const prediction = frame.column(model);
      const force = frame.buffer('pull');
      strength.evaluate(frame.environment(`${id}.strength`), force);
      const level = frame.buffer('usual');
      usual.evaluate(frame.environment(`${id}.usual`), level);
      for (let i = 0; i < frame.rows; i++) target[i] -= force[i] * (prediction[i] - level[i]);
    },
  };
}
