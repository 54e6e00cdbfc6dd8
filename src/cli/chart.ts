/** Small charts of series in the terminal: told apart by their marks, so that colour is not needed. */
import { figure } from '../study/words.js';

export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly mark: string;
  readonly colour: (text: string) => string;
  /** What most runs lie between: drawn below every line. */
  readonly band?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] };
}

/** What fills a band. */
export const BAND = '░';

/** Lines over the steps, later lines drawn over earlier ones; each column is the mean of its steps. */
export function chart(lines: readonly Line[], width: number, height: number): string[] {
  const steps = lines.reduce((n, { values }) => Math.max(n, values.length), 0);
  const numbers = lines
    .flatMap(({ band, values }) => [...values, ...(band?.low ?? []), ...(band?.high ?? [])])
    .filter((v): v is number => v !== null);
  if (numbers.length === 0 || steps === 0) return ['  (nothing to draw)'];
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const high = numbers.reduce((a, b) => Math.max(a, b));
  const labels = [figure(high), figure((high + low) / 2), figure(low)];
  const margin = labels.reduce((n, label) => Math.max(n, label.length), 0);
  const columns = Math.min(width - margin - 3, steps);
  const cells = Array.from({ length: height }, () => new Array<string>(columns).fill(' '));
  const rowAt = (values: readonly (number | null)[], c: number): number | null => {
    const value = meanOf(values.slice(Math.floor((c * steps) / columns), Math.floor(((c + 1) * steps) / columns)));
    if (value === null) return null;
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return Math.round((1 - share) * (height - 1));
  };
  for (const { band, colour } of lines) {
    if (band === undefined) continue;
    for (let c = 0; c < columns; c++) {
      const [top, bottom] = [rowAt(band.high, c), rowAt(band.low, c)];
      if (top === null || bottom === null) continue;
      for (let row = top; row <= bottom; row++) cells[row][c] = colour(BAND);
    }
  }
  for (const { colour, mark, values } of lines) {
    for (let c = 0; c < columns; c++) {
      const row = rowAt(values, c);
      if (row !== null) cells[row][c] = colour(mark);
    }
  }
  const middle = Math.round((height - 1) / 2);
  const marked = new Map([
    [0, labels[0]],
    [height - 1, labels[2]],
    [middle, labels[1]],
  ]);
  return framed(cells, marked, steps, null, margin);
}

/** Rows of cells with labels beside some of them and the steps below; where there is a zero line, it lies above the row `zero`. */
export function framed(
  cells: readonly (readonly string[])[],
  labels: ReadonlyMap<number, string>,
  steps: number,
  zero: number | null = null,
  margin = [...labels.values()].reduce((n, label) => Math.max(n, label.length), 1),
): string[] {
  const columns = cells[0].length;
  const first = 'step 0';
  const last = String(steps - 1);
  const rows = cells.map((row, r) => `${(labels.get(r) ?? '').padStart(margin)} │${row.join('')}`.trimEnd());
  if (zero !== null) rows.splice(zero, 0, `${'0'.padStart(margin)} ├${'─'.repeat(columns)}`);
  return [
    ...rows,
    `${' '.repeat(margin)} └${'─'.repeat(columns)}`,
    `${' '.repeat(margin)}  ${first}${last.padStart(Math.max(last.length + 1, columns - first.length))}`,
  ];
}

export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((v): v is number => v !== null);
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : null;
}
