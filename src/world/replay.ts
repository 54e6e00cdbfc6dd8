/**
 * Replay: the rows of a file come in its order. The lab is its first part, each step brings the next batch, and nobody is
 * drawn. A batch that is shorter than the largest leaves places empty: they repeat its last row, with weight 0.
 */
import type { Frame } from '../core/frame.js';

export interface Replay {
  /** Rows of the lab, from the first of the file. */
  readonly lab: number;
  /** Where each step's rows begin, and where those of the last end: steps + 1 places. */
  readonly starts: Int32Array;
}

/** How rows make batches: so many each, or so many values of time each, of which is known where they begin. */
export type Batches =
  | { readonly kind: 'rows'; readonly per: number }
  | { readonly kind: 'time'; readonly every: number; readonly times: Int32Array };

/**
 * The batches of a file of so many rows. The lab takes `lab` of them, in time to the end of the value in which it would
 * end; null where it leaves no row to replay.
 */
export function replayOf(rows: number, lab: number, batches: Batches): Replay | null {
  if (batches.kind === 'rows') return cut(rows, lab, (start) => start + batches.per);
  const { every, times } = batches;
  let next = times.findIndex((start) => start >= lab);
  if (next < 0) return null;
  return cut(rows, times[next], () => {
    next += every;
    return next < times.length ? times[next] : rows;
  });
}

function cut(rows: number, lab: number, after: (start: number) => number): Replay | null {
  if (lab >= rows) return null;
  const starts = [lab];
  for (let start = lab; start < rows; ) {
    start = Math.min(rows, after(start));
    starts.push(start);
  }
  return { lab, starts: Int32Array.from(starts) };
}

export const stepsOf = ({ starts }: Replay): number => starts.length - 1;

/** Rows of the largest of the first so many steps. */
export function largest({ starts }: Replay, steps: number): number {
  let most = 0;
  for (let t = 0; t < Math.min(steps, starts.length - 1); t++) most = Math.max(most, starts[t + 1] - starts[t]);
  return most;
}

/** The file's row for each place of the frame, at its step; how many of them there are is `present`. */
export function replayed({ lab, starts }: Replay, { rows, t }: Frame): { pick: Int32Array; present: number } {
  const [from, to] = t < 0 ? [0, lab] : [starts[t], starts[t + 1]];
  const pick = Int32Array.from({ length: rows }, (_, i) => Math.min(from + i, to - 1));
  return { pick, present: Math.min(rows, to - from) };
}

/** Weights at entry: 1 for who is there, 0 for places that nobody holds; null where all are held. */
export function presence(frame: Frame, present: number): Float64Array | null {
  if (present >= frame.rows) return null;
  return frame.buffer('weights').fill(1).fill(0, present);
}
