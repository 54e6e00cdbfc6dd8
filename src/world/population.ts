/**
 * The population: n individuals as columns. Fields are evaluated when an individual enters and stay with it until it is
 * replaced; they are kept as `base.` columns, from which each step's true layer starts.
 */

import type { Formula } from '../core/formula/index.js';
import type { Frame } from '../core/frame.js';
import { fillBernoulli, fillCategorical, fillUniform } from '../core/random/index.js';
import { indices } from '../core/vector.js';
import { type Mix, mixed } from './drift/index.js';
import type { Quadrature } from './quadrature.js';
import { presence, type Replay, replayed } from './replay.js';

/** How one field gets its value for an individual that enters. */
export type EntryRule =
  | { readonly kind: 'formula'; readonly formula: Formula }
  | { readonly kind: 'choice'; readonly weights: readonly number[]; readonly mixes: readonly Mix[] }
  | { readonly kind: 'probability'; readonly formula: Formula }
  | { readonly kind: 'row' }
  | { readonly kind: 'node' };

export interface EntryField {
  readonly name: string;
  readonly rule: EntryRule;
}

export interface PopulationPlan {
  readonly size: number;
  readonly turnover: number;
  /** In an order in which each field comes after those it names. */
  readonly fields: readonly EntryField[];
  /** Columns of a file's rows, by field. */
  readonly table: { readonly rows: number; readonly columns: ReadonlyMap<string, Float64Array> } | null;
  /** The table's rows in their order, some at each step; null where they are drawn. */
  readonly replay: Replay | null;
  /** Quadrature rules by field: the population is their product. */
  readonly nodes: ReadonlyMap<string, Quadrature> | null;
  /** Each node twice: a binary outcome as two weighted branches. */
  readonly branches: boolean;
  readonly weight: Formula | null;
}

/** Number of individuals in a population of nodes. */
export function nodeCount(nodes: ReadonlyMap<string, Quadrature>, branches: boolean): number {
  let count = branches ? 2 : 1;
  for (const rule of nodes.values()) count *= rule.nodes.length;
  return count;
}

/** Step 1 of the loop: at the first step everybody enters, later a share `turnover` is replaced. */
export function renew(plan: PopulationPlan, frame: Frame, first: boolean): void {
  if (first || plan.turnover >= 1) {
    enterAll(plan, frame, first);
    frame.newcomers = null;
  } else if (plan.nodes === null && (plan.turnover > 0 || frame.arrivals > 0)) {
    const places = emptyPlaces(frame);
    const leavers = plan.turnover > 0 ? replaced(plan, frame) : NOBODY;
    const rows = places.length === 0 ? leavers : Int32Array.from(new Set([...leavers, ...places]));
    enterSome(plan, frame, rows);
    for (const i of places) if (frame.baseWeights !== null) frame.baseWeights[i] = 1;
    frame.newcomers = rows;
  } else {
    frame.newcomers = NOBODY;
  }
  for (const { name } of plan.fields) frame.columns.set(name, frame.column(`base.${name}`));
  frame.weights = frame.baseWeights;
}

const NOBODY = new Int32Array(0);

/** The first places that nobody holds, one for each newcomer; who finds none stays away. */
function emptyPlaces(frame: Frame): Int32Array {
  const weights = frame.baseWeights;
  const places: number[] = [];
  if (weights !== null)
    for (let i = 0; i < frame.rows && places.length < frame.arrivals; i++) if (weights[i] === 0) places.push(i);
  frame.arrivals = 0;
  return Int32Array.from(places);
}

function enterAll(plan: PopulationPlan, frame: Frame, first: boolean): void {
  const batch = plan.replay === null ? null : replayed(plan.replay, frame);
  const pick = batch !== null ? batch.pick : plan.table === null ? null : pickRows(plan, frame, first);
  if (batch !== null) {
    frame.baseWeights = presence(frame, batch.present);
    // Aggregates in fields are over who is there now.
    frame.weights = frame.baseWeights;
  }
  if (plan.nodes !== null) placeNodes(plan.nodes, plan.branches, frame);
  for (const { name, rule } of plan.fields) {
    const column = frame.buffer(`base.${name}`);
    const component = `population.${name}`;
    if (rule.kind === 'formula') rule.formula.evaluate(frame.environment(component), column);
    else if (rule.kind === 'choice') chooseValue(rule, frame, component, column, frame.rows);
    else if (rule.kind === 'probability') drawBinary(rule.formula, frame, component, column);
    else if (rule.kind === 'row') gather(plan.table?.columns.get(name), pick, column);
    frame.columns.set(`base.${name}`, column);
    frame.columns.set(name, column);
  }
  if (plan.weight !== null) {
    if (plan.nodes === null) weigh(plan.weight, frame);
    else reweigh(plan.weight, frame);
    if (batch !== null) frame.baseWeights?.fill(0, batch.present);
  }
}

/** Of a category: its shares among who enters at this step. */
function chooseValue(
  { mixes, weights }: Extract<EntryRule, { kind: 'choice' }>,
  frame: Frame,
  component: string,
  out: Float64Array,
  n: number,
): void {
  fillCategorical(frame.stream(component), mixed(weights, mixes, frame.t), out, n);
}

