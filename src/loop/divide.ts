/** Rows in two parts: each row goes by a draw of its own. */
import { fillUniform, type Stream } from '../core/random/index.js';
import type { Rows } from '../learn/uncertainty/index.js';

/**
 * `kept`: a share of the rows, each with that probability. Each part is one batch, in the order of the rows, or none where it
 * has no rows: there may be many batches of few rows.
 */
export function divide(
  batches: readonly Rows[],
  share: number,
  draws: Stream,
): { rest: readonly Rows[]; kept: readonly Rows[] } {
  let n = 0;
  for (const batch of batches) n += batch.n;
  const drawn = new Float64Array(n);
  fillUniform(draws, drawn, n);
  // The place of each row: the rest come first, those that are kept after them.
  const places = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) if (drawn[i] >= share) places[i] = count++;
  for (let i = 0, at = count; i < n; i++) if (drawn[i] < share) places[i] = at++;
  const all = placed(batches, places);
  const part = (start: number, end: number): Rows[] =>
    start === end ? [] : [takeFrom(all, end - start, (column) => column.subarray(start, end))];
  return { rest: part(0, count), kept: part(count, n) };
}

/** The rows of all batches as one, each at its place. */
function placed(batches: readonly Rows[], places: Int32Array): Rows {
  const put = (column: (batch: Rows) => Float64Array | null): Float64Array => {
    const out = new Float64Array(places.length);
    let at = 0;
    for (const batch of batches) {
      const own = column(batch);
      // A batch without such a column counts as 1 throughout.
      for (let i = 0; i < batch.n; i++) out[places[at + i]] = own === null ? 1 : own[i];
      at += batch.n;
    }
    return out;
  };
  const ifAny = (column: (batch: Rows) => Float64Array | null) =>
    batches.some((batch) => column(batch) !== null) ? put(column) : null;
  return {
    n: places.length,
    features: (batches[0]?.features ?? []).map((_, j) => put(({ features }) => features[j])),
    target: put(({ target }) => target),
    weights: ifAny(({ weights }) => weights),
    scale: ifAny(({ scale }) => scale),
    ratio: ifAny(({ ratio }) => ratio),
  };
}

/** The last `n` rows of a batch. */
export function lastRows(batch: Rows, n: number): Rows {
  if (n >= batch.n) return batch;
  return takeFrom(batch, n, (column) => column.subarray(batch.n - n, batch.n));
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
