/** Rows that can be learnt from and scored: those that carry a label and weight, compacted. */
import { pick } from '../core/vector.js';
import type { Rows } from '../learn/uncertainty/index.js';

/** What goes with the rows where intervals need it. */
export type Beside = Pick<Rows, 'scale' | 'ratio'>;
export const NOTHING_BESIDE: Beside = { scale: null, ratio: null };

/**
 * The rows that carry a label and weight. `copy`: they outlive the step, so the columns are copied; otherwise the frame's
 * own columns serve where no row is left out.
 */
export function labelled(
  n: number,
  features: readonly Float64Array[],
  target: Float64Array,
  weights: Float64Array | null,
  copy: boolean,
  { ratio, scale }: Beside = NOTHING_BESIDE,
  keep: Int32Array | null = kept(n, target, weights),
): Rows {
  const take = (column: Float64Array) => (keep !== null ? pick(column, keep) : copy ? column.slice(0, n) : column);
  const ifAny = (column: Float64Array | null) => (column === null ? null : take(column));
  const own = ifAny(weights);
  return {
    n: keep?.length ?? n,
    features: features.map(take),
    target: take(target),
    weights: own === null || keep === null ? own : unlessOnes(own),
    scale: ifAny(scale),
    ratio: ifAny(ratio),
    lasting: copy,
  };
}

/** The same rows of another column; `keep` as `kept` gives it. */
export function compactLike(column: Float64Array, keep: Int32Array | null, copy: boolean): Float64Array {
  if (keep === null) return copy ? column.slice() : column;
  return pick(column, keep);
}

/** Rows with a label and a weight; null: all of them. */
export function kept(n: number, target: Float64Array, weights: Float64Array | null): Int32Array | null {
  let count = 0;
  for (let i = 0; i < n; i++) if (Number.isFinite(target[i]) && (weights === null || weights[i] > 0)) count++;
  if (count === n) return null;
  const rows = new Int32Array(count);
  let k = 0;
  for (let i = 0; i < n; i++) if (Number.isFinite(target[i]) && (weights === null || weights[i] > 0)) rows[k++] = i;
  return rows;
}

function unlessOnes(weights: Float64Array): Float64Array | null {
  for (let i = 0; i < weights.length; i++) if (weights[i] !== 1) return weights;
  return null;
}
