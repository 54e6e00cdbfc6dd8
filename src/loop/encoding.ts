/**
 * Features as numeric columns: a category becomes one indicator for each value but the first, and a missing value the mean
 * of its column where the model was first trained.
 */
import type { Frame } from '../core/frame.js';
import type { Feature } from './plan.js';

export class Encoding {
  /** Means of the encoded columns of the first rows that were encoded: the lab's. */
  private means: Float64Array | null = null;

  /** `model` names the buffers. */
  constructor(private readonly model: string) {}

  /** The columns of a frame, as the pipeline sees them, as people show them, or as they are recorded. */
  encode(features: readonly Feature[], frame: Frame, layer: 'seen.' | 'shown.' | 'logged.' = 'seen.'): Float64Array[] {
    const columns: Float64Array[] = [];
    for (const feature of features) {
      const column = feature.column.replace('seen.', layer);
      const source = frame.column(column);
      if (feature.levels === null) columns.push(source);
      else
        for (let k = 1; k < feature.levels.length; k++)
          columns.push(indicator(frame, `indicator.${this.model}.${column}.${k}`, feature, k, source));
    }
    this.means ??= Float64Array.from(columns, (column) => meanOf(column));
    const { means } = this;
    return columns.map((column, k) => imputed(frame, `impute.${this.model}.${layer}${k}`, column, means[k]));
  }

  /** The lab's mean of the k-th encoded column. */
  mean(k: number): number {
    return this.means?.[k] ?? 0;
  }
}

/** 1 where the category has its `level`-th value, or where a value is missing that is asked for its gaps. */
function indicator(frame: Frame, key: string, feature: Feature, level: number, source: Float64Array): Float64Array {
  const out = frame.buffer(feature.gap ? `${key}.gap` : key);
  for (let i = 0; i < frame.rows; i++) {
    const isMissing = Number.isNaN(source[i]);
    if (feature.gap) out[i] = isMissing ? 1 : 0;
    else out[i] = isMissing ? Number.NaN : source[i] === level ? 1 : 0;
  }
  return out;
}

/** The column itself where nothing is missing; otherwise a copy with the mean in its gaps. */
function imputed(frame: Frame, key: string, column: Float64Array, mean: number): Float64Array {
  let first = 0;
  while (first < frame.rows && Number.isFinite(column[first])) first++;
  if (first === frame.rows) return column;
  const out = frame.buffer(key);
  for (let i = 0; i < frame.rows; i++) out[i] = Number.isFinite(column[i]) ? column[i] : mean;
  return out;
}

function meanOf(column: Float64Array): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < column.length; i++) {
    if (!Number.isFinite(column[i])) continue;
    sum += column[i];
    n++;
  }
  return n > 0 ? sum / n : 0;
}
