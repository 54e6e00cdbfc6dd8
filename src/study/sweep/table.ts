/** What came of a study, as columns in memory. */
import { type Cell, type Column, columnsOf, rowsOf } from './columns.js';
import type { RunStore } from './run-store.js';
import type { Study } from './study.js';

/** Numbers as `Float64Array` (NaN: there is none), everything else as it is. */
export type ColumnData = Float64Array | readonly Cell[];

/** `P`: paths of the parameters. `M`: names of the measures. */
export interface SweepTable<P extends string = string, M extends string = string> {
  readonly rows: number;
  readonly types: readonly Column[];
  readonly columns: {
    readonly point: Float64Array;
    readonly seed: Float64Array;
    readonly diverged: readonly Cell[];
  } & {
    readonly [K in M]: Float64Array;
  } & { readonly [K in P]: ColumnData } & { readonly t?: Float64Array };
}

/** All rows, in the order of the design. */
export function tableOf<P extends string, M extends string>(study: Study, store: RunStore): SweepTable<P, M> {
  const types = columnsOf(study);
  const cells: Cell[][] = types.map(() => []);
  for (let n = 0; n < study.runs; n++)
    for (const row of rowsOf(study, types, store.read(n))) for (let c = 0; c < row.length; c++) cells[c].push(row[c]);
  const columns = Object.fromEntries(
    types.map(({ name, type }, c) => {
      const isNumber = type === 'int' || type === 'long' || type === 'double';
      return [name, isNumber ? Float64Array.from(cells[c], (v) => (v === null ? Number.NaN : Number(v))) : cells[c]];
    }),
  );
  return { rows: cells[0].length, types, columns: columns as SweepTable<P, M>['columns'] };
}
