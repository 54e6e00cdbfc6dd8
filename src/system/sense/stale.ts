/**
 * A stale value: what is seen is what was to be seen `steps` steps ago, as from a feature store that is refreshed late.
 * Of who has entered since, it is what was first to be seen.
 *
 * Source: Breck et al. (2017), "The ML Test Score", IEEE Big Data (Monitor 3 and 4: skew and staleness of features).
 */
import type { Frame } from '../../core/frame.js';
import { type Form, keptColumn, type Rewriting } from '../../core/rewrite.js';

export function stale(steps: number): Form {
  return {
    apply(frame, own, target) {
      target.set(look(frame, own, steps));
    },
    rest(frame, own) {
      look(frame, own, steps);
    },
  };
}

/** Notes what is to be seen now; gives what was to be seen then. A ring of `steps` + 1 columns. */
function look(frame: Frame, { column, id, keeps = id }: Rewriting, steps: number): Float64Array {
  const found = frame.column(column);
  const length = steps + 1;
  const at = (t: number) => `${keeps}.stale.${steps}.${((t % length) + length) % length}`;
  for (let k = 1; k < length; k++) keptColumn(frame, at(frame.t - k), (i) => found[i]);
  frame.buffer(at(frame.t)).set(found);
  return frame.buffer(at(frame.t - steps));
}
