/** A thread as the server sees it, for whatever runs a scenario: questions with a time limit, and an end that is sure. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Answer, Kind, Question, Questions } from './messages.js';
import { Refused } from './refused.js';

/** As compiled: the same place from `src/server` and from `dist/server`. */
const ENTRY = fileURLToPath(new URL('../../dist/server/run-worker.js', import.meta.url));

/** The run cannot go on: `message` is for whoever watches it, `inner` for the log. */
export class Broken extends Error {
  override readonly name = 'Broken';
  constructor(
    message: string,
    readonly inner: string,
    /** `late`: its time was up. `ended`: nobody wants it any more. */
    readonly how: 'failed' | 'late' | 'ended' = 'failed',
  ) {
    super(message);
  }
}

/** What takes its time where a question is not answered. */
const WHAT: Readonly<Partial<Record<Kind, string>>> = {
  load: 'Reading the scenario',
  compare: 'Reading the scenario',
  explain: 'Reading the scenario',
  seeds: 'Reading the scenario',
  line: 'One of its runs',
  picture: 'The picture',
  frames: 'The run, run again,',
};

interface Waiting {
  readonly resolve: (answer: Questions[Kind]['answer']) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class Thread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;
  private dead: Error | null = null;
  /** Settled when the thread is gone. */
  readonly gone: Promise<void>;

  /** `memory` in MB bounds the heap; columns are counted by the thread itself. */
  constructor(memory = 256) {
    this.worker = new Worker(ENTRY, {
      resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
      // What a thread prints would stand among the server's own words.
      stdout: true,
      stderr: true,
      env: process.env.DRIFTLOOP_DATA === undefined ? {} : { DRIFTLOOP_DATA: process.env.DRIFTLOOP_DATA },
      execArgv: [],
    });
    this.worker.on('message', (answer: Answer) => this.hear(answer));
    this.worker.on('error', (error: NodeJS.ErrnoException) => {
      const full = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      const why = full
        ? 'The run needs more memory than this server gives: try fewer individuals or a shorter window.'
        : 'The run came upon an error of the program.';
      this.die(new Broken(why, error.stack ?? error.message));
    });
    this.gone = new Promise((resolve) => {
      this.worker.once('exit', () => {
        this.die(new Broken('The run was ended.', 'the thread exited'));
        resolve();
      });
    });
    // A thread that nobody waits for keeps no process alive.
    this.worker.unref();
  }

  /** Throws a `Refused`, or, when the thread is of no more use, a `Broken`. */
  ask<K extends Kind>(kind: K, asks: Questions[K]['asks'], seconds: number): Promise<Questions[K]['answer']> {
    if (this.dead !== null) return Promise.reject(this.dead);
    const number = this.asked++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const why = `${WHAT[kind] ?? 'A step of the run'} took longer than ${seconds} s: try fewer individuals, features or iterations.`;
        this.die(new Broken(why, `${kind} took longer than ${seconds} s`, 'late'));
        void this.end();
      }, 1000 * seconds);
      this.waiting.set(number, { resolve: resolve as Waiting['resolve'], reject, timer });
      this.worker.postMessage({ number, kind, asks } as Question);
    });
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    this.die(new Broken('The run was ended.', 'the thread was ended', 'ended'));
    await this.worker.terminate();
  }

  private hear(answer: Answer): void {
    const waiting = this.waiting.get(answer.number);
    if (waiting === undefined) return;
    this.waiting.delete(answer.number);
    clearTimeout(waiting.timer);
    if ('refused' in answer) waiting.reject(new Refused(answer.refused.error, answer.refused.diagnostics));
    else if ('broken' in answer) waiting.reject(new Broken(answer.broken, answer.inner));
    else waiting.resolve(answer.answer);
  }

  private die(error: Error): void {
    this.dead ??= error;
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(this.dead);
    }
    this.waiting.clear();
  }
}

const WARM_SECONDS = 30;

/** Threads, one of them always warm, so that a run begins at once. */
export class Threads {
  private spare: Thread | null = null;
  private readonly all = new Set<Thread>();
  private closed = false;

  /** Starts the spare one. */
  warm(): void {
    if (this.closed || this.spare !== null) return;
    this.spare = this.start();
    // Where it fails, the run that takes the thread tells why.
    this.spare.ask('warm', null, WARM_SECONDS).catch(() => {});
  }

  take(): Thread {
    const thread = this.spare ?? this.start();
    this.spare = null;
    // Not in the way of the one that was just taken.
    setTimeout(() => this.warm(), 250).unref();
    return thread;
  }

  /** One that is not warm, for what may wait: the spare one stays. */
  cold(): Thread {
    return this.start();
  }

  get size(): number {
    return this.all.size;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map((thread) => thread.end()));
  }

  private start(): Thread {
    if (this.closed) throw new Refused('The server is closing.', undefined, 503);
    const thread = new Thread();
    this.all.add(thread);
    void thread.gone.then(() => {
      this.all.delete(thread);
      if (this.spare === thread) this.spare = null;
    });
    return thread;
  }
}
