/** Tasks for the tests of the executors: what a thread is asked to do, and how it can go wrong. */
import { setTimeout } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';

export const tasks = {
  /** A column of powers of a number, by way of sines, which must come out the same to the bit. */
  column: ({ n, x }) => Float64Array.from({ length: n }, (_, k) => Math.sin(x ** k)),
  slow: async ({ milliseconds, name }) => {
    await setTimeout(milliseconds);
    return name;
  },
  /** Which thread it was done by. */
  thread: async ({ milliseconds }) => {
    await setTimeout(milliseconds);
    return threadId;
  },
  throws: ({ message }) => {
    throw new Error(message);
  },
  /** Ends the thread: never asked of the process itself. */
  exits: ({ code }) => process.exit(code),
  overflows: () => {
    setImmediate(() => {
      throw new Error('outside of the job');
    });
    return setTimeout(10_000);
  },
};
