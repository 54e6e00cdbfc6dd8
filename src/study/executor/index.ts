/**
 * Who executes many jobs: this thread, or a pool of worker threads, or the workers of a queue on
 * any number of machines. The answers are the same to the byte.
 *
 * A task is a function of plain data that gives plain data: what is asked and what is answered can be copied from one
 * thread to another (columns too). A job names its task and what it asks. A job that throws, and one whose thread dies, is
 * reported as failed; the others go on.
 *
 * | executor    | file            |
 * |-------------|-----------------|
 * | `inProcess` | `in-process.ts` |
 * | `threads`   | `threads.ts`    |
 * | `queue`     | `queue.ts`      |
 *
 * Whoever wants the queue imports its file: it brings a client of Redis with it.
 */
export { inProcess } from './in-process.js';
export type { Answer, Executor, Job, Result, Tasks } from './job.js';
export { threads } from './threads.js';
