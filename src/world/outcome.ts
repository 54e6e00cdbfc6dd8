/**
 * Step 7: what truly happens. Fields that name a prediction, a decision or an outcome are evaluated here, anew each step
 * and for everybody; drift and responses move the value, or the probability before it is drawn.
 */
import type { Formula } from '../core/formula/index.js';
import type { Frame } from '../core/frame.js';
import { fillUniform } from '../core/random/index.js';
import { type Rewriting, rewrite } from '../core/rewrite.js';

export interface OutcomeField {
  readonly name: string;
  /** `value`: the formula is the value. `probability`: a binary field that is 1 with this probability. */
  readonly rule: 'value' | 'probability';
  readonly formula: Formula;
  /** Over quadrature nodes: the first half of the individuals is the branch 1, the second the branch 0. */
  readonly branches: boolean;
  /** How the relation itself changes (concept drift). */
  readonly drift: readonly Rewriting[];
  /** How the world then reacts to the prediction. */
  readonly moves: readonly Rewriting[];
}

export function happen(fields: readonly OutcomeField[], frame: Frame): void {
  for (const field of fields) {
    const column = frame.buffer(`base.${field.name}`);
    field.formula.evaluate(frame.environment(`outcome.${field.name}`), column);
    if (field.drift.length + field.moves.length > 0) {
      frame.columns.set(field.name, column);
      for (const mechanism of field.drift) rewrite(frame, mechanism);
      for (const mechanism of field.moves) rewrite(frame, mechanism);
      column.set(frame.column(field.name));
    }
    if (field.rule === 'probability') {
      if (field.branches) branch(frame, column);
      else draw(frame, field.name, column);
    }
    frame.columns.set(field.name, column);
  }
}

function draw(frame: Frame, name: string, column: Float64Array): void {
  const draws = frame.buffer('draws');
  fillUniform(frame.stream(`outcome.${name}#draw`), draws, frame.rows);
  // A missing probability is a missing outcome.
  for (let i = 0; i < frame.rows; i++) column[i] = Number.isNaN(column[i]) ? Number.NaN : draws[i] < column[i] ? 1 : 0;
}

/** Turns probabilities into the two branches and their weights: 2w p for 1 and 2w (1 - p) for 0, w being half a node. */
function branch(frame: Frame, column: Float64Array): void {
  const { baseWeights, rows } = frame;
  const weights = frame.buffer('weights.outcome');
  const half = rows / 2;
  for (let i = 0; i < rows; i++) {
    const p = Math.min(1, Math.max(0, column[i]));
    const w = baseWeights === null ? 0.5 : baseWeights[i];
    weights[i] = 2 * w * (i < half ? p : 1 - p);
    column[i] = i < half ? 1 : 0;
  }
  frame.weights = weights;
}
