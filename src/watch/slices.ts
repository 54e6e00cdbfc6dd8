/**
 * Slices: parts of the population whose metrics are watched apart, so that an average hides nothing. The metrics of a slice
 * are those of its individuals; they are of what is actual.
 *
 * Source: Chung, Kraska, Polyzotis, Tae, Whang (2019), "Slice Finder: automated data slicing for model validation", ICDE.
 */
import type { Formula } from '../core/formula/index.js';
import type { Frame } from '../core/frame.js';

export interface Slice {
  readonly name: string;
  readonly where: Formula;
  /** Whether lab and dashboard are watched in it, too: the scenario speaks of what they say of it. */
  readonly vantages: boolean;
}

/** Weights of the individuals of a slice: 0 outside it. */
export function sliceWeights(frame: Frame, slice: Slice): Float64Array {
  const weights = frame.buffer('slice');
  slice.where.evaluate(frame.environment(`slices.${slice.name}`), weights);
  for (let i = 0; i < frame.rows; i++) {
    const inside = weights[i] !== 0 && !Number.isNaN(weights[i]);
    weights[i] = inside ? (frame.weights === null ? 1 : frame.weights[i]) : 0;
  }
  return weights;
}
