/** Rows in two parts: each row goes by a draw of its own. */
import type { Stream } from '../core/random/index.js';
import type { Rows } from '../learn/uncertainty/index.js';

/** `kept`: a share of the rows, each with that probability. Batches without rows are left out. */
export function divide(
  rows: readonly Rows[],
  share: number,
  draws: Stream,
): { rest: readonly Rows[]; kept: readonly Rows[] } {
  const rest: Rows[] = [];
  const kept: Rows[] = [];
  for (const batch of rows) {
    const isKept = Uint8Array.from({ length: batch.n }, () => (draws.uniform() < share ? 1 : 0));
    rest.push(rowsWhere(batch, isKept, 0));
    kept.push(rowsWhere(batch, isKept, 1));
  }
  const some = ({ n }: Rows) => n > 0;
  return { rest: rest.filter(some), kept: kept.filter(some) };
}

/** The last `n` rows of a batch. */
export function lastRows(batch: Rows, n: number): Rows {
  if (n >= batch.n) return batch;
  const take = (column: Float64Array) => column.subarray(batch.n - n, batch.n);
  return takeFrom(batch, n, take);
}

/** The rows that a mark has this value for. */
export function rowsWhere(batch: Rows, mark: Uint8Array, value: 0 | 1): Rows {
  const take = (column: Float64Array) => column.subarray(0, batch.n).filter((_, i) => mark[i] === value);
  return takeFrom(batch, take(batch.target).length, take);
}

function takeFrom(batch: Rows, n: number, take: (column: Float64Array) => Float64Array): Rows {
  const ifAny = (column: Float64Array | null) => (column === null ? null : take(column));
  return {
    n,
    features: batch.features.map(take),
    target: take(batch.target),
    weights: ifAny(batch.weights),
    scale: ifAny(batch.scale),
    ratio: ifAny(batch.ratio),
  };
}
