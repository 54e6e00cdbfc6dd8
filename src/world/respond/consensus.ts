/**
 * Consensus: people move toward the mean of those around them, x + speed (m - x), m the weighted mean of everybody, or of
 * those with the same value of the category `within`.
 *
 * The mean of a group stays, and the standard deviation within it shrinks by a factor 1 - speed each step.
 *
 * Source: DeGroot (1974), "Reaching a consensus", JASA 69(345), here with equal weights within a group.
 */
import { formula, identifier } from '../../core/keys.js';
import { groupMeans } from './group-means.js';
import { responseRule } from './rule.js';

export const consensus = responseRule({
  about: 'After the outcome: the field moves toward the mean of those around.',
  acts: 'after',
  numeric: true,
  keys: {
    speed: formula.describe('Share of the way to the mean, each step.'),
    within: identifier.optional().describe('A category: the mean is that of those with the same value.'),
  },
  form(_keys, scenario) {
    const speed = scenario.formula('speed');
    const within = scenario.category('within');
    return {
      apply(frame, { id }, target) {
        const pull = frame.buffer('pull');
        speed.evaluate(frame.environment(`${id}.speed`), pull);
        const groups = within === null ? null : frame.column(within);
        const means = groupMeans(target, groups, frame.weights);
        for (let i = 0; i < frame.rows; i++)
          target[i] += pull[i] * ((means.get(groups === null ? 0 : groups[i]) ?? Number.NaN) - target[i]);
      },
    };
  },
});
