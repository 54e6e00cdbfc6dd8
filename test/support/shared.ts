/** Real data and reference traces that lie beside the project: tests that need them are skipped where they are not there. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/', import.meta.url));

export const shared = (path: string): string => `${folder}${path}`;

/** For `describe.skipIf`: says on the console what is missing and that tests are skipped for it. */
export function missing(path: string): boolean {
  const absent = !existsSync(shared(path));
  if (absent) console.warn(`skipped: ${path} is not beside the project (${folder})`);
  return absent;
}

/** The columns of a CSV file of numbers. */
export function columnsOf(file: string): Record<string, Float64Array> {
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const rows = lines.map((line) => line.split(',').map(Number));
  return Object.fromEntries(head.split(',').map((name, k) => [name, Float64Array.from(rows, (row) => row[k])]));
}

/** The result of one case of a reference vector. */
export function vector(folder: string, id: string): unknown {
  const { cases } = JSON.parse(readFileSync(shared(`vectors/${folder}/expected.json`), 'utf8')) as {
    cases: { id: string; result: unknown }[];
  };
  return cases.find((one) => one.id === id)?.result;
}
