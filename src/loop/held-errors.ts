/** The errors of a version on rows that were kept from the learner, else on those it learnt from. */
import type { Batch, Predictor } from '../learn/index.js';

export interface HeldErrors {
  /** Mean absolute error. */
  readonly mae: number;
  /** 1 - sum (y - prediction)^2 / sum (y - mean)^2. */
  readonly r2: number;
}

/** Where nobody asks for them. */
export const NOBODY_ASKS: HeldErrors = { mae: Number.NaN, r2: Number.NaN };

export function heldErrors(predictor: Predictor, batches: readonly Batch[]): HeldErrors {
  let weight = 0;
  let absolute = 0;
  let square = 0;
  let mean = 0;
  let spread = 0;
  for (const { features, n, target, weights } of batches) {
    const out = new Float64Array(n);
    predictor.predict(features, out, n);
    for (let i = 0; i < n; i++) {
      const w = weights === null ? 1 : weights[i];
      if (w === 0) continue;
      weight += w;
      absolute += w * Math.abs(target[i] - out[i]);
      square += w * (target[i] - out[i]) ** 2;
      const step = target[i] - mean;
      mean += (w / weight) * step;
      spread += w * step * (target[i] - mean);
    }
  }
  return { mae: absolute / weight, r2: 1 - square / spread };
}
