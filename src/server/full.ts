/** A disk without room ends the run that needs it: whoever watches is told why. */
import { Broken } from './thread.js';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Throws a `Broken` where there is no room left. */
export async function orFull<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    if (!FULL.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new Broken('There is no room left on the disk of this server for the trace of the run.', String(error));
  }
}
