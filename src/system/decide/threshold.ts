/**
 * Threshold: chosen is whose score is above it; also one for each group.
 *
 * Source: Hardt, Price, Srebro (2016), "Equality of opportunity in supervised learning", NeurIPS (thresholds by group).
 */
import type { Formula } from '../../core/formula/index.js';
import type { Rule } from './decide.js';

/** `by`: a category's column, and the threshold of each of its values. */
export function threshold(
  score: Formula,
  at: Formula | { readonly column: string; readonly levels: readonly number[] },
  above: boolean,
): Rule {
  return (frame, id, out, chance) => {
    const scores = frame.buffer('scores');
    score.evaluate(frame.environment(`${id}.score`), scores);
    const least = frame.buffer('thresholds');
    if ('column' in at) {
      const groups = frame.column(at.column);
      for (let i = 0; i < frame.rows; i++) least[i] = at.levels[groups[i]] ?? Number.NaN;
    } else at.evaluate(frame.environment(`${id}.threshold`), least);
    for (let i = 0; i < frame.rows; i++) {
      out[i] = (above ? scores[i] > least[i] : scores[i] <= least[i]) ? 1 : 0;
      chance[i] = out[i];
    }
  };
}
