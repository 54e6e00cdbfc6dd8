/** A study's table as Apache Parquet: typed columns, row groups of a bounded size, written under another name and then renamed. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Cell, Column, ColumnType } from './columns.js';

/** Values of a row group: what is held in memory. */
const GROUP_VALUES = 2 ** 19;

const TYPES: Readonly<Record<ColumnType, Pick<SchemaElement, 'type' | 'converted_type'>>> = {
  int: { type: 'INT32' },
  long: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};

/** The file is there when it is whole. */
export function writeParquet(
  file: string,
  columns: readonly Column[],
  rows: Iterable<readonly Cell[]>,
  metadata: Readonly<Record<string, string>>,
): void {
  const part = `${file}.${process.pid}.part`;
  const fd = openSync(part, 'w');
  try {
    for (const chunk of chunksOf(columns, rows, metadata))
      for (let written = 0; written < chunk.length; ) written += writeSync(fd, chunk, written);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(part, file);
}

function* chunksOf(
  columns: readonly Column[],
  rows: Iterable<readonly Cell[]>,
  metadata: Readonly<Record<string, string>>,
): Generator<Uint8Array> {
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(
      ({ name, role, type }): SchemaElement => ({
        name,
        ...TYPES[type],
        repetition_type: role === 'measure' || role === 'parameter' ? 'OPTIONAL' : 'REQUIRED',
      }),
    ),
  ];
  const bytes = new ByteWriter();
  const kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }));
  const file = new ParquetWriter({
    writer: bytes,
    schema,
    kvMetadata,
    createdBy: `driftloop version ${metadata['driftloop.version']}`,
  });
  const written = (): Uint8Array => {
    const chunk = bytes.getBytes().slice();
    bytes.index = 0;
    return chunk;
  };
  const most = Math.max(1, Math.floor(GROUP_VALUES / columns.length));
  const held: (Cell | bigint)[][] = columns.map(() => []);
  const group = () => {
    const rowGroupSize = held[0].length;
    if (rowGroupSize === 0) return;
    file.write({ columnData: columns.map(({ name }, c) => ({ name, data: held[c] })), rowGroupSize });
    for (const column of held) column.length = 0;
  };
  for (const row of rows) {
    for (let c = 0; c < row.length; c++) {
      const value = row[c];
      held[c].push(columns[c].type === 'long' && typeof value === 'number' ? BigInt(value) : value);
    }
    if (held[0].length < most) continue;
    group();
    yield written();
  }
  group();
  file.finish();
  yield written();
}
