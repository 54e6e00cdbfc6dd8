/**
 * Jobs over a queue in Redis (or Valkey), for more than one machine: `driftloop worker` does them, this end asks and waits.
 *
 * A job is known by a hash of what it asks, so that the same one, asked twice or by two, is one job: what is asked must say all
 * that the answer depends on. A worker holds a lock on what it does, and renews it; where one dies, the lock runs out and
 * another worker takes the job. A job may then be done twice, and its answer, the same to the byte, is taken once.
 *
 * Workers of another version of driftloop, or of another JavaScript engine (whose last bits may differ), see another queue.
 */
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { Job as Entry, Queue, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { VERSION } from '../../loop/simulate.js';
import { type Answer, type Executor, failure, type Job, longestFirst, type Result, type Tasks } from './job.js';

/** Waiting or at work at a time: enough for many workers, little enough for the memory of Redis. */
const OPEN_AT_A_TIME = 1000;
/** Jobs that one who hands them out one by one should have out: more than there are threads, which may come and go. */
const LANES = 128;
/** Events may be lost with a connection: what is open is looked at this often all the same, ms. */
const LOOK_AFTER = 2000;
/** A worker that has not been heard of for so long is dead, ms. */
const LOCK = 10_000;
const STALLED_AFTER = 5000;
/** A job at which so many workers die is to blame itself. */
const MOST_DEATHS = 3;
/** Answers that nobody fetches go after so long, seconds. */
const KEPT_FOR = 3600;

interface Message {
  /** What `serialize` makes of the job, in base 64. */
  readonly job: string;
}

/** The name of the queue; Redis keys begin with it. */
const NAME = `driftloop-${VERSION}-v8-${process.versions.v8.split('.').slice(0, 2).join('.')}`;

/** The address is none, or nobody answers there. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}

export interface QueueOptions {
  /** Calls back when Redis cannot be reached for a while. */
  readonly onTrouble?: (error: Error) => void;
}

export interface QueueExecutor<T extends Tasks> extends Executor<T> {
  /** Processes that do its jobs now. */
  connected(): Promise<number>;
}

/** Throws a `QueueError` where there is no Redis at the address (`redis://host:port`). */
export async function queue<T extends Tasks>(url: string, options: QueueOptions = {}): Promise<QueueExecutor<T>> {
  await reachable(url);
  const connection = connected(url, options);
  const waiting = new Queue<Message, string>(NAME, {
    connection,
    streams: { events: { maxLen: OPEN_AT_A_TIME } },
    defaultJobOptions: { removeOnComplete: { age: KEPT_FOR }, removeOnFail: { age: KEPT_FOR } },
  });
  const listening = connected(url, options);
  const events = new QueueEvents(NAME, { connection: listening });
  waiting.on('error', (error) => options.onTrouble?.(error));
  events.on('error', (error) => options.onTrouble?.(error));
  // Each run listens on its own.
  events.setMaxListeners(0);
  await events.waitUntilReady();
  return {
    workers: LANES,
    isElsewhere: true,
    connected: () => waiting.getWorkersCount(),
    async run<K extends keyof T & string>(
      jobs: readonly Job<T, K>[],
      done?: (index: number, result: Result<Answer<T, K>>) => void,
    ) {
      const results: Result<Answer<T, K>>[] = new Array(jobs.length);
      const left = inBatches(longestFirst(jobs), jobs);
      const open = new Map<string, Asked>();
      const bell = new Bell();
      const ring = ({ jobId }: { jobId: string }) => bell.ring(jobId);
      events.on('completed', ring);
      events.on('failed', ring);
      const ask = async () => {
        const batch: Asked[] = [];
        while (open.size < OPEN_AT_A_TIME) {
          const next = left.shift();
          if (next === undefined) break;
          open.set(next.id, next);
          batch.push(next);
        }
        if (batch.length > 0) await waiting.addBulk(batch.map(entryOf));
      };
      const settle = (asked: Asked, result: Result<unknown>) => {
        open.delete(asked.id);
        for (const index of asked.places) {
          results[index] = result as Result<Answer<T, K>>;
          done?.(index, results[index]);
        }
      };
      await ask();
      while (open.size > 0) {
        const rung = await bell.heard(LOOK_AFTER);
        for (const id of rung ?? [...open.keys()]) {
          const asked = open.get(id);
          if (asked === undefined) continue;
          const result = await resultOf(waiting, asked);
          if (result !== null) settle(asked, result);
        }
        await ask();
      }
      events.off('completed', ring);
      events.off('failed', ring);
      return results;
    },
    async close() {
      await events.close();
      await waiting.close();
      for (const one of [connection, listening]) one.disconnect();
    },
  };
}

