/** What a CSV file holds: the kind of each column, by its first rows. */

import { momentOf } from './clock.js';
import { csvTrouble, openCsv } from './csv.js';
import { ScenarioError } from './diagnostic.js';
import { MISSING } from './rows.js';

/** `category`: texts of which there are few; `text`: texts of which there are many. */
export type ColumnKind = 'number' | 'category' | 'text' | 'date' | 'constant' | 'empty';

export interface ColumnFacts {
  /** As the first line has it. */
  readonly title: string;
  readonly kind: ColumnKind;
  /** Rows in which it is missing. */
  readonly gaps: readonly number[];
  /** How often each value came; null where there are too many to count. */
  readonly counts: ReadonlyMap<string, number> | null;
  /** Of numbers; else NaN. */
  readonly sd: number;
}

export interface FileFacts {
  readonly columns: readonly ColumnFacts[];
  readonly rows: number;
  /** Whether these are all rows of the file. */
  readonly complete: boolean;
  /** How many times the value of each column differs from that of the line before. */
  readonly changes: readonly number[];
}

/** So many rows are looked at. */
export const LOOKED_AT = 50_000;
/** A column of more texts is no category. */
export const MOST_VALUES = 20;

const NOTHING = new Set(MISSING);

class Column {
  private readonly gaps: number[] = [];
  changes = 0;
  counts: Map<string, number> | null = new Map();
  private numbers = 0;
  private dates = 0;
  private texts = 0;
  private mean = 0;
  private squares = 0;
  private last: string | null = null;

  constructor(readonly title: string) {}

  add(text: string, row: number): void {
    if (text !== this.last) this.changes++;
    this.last = text;
    if (NOTHING.has(text)) {
      this.gaps.push(row);
      return;
    }
    const { kind, value } = momentOf(text);
    if (Number.isNaN(value)) this.texts++;
    else if (kind === 'date') this.dates++;
    else {
      this.numbers++;
      const d = value - this.mean;
      this.mean += d / this.numbers;
      this.squares += d * (value - this.mean);
    }
    this.counts?.set(text, (this.counts.get(text) ?? 0) + 1);
    if (this.counts !== null && this.counts.size > MOST_VALUES) this.counts = null;
  }

  facts(): ColumnFacts {
    const { counts, gaps, numbers, squares, title } = this;
    return { title, kind: this.kind(), gaps, counts, sd: numbers > 0 ? Math.sqrt(squares / numbers) : Number.NaN };
  }

  private kind(): ColumnKind {
    const { counts, dates, numbers, texts } = this;
    if (numbers + dates + texts === 0) return 'empty';
    if (counts?.size === 1) return 'constant';
    if (texts + dates === 0) return 'number';
    if (texts + numbers === 0) return 'date';
    return counts === null ? 'text' : 'category';
  }
}

/** Looks at the first rows of a file with a line of names. Throws a `ScenarioError`. */
export async function inspectCsv(file: string, most = LOOKED_AT): Promise<FileFacts> {
  const fail = (line: number, message: string, expected: string | null): never => {
    throw new ScenarioError([{ file, line, column: 1, message, expected, nearest: null }]);
  };
  let columns: Column[] | null = null;
  let rows = 0;
  let complete = true;
  try {
    const records = await openCsv(file);
    for await (const { info, record } of records) {
      if (columns === null) {
        if (record.every((text) => text !== '' && Number.isFinite(Number(text))))
          fail(1, 'the first line holds numbers', 'a line with the names of the columns');
        columns = record.map((title) => new Column(title));
        continue;
      }
      if (rows === most) {
        complete = false;
        break;
      }
      if (record.length !== columns.length)
        fail(
          info.lines,
          `this line has ${record.length} values, the first has ${columns.length}`,
          'as many on every line',
        );
      for (let k = 0; k < record.length; k++) columns[k].add(record[k], rows);
      rows++;
    }
    records.destroy();
  } catch (error) {
    const trouble = csvTrouble(error);
    if (trouble === null) throw error;
    fail(trouble.line, trouble.message, trouble.absent ? 'the path of a CSV file' : trouble.expected);
  }
  if (columns === null || rows === 0) return fail(1, 'there are no rows in the file', 'a line of names, and rows');
  return {
    columns: columns.map((column) => column.facts()),
    changes: columns.map(({ changes }) => changes),
    rows,
    complete,
  };
}
