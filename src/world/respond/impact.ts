/**
 * Delayed impact: a decision changes whom it was taken about. Who was chosen and did well gains, who did badly loses:
 * x + gain or x - loss, kept within a range. Nothing happens to who was not chosen (`where`).
 *
 * Expected change: p gain - (1 - p) loss, away from the ends of the range.
 *
 * Source: Liu, Dean, Rolf, Simchowitz, Hardt (2018), "Delayed impact of fair machine learning", ICML.
 */
import { z } from 'zod';
import type { Formula } from '../../core/formula/index.js';
import { formula } from '../../core/keys.js';
import type { Form } from '../../core/rewrite.js';
import { responseRule } from './rule.js';

export const impact = responseRule({
  about: 'After the outcome: who did well gains, who did badly loses.',
  acts: 'after',
  numeric: true,
  keys: {
    gain: formula.describe('What who does well gains (the outcome is not 0).'),
    loss: formula.describe('What who does badly loses (the outcome is 0).'),
    low: z.number().optional().describe('The least that the field can be.'),
    high: z.number().optional().describe('The most that the field can be.'),
  },
  form: ({ high = Number.POSITIVE_INFINITY, low = Number.NEGATIVE_INFINITY }, scenario) =>
    change(scenario.outcome, scenario.formula('gain'), scenario.formula('loss'), low, high),
});

/** `outcome`: the column that tells who did well; nothing happens to whom it is missing of. */
function change(outcome: string, gain: Formula, loss: Formula, low: number, high: number): Form {
  return {
    apply(frame, { id }, target) {
      const well = frame.column(outcome);
      const up = frame.buffer('gain');
      gain.evaluate(frame.environment(`${id}.gain`), up);
      const down = frame.buffer('loss');
      loss.evaluate(frame.environment(`${id}.loss`), down);
      for (let i = 0; i < frame.rows; i++) {
        if (Number.isNaN(well[i])) continue;
        target[i] = Math.min(high, Math.max(low, target[i] + (well[i] !== 0 ? up[i] : -down[i])));
      }
    },
  };
}