function drawBinary(probability: Formula, frame: Frame, component: string, out: Float64Array): void {
  const p = frame.buffer('probability');
  probability.evaluate(frame.environment(component), p);
  fillBernoulli(frame.stream(`${component}#draw`), p, out, frame.rows);
}

/** Weights must be finite and not negative; anything else counts as 0. */
function weigh(formula: Formula, frame: Frame): void {
  const weights = frame.buffer('weights');
  formula.evaluate(frame.environment('population.weight'), weights);
  for (let i = 0; i < frame.rows; i++) if (!(weights[i] >= 0 && weights[i] < Number.POSITIVE_INFINITY)) weights[i] = 0;
  frame.baseWeights = weights;
}

/** Over nodes: times their own weights, the sum kept, so that a density need be given up to a factor only. */
function reweigh(formula: Formula, frame: Frame): void {
  const own = frame.buffer('weights').slice();
  weigh(formula, frame);
  const weights = frame.buffer('weights');
  let before = 0;
  let after = 0;
  for (let i = 0; i < frame.rows; i++) {
    weights[i] *= own[i];
    before += own[i];
    after += weights[i];
  }
  if (after > 0) for (let i = 0; i < frame.rows; i++) weights[i] *= before / after;
}

/** The file's rows in order where all are wanted at the start; otherwise drawn. Null: in order. */
function pickRows(plan: PopulationPlan, frame: Frame, first: boolean): Int32Array | null {
  const available = plan.table?.rows ?? 0;
  if (first && frame.rows === available) return null;
  const draws = new Float64Array(frame.rows);
  fillUniform(frame.stream('population.rows'), draws, frame.rows);
  if (!first || frame.rows > available) return Int32Array.from(draws, (u) => Math.floor(u * available));
  // A sample without replacement: the first places of a Fisher-Yates shuffle.
  const order = indices(available);
  for (let i = 0; i < frame.rows; i++) {
    const j = i + Math.floor(draws[i] * (available - i));
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order.subarray(0, frame.rows);
}

function gather(source: Float64Array | undefined, pick: Int32Array | null, out: Float64Array): void {
  if (source === undefined) return;
  if (pick === null) out.set(source.subarray(0, out.length));
  else for (let i = 0; i < pick.length; i++) out[i] = source[pick[i]];
}

/** The product of the rules; with branches, the second half repeats the first. */
function placeNodes(nodes: ReadonlyMap<string, Quadrature>, branches: boolean, frame: Frame): void {
  const weights = frame.buffer('weights');
  weights.fill(branches ? 0.5 : 1);
  const half = branches ? frame.rows / 2 : frame.rows;
  let stride = 1;
  for (const [name, rule] of nodes) {
    const column = frame.buffer(`base.${name}`);
    for (let i = 0; i < frame.rows; i++) {
      const k = Math.floor((i % half) / stride) % rule.nodes.length;
      column[i] = rule.nodes[k];
      weights[i] *= rule.weights[k];
    }
    stride *= rule.nodes.length;
  }
  frame.baseWeights = weights;
}

function replaced(plan: PopulationPlan, frame: Frame): Int32Array {
  const draws = frame.buffer('draws');
  fillUniform(frame.stream('population.turnover'), draws, frame.rows);
  let count = 0;
  for (let i = 0; i < frame.rows; i++) if (draws[i] < plan.turnover) count++;
  const rows = new Int32Array(count);
  let k = 0;
  for (let i = 0; i < frame.rows; i++) if (draws[i] < plan.turnover) rows[k++] = i;
  return rows;
}

function enterSome(plan: PopulationPlan, frame: Frame, rows: Int32Array): void {
  const n = rows.length;
  if (n === 0) return;
  const columns = new Map<string, Float64Array>();
  const available = plan.table?.rows ?? 0;
  const pick = new Float64Array(n);
  if (available > 0) fillUniform(frame.stream('population.rows'), pick, n);
  for (const { name, rule } of plan.fields) {
    const column = new Float64Array(n);
    const component = `population.${name}`;
    if (rule.kind === 'formula') rule.formula.evaluate(frame.environmentOf(component, n, columns), column);
    else if (rule.kind === 'choice') chooseValue(rule, frame, component, column, n);
    else if (rule.kind === 'row') {
      const source = plan.table?.columns.get(name);
      if (source) for (let k = 0; k < n; k++) column[k] = source[Math.floor(pick[k] * available)];
    } else if (rule.kind === 'probability') {
      rule.formula.evaluate(frame.environmentOf(component, n, columns), column);
      fillBernoulli(frame.stream(`${component}#draw`), column.slice(), column, n);
    }
    columns.set(name, column);
    const base = frame.buffer(`base.${name}`);
    for (let k = 0; k < n; k++) base[rows[k]] = column[k];
  }
  const weights = frame.baseWeights;
  if (plan.weight !== null && weights !== null) {
    const column = new Float64Array(n);
    plan.weight.evaluate(frame.environmentOf('population.weight', n, columns), column);
    for (let k = 0; k < n; k++)
      weights[rows[k]] = column[k] >= 0 && column[k] < Number.POSITIVE_INFINITY ? column[k] : 0;
  }
}
