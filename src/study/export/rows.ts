/** A trace as a table: one row a step and run, one column a number, named as expectations name it. */
import type { StepRecord, TraceRecord } from '../../loop/trace.js';
import { monitorNumber, OF_MONITOR, sliceWord } from '../../scenario/readers.js';
import { ExportError } from './encoder.js';

export interface Row {
  /** `run`, or the twin's name. */
  readonly run: string;
  readonly t: number;
  /** The slice that fares worst. */
  readonly worst: string | null;
  /** One for each of the table's numbers, in their order. */
  readonly numbers: readonly (number | null)[];
}

/** How a table begins and ends; the numbers stand between. */
export const FIRST_COLUMNS = ['run', 't'] as const;
export const LAST_COLUMN = 'worst';

/**
 * A table has its columns before its first row, while a model whose training failed in the lab has no coefficients until
 * it is trained in the field: rows are held back until this many records of steps are known.
 */
export const LOOK_AHEAD = 256;

/** Makes rows of records as they come; at most `LOOK_AHEAD` of them wait at a time. */
export class Rows {
  private readonly places = new Map<string, number>();
  private readonly words = new Map<string, string>();
  private waiting: Row[] | null = [];

  /** Names of the numbers; final once there is a row. */
  get names(): readonly string[] {
    return [...this.places.keys()];
  }

  /** The rows that are known now. */
  take(record: TraceRecord): readonly Row[] {
    if (record.type !== 'step') return [];
    const row = this.row(record);
    if (this.waiting === null) return [row];
    this.waiting.push(row);
    return this.waiting.length < LOOK_AHEAD ? [] : this.finish();
  }

  /** The rows that still wait: there are no more records. */
  finish(): readonly Row[] {
    const rows = this.waiting ?? [];
    this.waiting = null;
    return rows.map((row) => ({ ...row, numbers: this.filled(row.numbers) }));
  }

  private row(record: StepRecord): Row {
    const numbers: (number | null)[] = [];
    for (const [name, value] of numbersOf(record, (slice) => this.word(slice))) {
      const place = this.place(name, record.t);
      if (numbers[place] !== undefined)
        throw new ExportError(`step ${record.t} has two numbers of the name \`${name}\``);
      numbers[place] = value;
    }
    return { run: record.twin ?? 'run', t: record.t, worst: record.worst, numbers: this.filled(numbers) };
  }

  private place(name: string, t: number): number {
    const known = this.places.get(name);
    if (known !== undefined) return known;
    if (this.waiting === null)
      throw new ExportError(
        `step ${t} has a number that no step before it has, \`${name}\`; a table's columns are those of the first ${LOOK_AHEAD} rows`,
      );
    this.places.set(name, this.places.size);
    return this.places.size - 1;
  }

  private filled(numbers: readonly (number | null)[]): (number | null)[] {
    return Array.from({ length: this.places.size }, (_, place) => numbers[place] ?? null);
  }

  /** Two slices may come to the same word; the later one is told apart by its number. */
  private word(slice: string): string {
    const known = this.words.get(slice);
    if (known !== undefined) return known;
    const taken = new Set(this.words.values());
    const plain = sliceWord(slice);
    let word = plain;
    for (let k = 2; taken.has(word); k++) word = `${plain}_${k}`;
    this.words.set(slice, word);
    return word;
  }
}

const NOT_NUMBERS = new Set(['type', 'id', 'twin', 't', 'worst']);

/**
 * Every number of a step's record but `t`, as expectations name it: `actual.accuracy`, `score.coef.income`,
 * `slices.group_rural.accuracy`. A block that is not known here is read the same way, by the path that leads to a number.
 */
export function* numbersOf(record: StepRecord, word = sliceWord): Generator<[name: string, value: number | null]> {
  for (const [block, value] of Object.entries(record)) {
    if (NOT_NUMBERS.has(block)) continue;
    if (block === 'models') yield* ofModels(record.models);
    else if (block === 'slices') {
      for (const [slice, metrics] of Object.entries(record.slices)) yield* leaves(`slices.${word(slice)}`, metrics);
    } else if (block === 'monitors') yield* ofMonitors(record.monitors ?? {}, word);
    else yield* leaves(block, value);
  }
}

/** `p`, `lower` and `upper` of those that have them. */
function* ofMonitors(
  monitors: NonNullable<StepRecord['monitors']>,
  word: (name: string) => string,
): Generator<[string, number | null]> {
  for (const [name, own] of Object.entries(monitors))
    for (const key of OF_MONITOR)
      if (key === 'alarm' || key === 'warning' || key in own)
        yield [`monitor.${word(name)}.${key}`, monitorNumber(own, key)];
}

function* ofModels(models: StepRecord['models']): Generator<[string, number | null]> {
  for (const [model, description] of Object.entries(models)) {
    for (const [key, value] of Object.entries(description)) {
      // Null stands for all coefficients together: how many there are is not known then.
      if (key === 'coef' && value === null) continue;
      yield* leaves(key === 'metrics' ? model : `${model}.${key}`, value);
    }
  }
}

function* leaves(path: string, value: unknown): Generator<[string, number | null]> {
  if (value === null || typeof value === 'number') yield [path, value];
  else if (typeof value === 'boolean') yield [path, value ? 1 : 0];
  else if (typeof value === 'object')
    for (const [key, item] of Object.entries(value)) yield* leaves(`${path}.${key}`, item);
}
