/**
 * Contagion: a state, 0 or 1, that is caught from others. Who has it not catches it with probability
 * 1 - exp(-rate * share of those who have it), over everybody or within one's own group; who has it loses it with
 * probability `recover`.
 *
 * Mean field: i + (1 - i)(1 - exp(-rate i)) - recover i; it dies out where rate < recover.
 *
 * Source: Kermack and McKendrick (1927), Proceedings of the Royal Society A 115; Bass (1969), "A new product growth model",
 * Management Science 15.
 */
import type { Formula } from '../../core/formula/index.js';
import { formula, identifier } from '../../core/keys.js';
import { fillUniform } from '../../core/random/index.js';
import type { Form } from '../../core/rewrite.js';
import { groupMeans } from './group-means.js';
import { responseRule } from './rule.js';

export const contagion = responseRule({
  about: 'After the outcome: a field of 0 and 1 that is caught from others.',
  acts: 'after',
  numeric: false,
  keys: {
    rate: formula.describe('Caught with probability 1 - exp(-rate * share of those who have it).'),
    recover: formula.default(0).describe('Probability of losing it again, each step.'),
    within: identifier.optional().describe('A category: caught only from who has the same value.'),
  },
  form: (_keys, scenario) => spread(scenario.formula('rate'), scenario.formula('recover'), scenario.category('within')),
});

function spread(rate: Formula, recover: Formula, within: string | null): Form {
  return {
    apply(frame, { id }, target) {
      const catches = frame.buffer('gain');
      rate.evaluate(frame.environment(`${id}.rate`), catches);
      const loses = frame.buffer('loss');
      recover.evaluate(frame.environment(`${id}.recover`), loses);
      const draws = frame.buffer('draws');
      fillUniform(frame.stream(`${id}.contact`), draws, frame.rows);
      const groups = within === null ? null : frame.column(within);
      const shares = groupMeans(target, groups, frame.weights);
      for (let i = 0; i < frame.rows; i++) {
        const share = shares.get(groups === null ? 0 : groups[i]) ?? 0;
        if (target[i] === 0) target[i] = draws[i] < 1 - Math.exp(-catches[i] * share) ? 1 : 0;
        else if (target[i] === 1) target[i] = draws[i] < loses[i] ? 0 : 1;
      }
    },
  };
}
