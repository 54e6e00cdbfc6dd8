/**
 * Step 9: what gets recorded is not what happened. Labels are rewritten, only some rows are recorded, and a label arrives
 * only after a delay.
 *
 * `only`: records are those of individuals for whom it holds: of who was refused no outcome is ever seen. `delay`: the
 * label of step t arrives at step t + delay, the longest of several counting. Default 0.
 *
 * Source: Lakkaraju, Kleinberg, Leskovec, Ludwig, Mullainathan (2017), "The selective labels problem", KDD; delay: Grzenda,
 * Gomes, Bifet (2020), "Delayed labelling evaluation for data streams", Data Mining and Knowledge Discovery 34.
 */
import type { Formula } from '../../core/formula/index.js';
import type { Frame } from '../../core/frame.js';
import { active, chosen, type Mechanism, type Rewriting, rewrite } from '../../core/rewrite.js';
import { importance, keep } from './weigh.js';

/** Which rows are recorded, how much each counts, and after how many steps their labels arrive. */
export interface Selection extends Mechanism {
  readonly only: Formula | null;
  /** Probability with which a record is kept. */
  readonly keep: Formula | null;
  /** How many times a record counts. */
  readonly importance: Formula | null;
  /** Whether the weights of nodes shrink, in place of draws. */
  readonly expected: boolean;
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
    if (selection.only !== null || selection.keep !== null || selection.importance !== null)
      weights = select(frame, selection, weights);
  }
  return { weights, delay };
}

function select(frame: Frame, selection: Selection, before: Float64Array | null): Float64Array {
  const weights = frame.buffer('weights.recorded');
  if (before === null) weights.fill(1);
  else if (before !== weights) weights.set(before);
  const found = frame.buffer('weights.found');
  found.set(weights);
  const { expected, id, importance: times, keep: probability, only } = selection;
  if (only !== null) {
    const kept = frame.buffer('keep');
    only.evaluate(frame.environment(`${id}.only`), kept);
    for (let i = 0; i < frame.rows; i++) if (kept[i] === 0 || Number.isNaN(kept[i])) weights[i] = 0;
  }
  if (probability !== null) keep(frame, id, probability, expected, weights);
  if (times !== null) importance(frame, id, times, weights);
  const mask = chosen(frame, selection);
  if (mask !== null) for (let i = 0; i < frame.rows; i++) if (mask[i] === 0) weights[i] = found[i];
  return weights;
}
