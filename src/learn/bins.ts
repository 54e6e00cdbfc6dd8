/**
 * Features as bins, for trees: up to 256 a feature, of equal weight.
 *
 * Where a feature has at most 256 values each has a bin of its own, and a tree is as exact as one that tries every value.
 * A cut stands midway between the two values that it parts.
 */
import { indices, isConstant } from '../core/vector.js';
import type { Rows } from './rows.js';

export const BINS = 256;

export interface Binned {
  /** The cuts of each feature, rising: bin b holds what is above cut b - 1, up to cut b. */
  readonly cuts: readonly Float64Array[];
  /** The bin of each row, a feature at a time. */
  readonly codes: readonly Uint8Array[];
}

export function binned({ features, n, weights }: Rows): Binned {
  const cuts = features.map((column) => cutsOf(column, weights));
  const codes = features.map((column, j) => {
    const out = new Uint8Array(n);
    for (let i = 0; i < n; i++) out[i] = binOf(column[i], cuts[j]);
    return out;
  });
  return { cuts, codes };
}

/** The number of cuts below x. */
function binOf(x: number, cuts: Float64Array): number {
  let low = 0;
  // No branch on what is compared, which could not be foreseen.
  for (let count = cuts.length; count > 0; ) {
    const half = (count + 1) >> 1;
    low += half * Number(cuts[low + half - 1] < x);
    count -= half;
  }
  return low;
}

function cutsOf(column: Float64Array, weights: Float64Array): Float64Array {
  const few = wholes(column);
  if (few !== null) return Float64Array.from({ length: few.length - 1 }, (_, k) => midway(few[k], few[k + 1]));
  const { cumulative, values } = distinct(column, weights);
  const between = (k: number) => midway(values[k], values[k + 1]);
  if (values.length <= BINS) return Float64Array.from({ length: Math.max(0, values.length - 1) }, (_, k) => between(k));
  const total = cumulative[cumulative.length - 1];
  const cuts: number[] = [];
  for (let k = 0; k < values.length - 1 && cuts.length < BINS - 1; k++) {
    // What has been cut off already takes the share of as many bins as there are cuts.
    if (cumulative[k] * BINS >= (cuts.length + 1) * total) cuts.push(between(k));
  }
  return Float64Array.from(cuts);
}

/** The values, rising, where all are whole numbers below `BINS`: categories, flags and counts need no sorting. */
function wholes(column: Float64Array): number[] | null {
  const isThere = new Uint8Array(BINS);
  for (let i = 0; i < column.length; i++) {
    const v = column[i];
    if (!(v >= 0 && v < BINS && Number.isInteger(v))) return null;
    isThere[v] = 1;
  }
  return [...isThere.keys()].filter((v) => isThere[v] === 1);
}

/** The values, rising, with the weight up to each. */
function distinct(column: Float64Array, weights: Float64Array): { values: number[]; cumulative: number[] } {
  const isEven = isConstant(weights);
  const sorted = isEven ? column.slice().sort() : null;
  const order = isEven ? null : indices(column.length).sort((a, b) => column[a] - column[b]);
  const values: number[] = [];
  const cumulative: number[] = [];
  let sum = 0;
  for (let k = 0; k < column.length; k++) {
    const v = sorted !== null ? sorted[k] : column[order![k]];
    sum += weights[order === null ? k : order[k]];
    // Zero has two signs.
    if (values.length > 0 && values[values.length - 1] === v) cumulative[values.length - 1] = sum;
    else {
      values.push(v);
      cumulative.push(sum);
    }
  }
  return { values, cumulative };
}

/** At least a and below b. */
function midway(a: number, b: number): number {
  const middle = a / 2 + b / 2;
  return middle >= a && middle < b ? middle : a;
}
