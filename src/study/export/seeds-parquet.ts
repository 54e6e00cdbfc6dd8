/** Runs of many seeds as one Parquet file: a row a seed, run and step, a row group a seed; columns as in the table of one run. */
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { SeedTable } from '../jobs/seed.js';
import { FIRST_COLUMNS, LAST_COLUMN } from './rows.js';

/** A number that only some of the runs have is empty in the others. */
export function seedsParquet(
  tables: readonly { readonly seed: number; readonly table: SeedTable }[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const names = [...new Set(tables.flatMap(({ table }) => table.names))];
  const columns: SchemaElement[] = [
    { name: 'seed', type: 'INT64', repetition_type: 'REQUIRED' },
    { name: FIRST_COLUMNS[0], type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
    { name: FIRST_COLUMNS[1], type: 'INT32', repetition_type: 'REQUIRED' },
    ...names.map((name): SchemaElement => ({ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' })),
    { name: LAST_COLUMN, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  ];
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: columns.length }, ...columns],
    createdBy: 'driftloop',
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key: `driftloop.${key}`, value })),
  });
  for (const { seed, table } of tables) {
    const rows = table.t.length;
    if (rows === 0) continue;
    const place = new Map(table.names.map((name, k) => [name, k]));
    const numbers = names.map((name) => {
      const k = place.get(name);
      const data =
        k === undefined
          ? new Array<null>(rows).fill(null)
          : Array.from(table.columns[k], (value) => (Number.isNaN(value) ? null : value));
      return { name, data };
    });
    file.write({
      columnData: [
        { name: 'seed', data: new Array<bigint>(rows).fill(BigInt(seed)) },
        { name: FIRST_COLUMNS[0], data: [...table.run] },
        { name: FIRST_COLUMNS[1], data: [...table.t] },
        ...numbers,
        { name: LAST_COLUMN, data: [...table.worst] },
      ],
      rowGroupSize: rows,
    });
  }
  file.finish();
  return writer.getBytes();
}
