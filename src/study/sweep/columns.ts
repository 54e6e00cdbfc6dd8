/** The table of a study: its columns with their types, and the rows of each run. */
import type { Axis, Value } from './axis.js';
import type { FinishedRun } from './finished-run.js';
import { runAt, type Study } from './study.js';

export type ColumnType = 'int' | 'long' | 'double' | 'boolean' | 'text';
export type Cell = number | boolean | string | null;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** `json`: blocks, lists and values of several kinds, as JSON. */
  readonly role: 'point' | 'parameter' | 'seed' | 't' | 'diverged' | 'measure';
  readonly json?: true;
}

/** In the order of the table: the point, its parameters, the seed, the step of a trace, then what came of it. */
export const columnsOf = ({ axes, keep, measures, seed, seeds }: Study): Column[] => [
  { name: 'point', type: 'int', role: 'point' },
  ...axes.map((axis): Column => ({ name: axis.path, role: 'parameter', ...typeOf(axis) })),
  { name: 'seed', type: isInt(seed + seeds) ? 'int' : 'long', role: 'seed' },
  ...(keep === 'trace' ? [{ name: 't', type: 'int', role: 't' } as const] : []),
  { name: 'diverged', type: 'boolean', role: 'diverged' },
  ...measures.map(({ name }): Column => ({ name, type: 'double', role: 'measure' })),
];

const isInt = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31;

function typeOf(axis: Axis): Pick<Column, 'type' | 'json'> {
  if (axis.kind === 'range') return { type: axis.whole && isInt(axis.from) && isInt(axis.to) ? 'int' : 'double' };
  const values = axis.levels.filter((value) => value !== null);
  if (values.every(isInt)) return { type: 'int' };
  if (values.every((value) => typeof value === 'number')) return { type: 'double' };
  if (values.every((value) => typeof value === 'boolean')) return { type: 'boolean' };
  if (values.every((value) => typeof value === 'string')) return { type: 'text' };
  return { type: 'text', json: true };
}

/** The rows of a run, a cell for each column. */
export function* rowsOf(study: Study, columns: readonly Column[], run: FinishedRun): Generator<Cell[]> {
  const { point, seed } = runAt(study, run.n);
  const values = study.pointAt(point);
  const parameters = columns.filter(({ role }) => role === 'parameter').map(({ json }, j) => cellOf(values[j], json));
  for (const [t, row] of run.rows.entries()) {
    const step = study.keep === 'trace' ? [t] : [];
    yield [point, ...parameters, seed, ...step, run.diverged, ...row];
  }
}

function cellOf(value: Value, json: true | undefined): Cell {
  if (value === null || value === undefined) return null;
  return json === true ? JSON.stringify(value) : (value as Cell);
}
