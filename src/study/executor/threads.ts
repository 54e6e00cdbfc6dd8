/**
 * Jobs over a pool of worker threads. A thread does one job at a time; where one dies, another takes its place. Jobs about the
 * same thing stay with one thread, which has loaded it and has its code warm.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Answer, type Executor, failure, type Job, longestFirst, type Result, type Tasks } from './job.js';

/** As compiled: the same place from `src/study/executor` and from `dist/study/executor`. */
const ENTRY = fileURLToPath(new URL('../../../dist/study/executor/thread.js', import.meta.url));

export interface ThreadsOptions {
  /** Default: as many as the machine runs at once. */
  readonly workers?: number;
}

/** `module`: the address of the compiled module that exports the `tasks`. */
export function threads<T extends Tasks>(module: URL, options: ThreadsOptions = {}): Executor<T> {
  const workers = Math.max(1, options.workers ?? availableParallelism());
  const idle: Thread[] = [];
  /** The thread that has begun with what jobs are about, and has it at hand. */
  const owners = new Map<string | undefined, Thread>();
  return {
    workers,
    async run<K extends keyof T & string>(
      jobs: readonly Job<T, K>[],
      done?: (index: number, result: Result<Answer<T, K>>) => void,
    ) {
      const results: Result<Answer<T, K>>[] = new Array(jobs.length);
      const queue = longestFirst(jobs);
      // What nobody else has at hand; where nothing is left but that, a thread helps another.
      const next = (thread: Thread): number | undefined => {
        const at = queue.findIndex((index) => {
          const owner = owners.get(jobs[index].about);
          return owner === undefined || owner === thread || !owner.isAlive;
        });
        return at > 0 ? queue.splice(at, 1)[0] : queue.shift();
      };
      const work = async () => {
        let thread = idle.pop() ?? new Thread(module);
        for (let index = next(thread); index !== undefined; index = next(thread)) {
          if (!thread.isAlive) thread = new Thread(module);
          const { about } = jobs[index];
          if (about !== undefined && owners.get(about)?.isAlive !== true) owners.set(about, thread);
          results[index] = (await thread.perform(jobs[index])) as Result<Answer<T, K>>;
          done?.(index, results[index]);
        }
        if (thread.isAlive) idle.push(thread);
      };
      await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, work));
      return results;
    },
    async close() {
      await Promise.all(idle.splice(0).map((thread) => thread.end()));
    },
  };
}

class Thread {
  isAlive = true;
  private readonly worker: Worker;
  private resolve: ((result: Result<unknown>) => void) | null = null;
  private began = 0;

  constructor(module: URL) {
    this.worker = new Worker(ENTRY, { workerData: module.href, execArgv: [] });
    this.worker.on('message', (result: Result<unknown>) => this.settle(result));
    this.worker.on('messageerror', (error) => this.die(error));
    this.worker.on('error', (error) => this.die(error));
    this.worker.on('exit', (code) => this.die(new Error(`its thread ended with code ${code}`)));
  }

  /** Never rejects: a thread that dies fails its job. */
  perform({ asks, task }: Pick<Job<Tasks, string>, 'asks' | 'task'>): Promise<Result<unknown>> {
    this.began = performance.now();
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.worker.postMessage({ task, asks });
    });
  }

  async end(): Promise<void> {
    this.isAlive = false;
    await this.worker.terminate();
  }

  private die(error: unknown): void {
    this.isAlive = false;
    this.settle(failure(error, (performance.now() - this.began) / 1000));
  }

  private settle(result: Result<unknown>): void {
    this.resolve?.(result);
    this.resolve = null;
  }
}
