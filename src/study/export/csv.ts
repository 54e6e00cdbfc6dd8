/** CSV as RFC 4180 has it: commas, CRLF, quotes where they are needed; a number in its shortest exact form, null as nothing. */
import type { TraceRecord } from '../../loop/trace.js';
import type { Encoder } from './encoder.js';
import { FIRST_COLUMNS, LAST_COLUMN, type Row, Rows } from './rows.js';

export class CsvEncoder implements Encoder {
  private readonly rows = new Rows();
  private begun = false;

  take(record: TraceRecord): string[] {
    const rows = this.rows.take(record);
    return rows.length === 0 ? [] : [this.text(rows)];
  }

  finish(): string[] {
    const text = this.text(this.rows.finish());
    return text === '' ? [] : [text];
  }

  private text(rows: readonly Row[]): string {
    const names = this.begun ? '' : line([...FIRST_COLUMNS, ...this.rows.names, LAST_COLUMN]);
    this.begun = true;
    return names + rows.map(({ numbers, run, t, worst }) => line([run, t, ...numbers, worst])).join('');
  }
}

const line = (cells: readonly (string | number | null)[]): string => `${cells.map(cell).join(',')}\r\n`;

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // An empty text is not the same as none.
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
