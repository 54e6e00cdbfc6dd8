/**
 * Censoring at the decision: of what would have happened no more is recorded than the decision let happen, min(y, at).
 * A shop that stocks q sells at most q, and never learns what it could have sold.
 *
 * Source: Conrad (1976), "Sales data and the estimation of demand", Operational Research Quarterly 27.
 */
import type { Formula } from '../../core/formula/index.js';
import type { Form } from '../../core/rewrite.js';

export function censor(at: Formula): Form {
  return {
    apply(frame, { id }, target) {
      const most = frame.buffer('most');
      at.evaluate(frame.environment(`${id}.censor`), most);
      for (let i = 0; i < frame.rows; i++) if (target[i] > most[i]) target[i] = most[i];
    },
  };
}
