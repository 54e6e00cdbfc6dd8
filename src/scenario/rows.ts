/**
 * Individuals from the rows of a CSV file: streamed, so that memory grows with the rows that are kept and not with the
 * file. Rescaling is over all rows that are kept before balancing, in a replay over those of the lab; balancing keeps the
 * first rows of each class.
 */
import { nearest } from '../core/nearest.js';
import { Clock } from './clock.js';
import { csvTrouble, openCsv } from './csv.js';
import { ScenarioError } from './diagnostic.js';
import type { Scenario } from './schema.js';
import type { TableData } from './table.js';

export type RowsSpec = NonNullable<Scenario['population']['rows']>;

const TO_THE_END: Reach = { lab: 0, steps: null };

/** Texts that mean missing, where nobody says otherwise. */
export const MISSING = ['', 'NA', 'NaN', 'nan', 'null', 'NULL', '?'];

/** How far a replay goes: rows of its lab, and steps; null: to the end of the file. */
export interface Reach {
  readonly lab: number;
  readonly steps: number | null;
}

/** Reads the file, a replay no further than it reaches. Throws a `ScenarioError` that names the line and column of the file. */
export async function readRows(spec: RowsSpec, file: string, reach: Reach = TO_THE_END): Promise<TableData> {
  const reader = new RowReader(spec, file, reach);
  try {
    const parser = await openCsv(file, spec.delimiter);
    for await (const { record, info } of parser) {
      if (!reader.take(record, info.lines)) break;
    }
    parser.destroy();
  } catch (error) {
    const trouble = csvTrouble(error);
    if (trouble === null) throw error;
    const expected = trouble.absent ? (spec.how ?? 'a CSV file; give its path with `--data`') : trouble.expected;
    reader.fail(trouble.line, 1, trouble.message, expected);
  }
  return reader.table();
}

/** Mean, variance and range of a stream of numbers (Welford 1962). */
class Summary {
  n = 0;
  mean = 0;
  private squares = 0;
  low = Number.POSITIVE_INFINITY;
  high = Number.NEGATIVE_INFINITY;

  add(x: number): void {
    this.n++;
    const d = x - this.mean;
    this.mean += d / this.n;
    this.squares += d * (x - this.mean);
    if (x < this.low) this.low = x;
    if (x > this.high) this.high = x;
  }

  get sd(): number {
    return Math.sqrt(this.squares / this.n);
  }
}

class RowReader {
  private readonly names: readonly string[];
  private readonly missing: ReadonlySet<string>;
  /** Place of each field's column in the file; set by the header. */
  private places: number[] | null = null;
  private width = 0;
  private readonly values: Float64Array[];
  private readonly summaries: Summary[];
  private readonly levels = new Map<string, Map<string, number>>();
  private readonly kept = new Map<string, number>();
  /** Values that are to be balanced, and that a row has. */
  private readonly met = new Set<string>();
  private count = 0;
  private read = 0;
  /** At most so many rows are kept. */
  private most = Number.POSITIVE_INFINITY;
  private clock: Clock | null = null;
  /** Rows at which a new value of time begins, and how many of them the lab has. */
  private readonly times: number[] = [];
  private timesOfLab = 0;

  constructor(
    private readonly spec: RowsSpec,
    private readonly file: string,
    private readonly reach: Reach,
  ) {
    this.names = Object.keys(spec.columns);
    this.missing = new Set(spec.missingValues ?? MISSING);
    this.values = this.names.map(() => new Float64Array(1024));
    this.summaries = this.names.map(() => new Summary());
    for (const name of spec.categorical) this.levels.set(name, new Map());
    const { replay } = spec;
    if (replay?.time !== undefined) this.clock = new Clock(replay.time, (...told) => this.fail(...told));
    if (replay !== undefined && 'per' in replay && reach.steps !== null)
      this.most = reach.lab + reach.steps * replay.per;
  }

  fail(
    line: number,
    column: number,
    message: string,
    expected: string | null = null,
    near: string | null = null,
  ): never {
    throw new ScenarioError([{ file: this.file, line, column, message, expected, nearest: near }]);
  }

  /** One line of the file; false when no more are wanted. */
  take(record: readonly string[], line: number): boolean {
    if (this.places === null) {
      this.width = record.length;
      this.places = this.names.map((name) => this.placeOf(this.spec.columns[name], record));
      if (this.clock !== null) this.clock.place = this.placeOf(this.clock.title, record);
      if (this.spec.header) return true;
    }
    if (record.length !== this.width)
      this.fail(line, 1, `this line has ${record.length} values, the first has ${this.width}`, 'as many on every line');
    if (this.count >= this.most) return false;
    if (this.spec.limit !== undefined && this.read >= this.spec.limit) return false;
    this.read++;
    const time = this.clock?.read(record, line) ?? null;
    const row = this.names.map((name, k) => this.value(name, record[this.places?.[k] ?? 0], line, k));
    if (this.spec.missing === 'drop' && row.some(Number.isNaN)) return true;
    for (let k = 0; k < row.length; k++) if (!Number.isNaN(row[k])) this.summaries[k].add(row[k]);
    if (!this.wanted(record)) return true;
    if (time !== null && !this.tell(time)) return false;
    this.store(row);
    return true;
  }

