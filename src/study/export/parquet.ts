/** Apache Parquet: typed columns, in row groups of a bounded size, with the run's name, version, seed and hash as metadata. */
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { EndRecord, HeaderRecord, TraceRecord } from '../../loop/trace.js';
import type { Encoder } from './encoder.js';
import { metadataOf } from './metadata.js';
import { FIRST_COLUMNS, LAST_COLUMN, type Row, Rows } from './rows.js';

/** Values of a row group: what is held in memory, and written in one go. */
const GROUP_VALUES = 2 ** 19;
/** A group of few columns need not be longer than this. */
const GROUP_ROWS = 2 ** 16;

export class ParquetEncoder implements Encoder {
  private readonly rows = new Rows();
  private readonly bytes = new ByteWriter();
  private file: ParquetWriter | null = null;
  private columns: (string | number | null)[][] = [];
  private header: HeaderRecord | null = null;
  private end: EndRecord | null = null;

  take(record: TraceRecord): Uint8Array[] {
    if (record.twin === undefined) {
      if (record.type === 'header') this.header = record;
      if (record.type === 'end') this.end = record;
    }
    return this.add(this.rows.take(record));
  }

  finish(): Uint8Array[] {
    const chunks = this.add(this.rows.finish());
    const file = this.open();
    this.writeGroup(file);
    // The hash of a run is known at its end, and the footer is written last.
    file.kvMetadata = metadataOf(this.header, this.end);
    file.finish();
    return [...chunks, ...this.written()];
  }

  private add(rows: readonly Row[]): Uint8Array[] {
    if (rows.length === 0) return [];
    const file = this.open();
    const most = Math.min(GROUP_ROWS, Math.ceil(GROUP_VALUES / this.columns.length));
    for (const { numbers, run, t, worst } of rows) {
      const cells = [run, t, ...numbers, worst];
      for (let c = 0; c < cells.length; c++) this.columns[c].push(cells[c]);
      if (this.columns[0].length >= most) this.writeGroup(file);
    }
    return this.written();
  }

  private open(): ParquetWriter {
    if (this.file === null) {
      const schema = schemaOf(this.rows.names);
      this.columns = schema.slice(1).map(() => []);
      this.file = new ParquetWriter({ writer: this.bytes, schema, createdBy: createdBy(this.header) });
    }
    return this.file;
  }

  private writeGroup(file: ParquetWriter): void {
    const rowGroupSize = this.columns[0].length;
    if (rowGroupSize === 0) return;
    const names = file.schema.slice(1).map(({ name }) => name);
    // The bytes are taken from memory, so that nothing is waited for here.
    file.write({ columnData: names.map((name, c) => ({ name, data: this.columns[c] })), rowGroupSize });
    for (const column of this.columns) column.length = 0;
  }

  private written(): Uint8Array[] {
    if (this.bytes.index === 0) return [];
    const chunk = this.bytes.getBytes().slice();
    this.bytes.index = 0;
    return [chunk];
  }
}

function schemaOf(numbers: readonly string[]): SchemaElement[] {
  const columns: SchemaElement[] = [
    { name: FIRST_COLUMNS[0], type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
    { name: FIRST_COLUMNS[1], type: 'INT32', repetition_type: 'REQUIRED' },
    ...numbers.map((name): SchemaElement => ({ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' })),
    { name: LAST_COLUMN, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  ];
  return [{ name: 'root', num_children: columns.length }, ...columns];
}

const createdBy = (header: HeaderRecord | null): string =>
  header === null ? 'driftloop' : `driftloop version ${header.version}`;
