/**
 * Step 9: what gets recorded is not what happened. Labels are rewritten, only some rows are recorded, and a label arrives
 * only after a delay.
 */
import type { Formula } from '../core/formula/index.js';
import type { Frame } from '../core/frame.js';
import { active, chosen, type Mechanism, type Rewriting, rewrite } from '../core/rewrite.js';

/** Which rows are recorded (`only`), and after how many steps their labels arrive. */
export interface Selection extends Mechanism {
  readonly only: Formula | null;
  readonly delay: number;
}

/** What was recorded at a step: the weights of the rows (0: not recorded; null: all with weight 1), and the delay. */
export interface Recorded {
  readonly weights: Float64Array | null;
  readonly delay: number;
}

export function collect(
  frame: Frame,
  targets: readonly string[],
  labels: readonly Rewriting[],
  selections: readonly Selection[],
): Recorded {
  for (const target of targets) frame.columns.set(`recorded.${target}`, frame.column(target));
  for (const rewriting of labels) rewrite(frame, rewriting);
  let weights: Float64Array | null = frame.weights;
  let delay = 0;
  for (const selection of selections) {
    if (!active(selection, frame.t)) continue;
    delay = Math.max(delay, selection.delay);
    if (selection.only !== null) weights = select(frame, selection, selection.only, weights);
  }
  return { weights, delay };
}

function select(frame: Frame, selection: Selection, only: Formula, before: Float64Array | null): Float64Array {
  const weights = frame.buffer('weights.recorded');
  const keep = frame.buffer('keep');
  only.evaluate(frame.environment(`${selection.id}.only`), keep);
  const mask = chosen(frame, selection);
  for (let i = 0; i < frame.rows; i++) {
    const concerned = mask === null || mask[i] !== 0;
    const kept = !concerned || (keep[i] !== 0 && !Number.isNaN(keep[i]));
    weights[i] = kept ? (before === null ? 1 : before[i]) : 0;
  }
  return weights;
}
