/**
 * Features as numeric columns: a category becomes one indicator for each value but the first, and a missing value the mean
 * of its column where the model was first trained.
 */
import type { Frame } from '../core/frame.js';
import { allFinite } from '../core/vector.js';
import type { Feature } from './plan.js';

type Layer = 'seen.' | 'shown.' | 'logged.';

/** The columns of a feature, and the buffers of its indicators and of its columns with their gaps filled. */
interface Names {
  readonly feature: Feature;
  readonly column: string;
  readonly indicators: readonly string[];
  readonly filled: readonly string[];
}

export class Encoding {
  /** Means of the encoded columns of the first rows that were encoded: the lab's. */
  private means: Float64Array | null = null;
  /** Put together once: there may be few individuals at a step. */
  private readonly names = new Map<Layer, { readonly of: readonly Feature[]; readonly names: readonly Names[] }>();

  /** `model` names the buffers. */
  constructor(private readonly model: string) {}

  /** The columns of a frame, as the pipeline sees them, as people show them, or as they are recorded. */
  encode(features: readonly Feature[], frame: Frame, layer: Layer = 'seen.'): Float64Array[] {
    const names = this.namesOf(features, layer);
    const columns: Float64Array[] = [];
    for (const { column, feature, indicators } of names) {
      const source = frame.column(column);
      if (feature.levels === null) columns.push(source);
      else
        for (let k = 0; k < indicators.length; k++)
          columns.push(indicator(frame, indicators[k], feature, k + 1, source));
    }
    this.means ??= Float64Array.from(columns, (column) => meanOf(column));
    let k = 0;
    for (const { filled } of names)
      for (const key of filled) {
        columns[k] = imputed(frame, key, columns[k], this.means[k]);
        k++;
      }
    return columns;
  }

  private namesOf(features: readonly Feature[], layer: Layer): readonly Names[] {
    const known = this.names.get(layer);
    if (known?.of === features) return known.names;
    let first = 0;
    const names = features.map((feature): Names => {
      const column = feature.column.replace('seen.', layer);
      const count = feature.levels === null ? 1 : feature.levels.length - 1;
      const of = (key: (k: number) => string) => Array.from({ length: count }, (_, k) => key(k));
      const indicators = feature.levels === null ? [] : of((k) => `indicator.${this.model}.${column}.${k + 1}`);
      const start = first;
      first += count;
      return { feature, column, indicators, filled: of((k) => `impute.${this.model}.${layer}${start + k}`) };
    });
    this.names.set(layer, { of: features, names });
    return names;
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
  if (allFinite(column, frame.rows)) return column;
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
