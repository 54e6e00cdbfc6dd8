/** All runs of a server: begun within the limits, kept while somebody may want them, gone without a trace after. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { WorldLimits } from './limits.js';
import type { Job } from './messages.js';
import type { Limits, ViewRequest } from './protocol.js';
import { Refused } from './refused.js';
import { Run } from './run.js';
import type { RunOptions } from './run-parts.js';
import type { RunStore } from './run-store.js';
import { TempFolder } from './temp-folder.js';
import { Broken, type Threads } from './thread.js';
import { TraceLog } from './trace-log.js';

export interface RunsOptions extends RunOptions {
  readonly limits: Limits & WorldLimits;
  readonly loadSeconds: number;
}

export interface Wanted {
  readonly recipe: Job['recipe'];
  readonly view: ViewRequest;
  readonly speed: number | null;
  readonly until: number | null;
}

/** Threads that start and load at a time: each is busy for a while, and more of them would all be late. */
const MOST_LOADING = 4;

/** Traces of runs that are over are kept to this number; then the oldest that nobody listens to goes. */
const MOST_KEPT = 64;

export class Runs implements RunStore {
  private readonly runs = new Map<string, Run>();
  private folder: Promise<TempFolder> | null = null;
  private beginning = 0;
  private loading = 0;
  /** Those that wait for their turn to load. */
  private readonly queue: (() => void)[] = [];
  private closed = false;

  constructor(
    private readonly threads: Threads,
    private readonly options: RunsOptions,
  ) {}

  get(id: string): Run | undefined {
    return this.runs.get(id);
  }

  get listening(): number {
    return [...this.runs.values()].reduce((sum, { listening }) => sum + listening, 0);
  }

  /** Throws a `Refused` where the run cannot be had. */
  async begin(wanted: Wanted): Promise<Run> {
    this.makeRoom();
    this.beginning++;
    try {
      return await this.inTurn(() => this.load(wanted));
    } finally {
      this.beginning--;
    }
  }

  async drop(id: string): Promise<boolean> {
    const run = this.runs.get(id);
    await run?.drop();
    return run !== undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled([...this.runs.values()].map((run) => run.drop()));
    await (await this.folder?.catch(() => null))?.remove();
  }

  private async inTurn<T>(load: () => Promise<T>): Promise<T> {
    if (this.loading >= MOST_LOADING) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.loading++;
    try {
      return await load();
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.loading--;
      else next();
    }
  }

  private makeRoom(): void {
    if (this.closed) throw new Refused('The server is closing.', undefined, 503);
    const all = [...this.runs.values()];
    const live = all.filter((run) => run.live);
    if (live.length + this.beginning >= this.options.limits.runs) {
      // The world of a run that has ended makes room before anybody is turned away.
      const done = live.find((run) => run.over);
      if (done === undefined)
        throw new Refused(
          `${live.length + this.beginning} runs go on here already: stop one, or come back later.`,
          undefined,
          503,
        );
      void done.release();
    }
    const kept = all.filter((run) => run.over && run.listening === 0);
    for (const run of kept.slice(0, Math.max(0, kept.length - MOST_KEPT))) void run.drop().catch(this.options.report);
  }

  private async load({ recipe, speed, until, view }: Wanted): Promise<Run> {
    const { limits, loadSeconds, report } = this.options;
    const thread = this.threads.take();
    let log: TraceLog | null = null;
    try {
      const { facts, records, twin } = await thread.ask('load', { recipe, limits, view }, loadSeconds);
      if (this.closed) throw new Refused('The server is closing.', undefined, 503);
      const id = randomUUID();
      log = await TraceLog.create(join((await this.place()).path, `${id}.ndjson`));
      await log.append(records);
      const run = new Run(
        {
          id,
          facts,
          recipe: { ...recipe, seed: facts.seed, twin },
          thread,
          log,
          pace: { speed, until },
          forget: () => this.runs.delete(id),
        },
        this.options,
      );
      this.runs.set(id, run);
      return run;
    } catch (error) {
      void thread.end();
      await log?.remove();
      if (!(error instanceof Broken)) throw error;
      report(error.inner);
      throw new Refused(error.message);
    }
  }
  /** Made with the first run; one that could not be made is tried again. */
  private place(): Promise<TempFolder> {
    if (this.folder === null) {
      this.folder = TempFolder.create();
      this.folder.catch(() => {
        this.folder = null;
      });
    }
    return this.folder;
  }
}
