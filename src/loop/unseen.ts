/**
 * Values of categories that a training has never seen. Their indicator is 0 in every row that was learnt from, so what a
 * learner makes of it rests on nothing: a linear model or a tree predicts as for the category's first value.
 */
import type { Batch } from '../learn/index.js';
import type { Feature } from './plan.js';

export interface UnseenValue {
  readonly feature: Feature;
  /** The value's place among the category's values. */
  readonly code: number;
}

/** The values of the features that no row had; none where nothing was learnt from rows. */
export function unseenValues(features: readonly Feature[], batches: readonly Batch[]): UnseenValue[] {
  const unseen: UnseenValue[] = [];
  if (batches.every(({ n }) => n === 0)) return unseen;
  let first = 0;
  for (const feature of features) {
    const count = feature.levels === null ? 1 : feature.levels.length - 1;
    if (feature.levels !== null && !feature.gap)
      for (let code = 0; code <= count; code++)
        if (!batches.some((batch) => hasValue(batch, first, count, code))) unseen.push({ feature, code });
    first += count;
  }
  return unseen;
}

/** Whether a row has the value: its indicator is 1, or for the first value all of them are 0. */
function hasValue({ features, n }: Batch, first: number, count: number, code: number): boolean {
  if (code > 0) return features[first + code - 1].subarray(0, n).includes(1);
  for (let i = 0; i < n; i++) {
    let k = 0;
    while (k < count && features[first + k][i] === 0) k++;
    if (k === count) return true;
  }
  return false;
}
