/** A sample of numbers, in order: what the tests of two samples read. */

export interface Sample {
  /** Ascending, without missing values. */
  readonly values: Float64Array;
  /** Of the values; null: all 1. */
  readonly weights: Float64Array | null;
  /** Sum of the weights. */
  readonly total: number;
  /** Effective number of values, (sum w)^2 / sum w^2. */
  readonly n: number;
}

/** Missing values and weights of 0 do not count. */
export function sampleOf(values: Float64Array, weights: Float64Array | null = null, n = values.length): Sample {
  // Weights that only say who counts are none: tests of whole numbers of rows are exact.
  if (weights === null || isMask(weights, n)) {
    const kept = new Float64Array(n);
    let count = 0;
    for (let i = 0; i < n; i++)
      if (!Number.isNaN(values[i]) && (weights === null || weights[i] === 1)) kept[count++] = values[i];
    return { values: kept.subarray(0, count).sort(), weights: null, total: count, n: count };
  }
  const rows: number[] = [];
  for (let i = 0; i < n; i++) if (!Number.isNaN(values[i]) && weights[i] > 0) rows.push(i);
  rows.sort((a, b) => values[a] - values[b]);
  let total = 0;
  let squares = 0;
  for (const i of rows) {
    total += weights[i];
    squares += weights[i] * weights[i];
  }
  return {
    values: Float64Array.from(rows, (i) => values[i]),
    weights: Float64Array.from(rows, (i) => weights[i]),
    total,
    n: squares > 0 ? (total * total) / squares : 0,
  };
}

function isMask(weights: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) if (weights[i] !== 0 && weights[i] !== 1) return false;
  return true;
}

/**
 * Walks both samples upwards and calls `visit` after each distinct value with the shares at or below it; `gap` is the distance
 * to the next value, 0 after the last.
 */
export function walk(
  reference: Sample,
  current: Sample,
  visit: (referenceShare: number, currentShare: number, gap: number) => void,
): void {
  const a = reference.values;
  const b = current.values;
  let i = 0;
  let j = 0;
  let below = 0;
  let belowCurrent = 0;
  while (i < a.length || j < b.length) {
    const value = j >= b.length || (i < a.length && a[i] <= b[j]) ? a[i] : b[j];
    for (; i < a.length && a[i] === value; i++) below += reference.weights === null ? 1 : reference.weights[i];
    for (; j < b.length && b[j] === value; j++) belowCurrent += current.weights === null ? 1 : current.weights[j];
    const next = Math.min(
      i < a.length ? a[i] : Number.POSITIVE_INFINITY,
      j < b.length ? b[j] : Number.POSITIVE_INFINITY,
    );
    visit(below / reference.total, belowCurrent / current.total, next === Number.POSITIVE_INFINITY ? 0 : next - value);
  }
}
