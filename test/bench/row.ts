/** What a measurement says, and the help that all measurements share. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project's root: the bench runs from `build/test/bench`. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Row {
  readonly what: string;
  /** What was measured, with its unit. */
  readonly ours: string;
  /** What it is compared with; empty where the number stands alone. */
  readonly other: string;
  /** The number that is held against the target; null where there was nothing to compare with. */
  readonly value: number | null;
  /** Such as `<= 2`. */
  readonly target: string;
  readonly holds: boolean | null;
}

export const skipped = (what: string, target: string, why: string): Row => ({
  what,
  ours: 'not measured',
  other: why,
  value: null,
  target,
  holds: null,
});

/** Seconds of the quickest of `times` calls: what disturbs a machine only ever adds. */
export function quickest(times: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < times; k++) {
    const start = performance.now();
    work();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

/** Whether a command can be run. */
export const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

export const seconds = (s: number): string =>
  s < 1 ? `${(s * 1000).toFixed(s < 0.01 ? 2 : 0)} ms` : `${s.toFixed(2)} s`;
