/** Rows of which each that ever arrived is as likely to be kept as any other, in memory that does not grow. */
import type { Stream } from '../core/random/index.js';
import type { Rows } from '../learn/uncertainty/index.js';
import { placeInReservoir } from '../retrain/window.js';

export class Reservoir {
  private seen = 0;
  private held = 0;
  private columns: Columns | null = null;
  /** Whether any row came with a weight of its own. */
  private weighted = false;

  constructor(readonly size: number) {}

  add(rows: Rows, stream: Stream): void {
    this.columns ??= columnsFor(rows, this.size);
    this.weighted ||= rows.weights !== null;
    for (let i = 0; i < rows.n; i++) {
      const place = placeInReservoir(this.seen, this.size, this.seen < this.size ? 0 : stream.uniform());
      this.seen++;
      if (place < 0) continue;
      put(this.columns, place, rows, i);
      if (place === this.held) this.held++;
    }
  }

  /** What is kept, in no order. */
  get rows(): Rows | null {
    const { columns, held, weighted } = this;
    if (columns === null || held === 0) return null;
    const cut = (column: Float64Array) => column.subarray(0, held);
    const { features, ratio, scale, target, weights } = columns;
    return {
      n: held,
      features: features.map(cut),
      target: cut(target),
      weights: weighted ? cut(weights) : null,
      scale: scale === null ? null : cut(scale),
      ratio: ratio === null ? null : cut(ratio),
    };
  }
}

interface Columns {
  readonly features: readonly Float64Array[];
  readonly target: Float64Array;
  readonly weights: Float64Array;
  readonly scale: Float64Array | null;
  readonly ratio: Float64Array | null;
}

function columnsFor({ features, ratio, scale }: Rows, size: number): Columns {
  const column = () => new Float64Array(size);
  return {
    features: features.map(column),
    target: column(),
    weights: column(),
    scale: scale === null ? null : column(),
    ratio: ratio === null ? null : column(),
  };
}

function put(columns: Columns, place: number, rows: Rows, i: number): void {
  for (let k = 0; k < columns.features.length; k++) columns.features[k][place] = rows.features[k][i];
  columns.target[place] = rows.target[i];
  columns.weights[place] = rows.weights === null ? 1 : rows.weights[i];
  if (columns.scale !== null) columns.scale[place] = rows.scale === null ? 1 : rows.scale[i];
  if (columns.ratio !== null) columns.ratio[place] = rows.ratio === null ? 1 : rows.ratio[i];
}
