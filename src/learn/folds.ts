/** Rows at random: folds for cross-validation, each row with weight into one of k parts, and samples. */
import { Stream, type StreamKey } from '../core/random/index.js';
import type { Batch } from './learner.js';

/** At most one fold for each row with weight. The same key and rows give the same folds. */
export function folds(batches: readonly Batch[], k: number, key: StreamKey): Batch[] {
  const places = shuffled(batches, { ...key, component: `${key.component}/folds` });
  const count = Math.min(k, places.length);
  return Array.from({ length: count }, (_, fold) => gathered(places.filter((_place, i) => i % count === fold)));
}

/** So many of the rows with weight, drawn without replacement; all of them where there are fewer. */
export const drawn = (batches: readonly Batch[], count: number, key: StreamKey): Batch =>
  gathered(shuffled(batches, { ...key, component: `${key.component}/rows` }).slice(0, count));

type Place = readonly [batch: Batch, row: number];

function shuffled(batches: readonly Batch[], key: StreamKey): Place[] {
  const places: Place[] = [];
  for (const batch of batches) {
    for (let i = 0; i < batch.n; i++) if (batch.weights === null || batch.weights[i] > 0) places.push([batch, i]);
  }
  shuffle(places, new Stream(key));
  return places;
}

/** Fisher and Yates. */
function shuffle(items: unknown[], stream: Stream): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * stream.uniform());
    [items[i], items[j]] = [items[j], items[i]];
  }
}

function gathered(places: readonly Place[]): Batch {
  const column = (value: (batch: Batch, row: number) => number) =>
    Float64Array.from(places, ([batch, row]) => value(batch, row));
  const isWeighted = places.some(([{ weights }]) => weights !== null);
  return {
    n: places.length,
    features: (places[0]?.[0].features ?? []).map((_, j) => column(({ features }, row) => features[j][row])),
    target: column(({ target }, row) => target[row]),
    weights: isWeighted ? column(({ weights }, row) => weights?.[row] ?? 1) : null,
  };
}
