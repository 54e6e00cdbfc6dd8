/**
 * A mechanism's general form: for a share of the individuals for which a condition holds, while it is active, the value
 * of one column becomes another. Drift, sense, respond and collect are this, at different points of the step.
 */
import type { Formula } from './formula/index.js';
import type { Frame } from './frame.js';
import { fillUniform } from './random/index.js';

/** When and on whom a mechanism acts. */
export interface Mechanism {
  /** Unique: its block and name, such as `drift.recession`. The streams it draws from are named after it. */
  readonly id: string;
  readonly off: boolean;
  /** First step, and the step from which it no longer acts. */
  readonly from: number;
  readonly to: number;
  readonly where: Formula | null;
  readonly share: number;
  /** `trait`: the same individuals for as long as they stay. `fresh`: drawn anew each step. */
  readonly chosen: 'trait' | 'fresh';
  /** Of what comes and goes while it acts: whether it is away at step `t`. */
  readonly pauses?: (t: number) => boolean;
}

/** A mechanism that rewrites one column. */
export interface Rewriting extends Mechanism {
  /** The column it rewrites, with its layer: `income`, `shown.income`, `seen.income`, `recorded.repaid`. */
  readonly column: string;
  readonly form: Form;
  /** Names what it keeps from step to step; its id where it is left out. */
  readonly keeps?: string;
  /** Share of the way to the new value each step; 1 is at once. */
  readonly memory: number;
  /** Steps until a change is felt. */
  readonly delay?: number;
}

/** What a rewriting makes of the values that it finds. */
export interface Form {
  /** `target` holds the values found, and is left with the new ones. */
  apply(frame: Frame, own: Rewriting, target: Float64Array): void;
  /** Called in its place at each step at which the mechanism does not act, by what has to look on. */
  rest?(frame: Frame, own: Rewriting): void;
}

/** The general form: a value becomes that of a formula, in which the bare name of the field is the value that is found. */
export const becomes = (formula: Formula): Form => ({
  apply: (frame, { id }, target) => formula.evaluate(frame.environment(id), target),
});

/** One form after the other. */
export function inTurn(forms: readonly Form[]): Form {
  if (forms.length === 1) return forms[0];
  return {
    apply: (frame, own, target) => {
      for (const form of forms) form.apply(frame, own, target);
    },
    rest: (frame, own) => {
      for (const form of forms) form.rest?.(frame, own);
    },
  };
}

/**
 * A buffer that a form keeps from step to step, with a place for each individual. Who has entered since begins with what
 * `start` gives; at the first use, everybody does.
 */
export function keptColumn(frame: Frame, key: string, start: (i: number) => number): Float64Array {
  const isNew = !frame.hasBuffer(key);
  const column = frame.buffer(key);
  if (isNew || frame.newcomers === null) for (let i = 0; i < frame.rows; i++) column[i] = start(i);
  else for (const i of frame.newcomers) column[i] = start(i);
  return column;
}

/** Whether it acts at step `t`. */
export const active = (m: Mechanism, t: number): boolean => !m.off && t >= m.from && t < m.to;

/** Which individuals a mechanism acts on: 1 or 0 for each, or null for all. */
export function chosen(frame: Frame, m: Mechanism): Float64Array | null {
  if (m.share >= 1 && m.where === null) return null;
  const mask = frame.buffer('mask');
  if (m.where === null) mask.fill(1);
  else {
    m.where.evaluate(frame.environment(`${m.id}.where`), mask);
    // A condition that is missing does not hold.
    for (let i = 0; i < frame.rows; i++) if (Number.isNaN(mask[i])) mask[i] = 0;
  }
  if (m.share < 1) {
    const draws = m.chosen === 'trait' ? trait(frame, m.id) : freshDraws(frame, m.id);
    for (let i = 0; i < frame.rows; i++) if (draws[i] >= m.share) mask[i] = 0;
  }
  return mask;
}

