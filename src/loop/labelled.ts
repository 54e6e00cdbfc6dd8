/** Rows that can be learnt from and scored: those that carry a label and weight, compacted. */
import type { Batch } from '../learn/index.js';

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
): Batch {
  const keep = kept(n, target, weights);
  if (keep === null) {
    if (!copy) return { n, features, target, weights };
    return {
      n,
      features: features.map((f) => f.slice(0, n)),
      target: target.slice(0, n),
      weights: weights?.slice(0, n) ?? null,
    };
  }
  return {
    n: keep.length,
    features: features.map((f) => pick(f, keep)),
    target: pick(target, keep),
    weights: weights === null ? null : unlessOnes(pick(weights, keep)),
  };
}

/** The same rows of another column. */
export function compactLike(
  column: Float64Array,
  target: Float64Array,
  weights: Float64Array | null,
  copy: boolean,
): Float64Array {
  const keep = kept(target.length, target, weights);
  if (keep === null) return copy ? column.slice() : column;
  return pick(column, keep);
}

/** Rows with a label and a weight; null: all of them. */
function kept(n: number, target: Float64Array, weights: Float64Array | null): Int32Array | null {
  let count = 0;
  for (let i = 0; i < n; i++) if (Number.isFinite(target[i]) && (weights === null || weights[i] > 0)) count++;
  if (count === n) return null;
  const rows = new Int32Array(count);
  let k = 0;
  for (let i = 0; i < n; i++) if (Number.isFinite(target[i]) && (weights === null || weights[i] > 0)) rows[k++] = i;
  return rows;
}

function pick(column: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) out[k] = column[rows[k]];
  return out;
}

const unlessOnes = (weights: Float64Array): Float64Array | null => (weights.every((w) => w === 1) ? null : weights);
