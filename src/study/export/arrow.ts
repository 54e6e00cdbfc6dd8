/**
 * Apache Arrow, the file format (Feather 2): typed columns in record batches of a bounded size, with the run's name, version,
 * seed and hash as metadata of the schema. The schema comes first in the file and the hash last in the run: the table is held
 * back, eight bytes a number, until there are no more records.
 */
import {
  Column,
  columnFromArray,
  type DataType,
  Endianness,
  field,
  float64,
  int32,
  Table,
  tableToIPC,
  utf8,
  Version,
} from '@uwdata/flechette';
import type { EndRecord, HeaderRecord, TraceRecord } from '../../loop/trace.js';
import type { Encoder } from './encoder.js';
import { metadataOf } from './metadata.js';
import { FIRST_COLUMNS, LAST_COLUMN, type Row, Rows } from './rows.js';

const BATCH_ROWS = 2 ** 14;

type Cell = string | number | null;

export class ArrowEncoder implements Encoder {
  private readonly rows = new Rows();
  private waiting: Row[] = [];
  private readonly batches: Column<Cell>[][] = [];
  private header: HeaderRecord | null = null;
  private end: EndRecord | null = null;

  take(record: TraceRecord): Uint8Array[] {
    if (record.twin === undefined) {
      if (record.type === 'header') this.header = record;
      if (record.type === 'end') this.end = record;
    }
    this.add(this.rows.take(record));
    return [];
  }

  finish(): Uint8Array[] {
    this.add(this.rows.finish());
    // A table without rows has its columns all the same.
    if (this.waiting.length > 0 || this.batches.length === 0) this.pack();
    const { fields, types } = this.schema();
    const columns = types.map(
      (type, c) =>
        new Column(
          this.batches.flatMap((batch) => batch[c].data),
          type,
        ),
    );
    const metadata = new Map(metadataOf(this.header, this.end).map(({ key, value }) => [key, value]));
    const table = new Table({ version: Version.V5, endianness: Endianness.Little, fields, metadata }, columns);
    const bytes = tableToIPC(table, { format: 'file' });
    return bytes === null ? [] : [bytes];
  }

  private add(rows: readonly Row[]): void {
    for (const row of rows) {
      this.waiting.push(row);
      if (this.waiting.length === BATCH_ROWS) this.pack();
    }
  }

  /** The rows that wait, as one batch. */
  private pack(): void {
    const { types } = this.schema();
    const cells = this.waiting.map(({ numbers, run, t, worst }): Cell[] => [run, t, ...numbers, worst]);
    this.batches.push(
      types.map((type, c) =>
        columnFromArray<Cell>(
          cells.map((row) => row[c]),
          type,
        ),
      ),
    );
    this.waiting = [];
  }

  private schema() {
    const names = [...FIRST_COLUMNS, ...this.rows.names, LAST_COLUMN];
    const types: DataType[] = [utf8(), int32(), ...this.rows.names.map(() => float64()), utf8()];
    return { types, fields: names.map((name, c) => field(name, types[c], c >= FIRST_COLUMNS.length)) };
  }
}