  /** Notes where a value of time begins; false where the replay does not reach so far. */
  private tell(time: number): boolean {
    const { lab, steps } = this.reach;
    const { replay } = this.spec;
    if (time === this.lastTime) return true;
    const every = replay !== undefined && 'every' in replay ? replay.every : Number.POSITIVE_INFINITY;
    if (this.count < lab) this.timesOfLab++;
    else if (steps !== null && this.times.length - this.timesOfLab >= steps * every) return false;
    this.lastTime = time;
    this.times.push(this.count);
    return true;
  }
  private lastTime = Number.NaN;

  /** Place of a column, by its name in the header, or its number. */
  private placeOf(title: string, first: readonly string[]): number {
    if (!this.spec.header) {
      const number = Number(title);
      if (!Number.isInteger(number) || number < 1 || number > first.length)
        this.fail(1, 1, `"${title}" is not the number of a column`, `1 to ${first.length}`);
      return number - 1;
    }
    const place = first.indexOf(title);
    if (place < 0)
      this.fail(
        1,
        1,
        `there is no column "${title}"`,
        `one of ${first.slice(0, 20).join(', ')}`,
        nearest(title, first),
      );
    return place;
  }

  private value(name: string, text: string, line: number, k: number): number {
    if (this.missing.has(text)) return Number.NaN;
    const levels = this.levels.get(name);
    if (levels !== undefined) {
      const code = levels.get(text) ?? levels.size;
      levels.set(text, code);
      if (code >= 1000) this.fail(line, 1, `the category "${this.spec.columns[name]}" has more than 1000 values`);
      return code;
    }
    // An empty text is no number, though `Number` makes it 0.
    const number = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(number)) {
      const shown = text.length > 40 ? `${text.slice(0, 40)}...` : text;
      this.fail(
        line,
        (this.places?.[k] ?? 0) + 1,
        `"${shown}" stands in the number column "${this.spec.columns[name]}"`,
        'a number, or list the field under `categorical`',
      );
    }
    return number;
  }

  private wanted(record: readonly string[]): boolean {
    const { balance } = this.spec;
    if (balance === undefined) return true;
    const text = record[this.places?.[this.names.indexOf(balance.field)] ?? 0];
    const key = Object.keys(balance.keep).find((k) => k === text || (text !== '' && Number(k) === Number(text)));
    const most = key === undefined ? 'all' : balance.keep[key];
    if (key !== undefined) this.met.add(key);
    const kept = this.kept.get(key ?? text) ?? 0;
    if (most !== 'all' && kept >= most) return false;
    this.kept.set(key ?? text, kept + 1);
    return true;
  }

  private store(row: readonly number[]): void {
    if (this.count === this.values[0]?.length) {
      for (let k = 0; k < row.length; k++) {
        const larger = new Float64Array(2 * this.count);
        larger.set(this.values[k]);
        this.values[k] = larger;
      }
    }
    for (let k = 0; k < row.length; k++) this.values[k][this.count] = row[k];
    this.count++;
  }

  table(): TableData {
    if (this.count === 0) {
      const message = this.read === 0 ? 'there are no rows in the file' : 'no row is left';
      this.fail(
        1,
        1,
        message,
        this.read === 0 ? 'a line of names, and rows' : 'at least one row without missing values',
      );
    }
    this.checkBalance();
    const columns = new Map<string, Float64Array>();
    const levels = new Map<string, readonly string[]>();
    this.names.forEach((name, k) => {
      let column = this.values[k].subarray(0, this.count).slice();
      const codes = this.levels.get(name);
      if (codes !== undefined) {
        const sorted = [...codes.keys()].sort();
        const order = [...codes.keys()].map((text) => sorted.indexOf(text));
        column = column.map((code) => (Number.isNaN(code) ? Number.NaN : order[code]));
        levels.set(name, sorted);
      } else {
        const summary = this.spec.replay === undefined ? this.summaries[k] : this.ofLab(column);
        if (this.spec.missing === 'mean') column = column.map((x) => (Number.isNaN(x) ? summary.mean : x));
        this.rescale(name, column, summary);
      }
      columns.set(name, column);
    });
    return { rows: this.count, columns, levels, times: this.clock === null ? null : Int32Array.from(this.times) };
  }

  /** What is known when the replay begins: what comes later may not rescale what came before. */
  private ofLab(column: Float64Array): Summary {
    const summary = new Summary();
    const rows = Math.min(this.count, Math.max(1, this.reach.lab));
    for (let i = 0; i < rows; i++) if (!Number.isNaN(column[i])) summary.add(column[i]);
    return summary;
  }

  /** A value that no row has would balance nothing; the first rows alone need not have them all. */
  private checkBalance(): void {
    const { balance, columns, limit } = this.spec;
    if (balance === undefined || limit !== undefined) return;
    const absent = Object.keys(balance.keep).find((key) => !this.met.has(key));
    if (absent !== undefined)
      this.fail(1, 1, `no row has "${absent}" in the column "${columns[balance.field]}"`, 'a value that there is');
  }

  private rescale(name: string, column: Float64Array, { high, low, mean, sd }: Summary): void {
    const { scale, unscaled } = this.spec;
    const kind = typeof scale === 'string' ? scale : scale.fields.includes(name) ? scale.kind : 'none';
    if (kind === 'none' || unscaled.includes(name)) return;
    const centre = kind === 'standard' ? mean : low;
    // A constant column becomes 0.
    const width = (kind === 'standard' ? sd : high - low) || 1;
    for (let i = 0; i < column.length; i++) column[i] = (column[i] - centre) / width;
  }
}
