/** What an axis spans: it follows the population in jumps and never shrinks, so that the picture does not swim. */

/** Beyond these shares lie outliers, which may lie outside the picture. */
const TAIL = 0.005;
const ROOM = 0.06;
const JUMP = 0.15;

export type Span = readonly [number, number];

/** Widens `span` (null: there is none yet) to what the columns need; the same array where it needs nothing. */
export function widened(span: Span | null, columns: readonly Float32Array[]): Span | null {
  if (span !== null && fits(span, columns)) return span;
  const found = quantiles(columns);
  if (found === null) return span;
  const [low, high] = found;
  if (span === null) {
    const room = high > low ? ROOM * (high - low) : Math.max(0.5, 0.05 * Math.abs(high));
    return [low - room, high + room];
  }
  const room = JUMP * (Math.max(high, span[1]) - Math.min(low, span[0]));
  return [low < span[0] ? low - room : span[0], high > span[1] ? high + room : span[1]];
}

/** Counting is much cheaper than sorting, and most steps need no more. */
function fits([low, high]: Span, columns: readonly Float32Array[]): boolean {
  let n = 0;
  let below = 0;
  let above = 0;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i];
      if (value - value !== 0) continue;
      n++;
      if (value < low) below++;
      else if (value > high) above++;
    }
  }
  return below <= TAIL * n && above <= TAIL * n;
}

function quantiles(columns: readonly Float32Array[]): [number, number] | null {
  const values = new Float32Array(columns.reduce((sum, { length }) => sum + length, 0));
  let n = 0;
  for (const column of columns) for (const value of column) if (value - value === 0) values[n++] = value;
  if (n === 0) return null;
  const sorted = values.subarray(0, n).sort();
  const skipped = Math.floor(TAIL * n);
  return [sorted[skipped], sorted[n - 1 - skipped]];
}
