/** Rows in two parts: each row goes by a draw of its own. */
import { fillUniform, type Stream } from '../core/random/index.js';
import type { Rows } from '../learn/uncertainty/index.js';
import { pick } from './labelled.js';

/** `kept`: a share of the rows, each with that probability. Batches without rows are left out. */
export function divide(
  rows: readonly Rows[],
  share: number,
  draws: Stream,
): { rest: readonly Rows[]; kept: readonly Rows[] } {
  const rest: Rows[] = [];
  const kept: Rows[] = [];
  for (const batch of rows) {
    const places = new Int32Array(batch.n);
    const drawn = new Float64Array(batch.n);
    fillUniform(draws, drawn, batch.n);
    let count = 0;
    // Those that are kept fill the places from the end.
    for (let i = 0; i < batch.n; i++) places[drawn[i] < share ? batch.n - 1 - (i - count) : count++] = i;
    if (count > 0) rest.push(rowsAt(batch, places.subarray(0, count)));
    if (count < batch.n) kept.push(rowsAt(batch, places.subarray(count).reverse()));
  }
  return { rest, kept };
}

/** The last `n` rows of a batch. */
export function lastRows(batch: Rows, n: number): Rows {
  if (n >= batch.n) return batch;
  const take = (column: Float64Array) => column.subarray(batch.n - n, batch.n);
  return takeFrom(batch, n, take);
}

function rowsAt(batch: Rows, places: Int32Array): Rows {
  return takeFrom(batch, places.length, (column) => pick(column, places));
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