/** A uniform draw for each individual that it keeps for as long as it stays. */
function trait(frame: Frame, id: string): Float64Array {
  const key = `trait.${id}`;
  const isNew = !frame.hasBuffer(key);
  const draws = frame.buffer(key);
  const entered = frame.newcomers;
  if (isNew || entered === null) {
    fillUniform(frame.stream(`${id}.share`), draws, frame.rows);
  } else if (entered.length > 0) {
    const fresh = new Float64Array(entered.length);
    fillUniform(frame.stream(`${id}.share`), fresh, entered.length);
    for (let k = 0; k < entered.length; k++) draws[entered[k]] = fresh[k];
  }
  return draws;
}

/** Who was chosen is forgotten while a mechanism does not act: newcomers of that time have no draw. */
export function forgetTrait(frame: Frame, m: Mechanism): void {
  frame.forget(`trait.${m.id}`);
}

function freshDraws(frame: Frame, id: string): Float64Array {
  const draws = frame.buffer('draws');
  fillUniform(frame.stream(`${id}.share`), draws, frame.rows);
  return draws;
}

/** Rewrites the column if the mechanism is active; the column it found is left as it was. */
export function rewrite(frame: Frame, r: Rewriting): void {
  const isActive = active(r, frame.t);
  if (!isActive) {
    forgetTrait(frame, r);
    r.form.rest?.(frame, r);
  }
  const lingers = (r.memory < 1 && remembers(frame, r.id)) || frame.hasBuffer(onTheWay(r, 0));
  if (!isActive && !lingers) return;
  const found = frame.column(r.column);
  const target = frame.buffer('rewritten');
  if (!isActive) target.set(found);
  else compute(frame, r, found, target);
  if (r.memory < 1) remember(frame, r, found, target);
  if (r.delay) postpone(frame, r, r.delay, found, target);
  store(frame, r.column, target);
}

/** The new values: where the mechanism acts what it makes, elsewhere what it found. */
function compute(frame: Frame, r: Rewriting, found: Float64Array, target: Float64Array): void {
  target.set(found);
  r.form.apply(frame, r, target);
  const mask = chosen(frame, r);
  if (mask === null) return;
  for (let i = 0; i < frame.rows; i++) if (mask[i] === 0) target[i] = found[i];
}

const onTheWay = ({ delay = 0, id }: Rewriting, t: number): string => `${id}.delay.${delay}.${t % (delay + 1)}`;

/** A change made now is felt `delay` steps later, by who is still there. */
function postpone(frame: Frame, r: Rewriting, delay: number, found: Float64Array, target: Float64Array): void {
  for (let k = 0; k <= delay; k++) keptColumn(frame, onTheWay(r, k), () => 0);
  const now = frame.buffer(onTheWay(r, frame.t));
  for (let i = 0; i < frame.rows; i++) now[i] = target[i] - found[i];
  const due = frame.buffer(onTheWay(r, frame.t + 1));
  for (let i = 0; i < frame.rows; i++) target[i] = found[i] + due[i];
}

/** Whether anything is left of a mechanism's earlier steps. */
export const remembers = (frame: Frame, id: string): boolean => frame.hasBuffer(`memory.${id}`);

/** s <- (1 - memory) s + memory R: newcomers start from what is found. */
export function remember(
  frame: Frame,
  r: { id: string; memory: number },
  found: Float64Array,
  target: Float64Array,
): void {
  const key = `memory.${r.id}`;
  const isNew = !frame.hasBuffer(key);
  const state = frame.buffer(key);
  if (isNew || frame.newcomers === null) state.set(found);
  else for (const i of frame.newcomers) state[i] = found[i];
  for (let i = 0; i < frame.rows; i++) {
    state[i] = (1 - r.memory) * state[i] + r.memory * target[i];
    target[i] = state[i];
  }
}

/** Puts new values into the layer's own buffer, so that the layer before keeps its own. */
export function store(frame: Frame, column: string, values: Float64Array): void {
  const own = frame.buffer(`layer.${column}`);
  own.set(values);
  frame.columns.set(column, own);
}
