/** Where finished runs are kept until all are there: in memory, or in a log on disk. */
import { type FinishedRun, readLine } from './finished-run.js';

export interface RunStore {
  /** Finished runs. */
  readonly count: number;
  has(n: number): boolean;
  /** Keeps runs, as lines. */
  append(lines: readonly string[]): void;
  /** Throws where the run is not there. */
  read(n: number): FinishedRun;
}

export function memoryStore(): RunStore {
  const runs = new Map<number, FinishedRun>();
  return {
    get count() {
      return runs.size;
    },
    has: (n) => runs.has(n),
    append(lines) {
      for (const line of lines) {
        const run = readLine(line);
        if (run !== null) runs.set(run.n, run);
      }
    },
    read(n) {
      const run = runs.get(n);
      if (run === undefined) throw new Error(`run ${n} is not there`);
      return run;
    },
  };
}
