/**
 * The log of a study: a line for each finished run, in the order in which they end, written at once and in one piece. What a
 * killed process leaves is read again: a torn last line is cut off, and a line that was changed counts for nothing.
 *
 * In memory is only where each run's line begins.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { readLine } from './finished-run.js';
import type { RunStore } from './run-store.js';

export interface RunLog extends RunStore {
  /** Whole lines that were not as they were written. */
  readonly damaged: number;
  close(): void;
}

const READ = 2 ** 20;
const NEWLINE = 10;

/** `keyOf`: what run n is known by; a line of another run counts for nothing. */
export function openRunLog(file: string, runs: number, keyOf: (n: number) => string): RunLog {
  const fd = openSync(file, 'a+');
  const starts = new Float64Array(runs).fill(-1);
  const lengths = new Uint32Array(runs);
  let count = 0;
  let damaged = 0;
  let end = 0;
  const take = (bytes: Buffer, start: number) => {
    const run = readLine(bytes.toString('utf8'));
    if (run === null || !(run.n >= 0 && run.n < runs) || run.key !== keyOf(run.n)) {
      damaged++;
      return;
    }
    if (starts[run.n] < 0) count++;
    starts[run.n] = start;
    lengths[run.n] = bytes.length;
  };
  for (const { bytes, start } of linesOf(fd)) {
    take(bytes, start);
    end = start + bytes.length + 1;
  }
  // What comes after the last whole line was torn off.
  if (fstatSync(fd).size > end) ftruncateSync(fd, end);
  return {
    damaged,
    get count() {
      return count;
    },
    has: (n) => starts[n] >= 0,
    append(lines) {
      const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      for (let written = 0; written < text.length; ) written += writeSync(fd, text, written);
      for (const line of lines) {
        const bytes = Buffer.from(line);
        take(bytes, end);
        end += bytes.length + 1;
      }
    },
    read(n) {
      const bytes = Buffer.alloc(lengths[n]);
      readSync(fd, bytes, 0, bytes.length, starts[n]);
      const run = starts[n] < 0 ? null : readLine(bytes.toString('utf8'));
      if (run === null) throw new Error(`run ${n} cannot be read from ${file}`);
      return run;
    },
    close: () => closeSync(fd),
  };
}

/** Whole lines, without their ends, and where each begins. */
function* linesOf(fd: number): Generator<{ bytes: Buffer; start: number }> {
  const chunk = Buffer.alloc(READ);
  let rest = Buffer.alloc(0);
  let start = 0;
  for (let at = 0; ; ) {
    const got = readSync(fd, chunk, 0, READ, at);
    if (got === 0) return;
    at += got;
    rest = Buffer.concat([rest, chunk.subarray(0, got)]);
    let from = 0;
    for (let to = rest.indexOf(NEWLINE); to >= 0; to = rest.indexOf(NEWLINE, from)) {
      yield { bytes: rest.subarray(from, to), start: start + from };
      from = to + 1;
    }
    start += from;
    rest = rest.subarray(from);
  }
}