/** Takes jobs from the queue and has an executor do them, so many at a time as it has workers, until it is closed. */
export async function work(
  url: string,
  executor: Executor<Tasks>,
  options: QueueOptions & { readonly onJob?: (seconds: number) => void } = {},
): Promise<{ readonly name: string; close(): Promise<void> }> {
  await reachable(url);
  const connection = connected(url, options);
  const worker = new Worker<Message, string>(
    NAME,
    async ({ data }) => {
      const job = unpacked(data.job) as Pick<Job<Tasks, string>, 'asks' | 'task'>;
      const [result] = await executor.run([job]);
      options.onJob?.(result.seconds);
      return packed(result);
    },
    {
      connection,
      concurrency: executor.workers,
      lockDuration: LOCK,
      stalledInterval: STALLED_AFTER,
      maxStalledCount: MOST_DEATHS,
    },
  );
  worker.on('error', (error) => options.onTrouble?.(error));
  await worker.waitUntilReady();
  return {
    name: NAME,
    async close() {
      await worker.close();
      connection.disconnect();
    },
  };
}

/** One job of the queue, and the places of those that ask the same. */
interface Asked {
  readonly id: string;
  readonly name: string;
  readonly data: Message;
  readonly places: number[];
}

function inBatches<T extends Tasks, K extends keyof T & string>(
  order: readonly number[],
  jobs: readonly Job<T, K>[],
): Asked[] {
  const byId = new Map<string, Asked>();
  for (const index of order) {
    const { asks, task } = jobs[index];
    const job = packed({ task, asks });
    const id = createHash('sha256').update(job).digest('hex');
    const asked = byId.get(id);
    if (asked === undefined) byId.set(id, { id, name: task, data: { job }, places: [index] });
    else asked.places.push(index);
  }
  return [...byId.values()];
}

const entryOf = ({ data, id, name }: Asked) => ({ name, data, opts: { jobId: id } });

/** What came of a job, taken off the queue; null: it is not done yet. One that is gone is asked again. */
async function resultOf(waiting: Queue<Message, string>, asked: Asked): Promise<Result<unknown> | null> {
  const entry = await Entry.fromId<Message, string>(waiting, asked.id);
  if (entry === undefined) {
    await waiting.addBulk([entryOf(asked)]);
    return null;
  }
  if (entry.finishedOn === undefined) return null;
  const result =
    typeof entry.returnvalue === 'string'
      ? (unpacked(entry.returnvalue) as Result<unknown>)
      : failure(new Error(entry.failedReason ?? 'the queue lost its answer'), 0);
  await entry.remove();
  return result;
}

/** Ids as they come, for one who waits. */
class Bell {
  private ids = new Set<string>();
  private wake: (() => void) | null = null;

  ring(id: string): void {
    this.ids.add(id);
    this.wake?.();
  }

  /** Those that rang since the last call; null where none does for so many milliseconds. */
  async heard(within: number): Promise<string[] | null> {
    if (this.ids.size === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, within);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = null;
    }
    if (this.ids.size === 0) return null;
    const ids = [...this.ids];
    this.ids.clear();
    return ids;
  }
}

const packed = (value: unknown): string => serialize(value).toString('base64');
const unpacked = (text: string): unknown => deserialize(Buffer.from(text, 'base64'));

/** Throws, soon, where nothing answers. */
async function reachable(url: string): Promise<void> {
  const { host } = parsed(url);
  const probe = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 5000 });
  // What is thrown says only that it is closed.
  let why: Error | null = null;
  probe.on('error', (error) => {
    why ??= error;
  });
  try {
    await probe.connect();
    await probe.ping();
  } catch (error) {
    throw new QueueError(`there is no Redis at ${host}: ${messageOf(why ?? error)}`);
  } finally {
    probe.disconnect();
  }
}

/** An error of several addresses has no message of its own. */
const messageOf = (error: unknown): string =>
  (error instanceof AggregateError ? (error.errors[0] as Error) : (error as Error)).message;

function parsed(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : null;
  // What was typed may hold a password.
  if (address === null || !/^rediss?:$/.test(address.protocol)) throw new QueueError('expected redis://host:port');
  return address;
}

/** Tries for ever: who waits for an answer waits for Redis, too. */
function connected(url: string, { onTrouble }: QueueOptions): Redis {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  connection.on('error', (error) => onTrouble?.(error));
  return connection;
}
