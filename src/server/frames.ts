/** Runs a run again in a thread of its own, to look at its people: its scenario may be a stranger's. */
import { type FramesOptions, type framesOf, type RunKnown, without } from '../study/export/replay.js';
import { Broken, type Threads } from './thread.js';

const MOST_SECONDS = 60;

/** As `framesOf`: the thread ends with the signal; one that takes too long or fails leaves the frames out. */
export const framesIn =
  (threads: Threads): typeof framesOf =>
  async ({ hash, header, individuals, interventions, length, steps }: RunKnown, options: FramesOptions) => {
    const { signal, ...rest } = options;
    signal?.throwIfAborted();
    const thread = threads.cold();
    const leave = () => void thread.end();
    signal?.addEventListener('abort', leave);
    try {
      const run: RunKnown = { hash, header, individuals, interventions, length, steps };
      return await thread.ask('frames', { run, options: rest }, MOST_SECONDS);
    } catch (error) {
      signal?.throwIfAborted();
      const late = error instanceof Broken && error.how === 'late';
      return without(late ? 'it would take too long to run it again' : 'it could not be run again');
    } finally {
      signal?.removeEventListener('abort', leave);
      await thread.end();
    }
  };
