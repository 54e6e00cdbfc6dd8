/** The reference vectors of monitors and retraining: what a case gives, and what is expected of it. */
import { readFileSync } from 'node:fs';
import { shared } from './shared.js';

export interface VectorCase {
  readonly id: string;
  readonly role: string;
  readonly stream?: string;
  readonly pair?: string;
  readonly detector?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly alarms?: readonly number[];
  readonly warnings?: readonly number[];
  readonly trace?: Readonly<Record<string, { readonly t: readonly number[]; readonly v: readonly number[] }>>;
  readonly result?: unknown;
  readonly draws?: readonly (readonly [number, string, number])[];
}

export const vectorCases = (folder: string): readonly VectorCase[] =>
  (JSON.parse(readFileSync(shared(`vectors/${folder}/expected.json`), 'utf8')) as { cases: VectorCase[] }).cases;

/** The columns of its input; a blank cell ends a column. */
export function vectorColumns(folder: string): Record<string, Float64Array> {
  const [head, ...lines] = readFileSync(shared(`vectors/${folder}/input.csv`), 'utf8')
    .trimEnd()
    .split(/\r?\n/);
  const cells = lines.map((line) => line.split(','));
  return Object.fromEntries(
    head.split(',').map((name, k) => {
      const blank = cells.findIndex((row) => (row[k] ?? '') === '');
      return [name, Float64Array.from(blank < 0 ? cells : cells.slice(0, blank), (row) => Number(row[k]))];
    }),
  );
}

/** Its options under our names: `drift_confidence` is `driftConfidence`. */
export const camel = (params: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key.replace(/_$/, '').replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
