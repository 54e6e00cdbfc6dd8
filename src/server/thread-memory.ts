/** What a thread holds in columns: they live outside of the heap that its `resourceLimits` bound. */
import { Refused } from './refused.js';

/** Asking what is held takes longer than a small step. */
const MILLISECONDS_BETWEEN_CHECKS = 20;
const MOST_COLUMN_BYTES = 768 * 1024 * 1024;

/** Throws a `Refused` where it is too much. */
export function checkMemory(): void {
  if (process.memoryUsage().arrayBuffers > MOST_COLUMN_BYTES)
    throw new Refused('The run needs more memory than this server gives: try fewer individuals or a shorter window.');
}

/** To be called after each step: ends what holds too much. */
export function memoryLook(): () => void {
  let checked = performance.now();
  return () => {
    if (performance.now() - checked < MILLISECONDS_BETWEEN_CHECKS) return;
    checkMemory();
    checked = performance.now();
  };
}
