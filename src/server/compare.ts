/** `POST /api/compare`: policies on the same draws, made in a thread of their own and sent as they come. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { COMPARE_LIMITS, type CompareLimits } from './compare-limits.js';
import { checkCompareRequest } from './compare-request.js';
import type { CompareAnswer, CompareJob } from './compare-worker.js';
import { atMost } from './guard.js';
import type { CompareLine, Refusal } from './protocol.js';

export interface CompareRouterOptions {
  /** The file of a scenario of the gallery, with the CSV file or folder of its rows; null where there is none. */
  readonly resolve: (id: string) => Promise<{ readonly file: string; readonly data?: string } | null>;
  readonly limits?: Partial<CompareLimits>;
  /** Comparisons at a time. Default 2. */
  readonly running?: number;
  /** Comparisons that are begun in a minute. Default 120. */
  readonly aMinute?: number;
  /** Seconds that loading the scenario, or one run, may take. Default 120. */
  readonly patience?: number;
  /** Seconds that a client may leave what was sent to it unread. Default 30. */
  readonly stall?: number;
  /** Told of what goes wrong in here; the client only hears that something did. */
  readonly report?: (error: unknown) => void;
}

/** The thread's code is the built one, as Node runs no TypeScript: the same place from `src/server` and `dist/server`. */
const WORKER = fileURLToPath(new URL('../../dist/server/compare-worker.js', import.meta.url));
/** Of JavaScript objects; columns are outside, and weighed before anything runs. */
const HEAP_MB = 512;
const RETRY_SECONDS = 5;

export function compareRouter({
  aMinute = 120,
  limits,
  patience = 120,
  report = () => {},
  resolve,
  running: most = 2,
  stall = 30,
}: CompareRouterOptions): Router {
  const router = Router();
  let running = 0;

  router.post(
    '/api/compare',
    atMost(aMinute, 'comparisons'),
    express.json({ limit: '256kb' }),
    async (request, response) => {
      const checked = checkCompareRequest(request.body);
      if (checked.request === null) return refuse(response, 400, { error: checked.error });
      const id = checked.request.scenario;
      const found = id === undefined ? null : await resolve(id);
      if (id !== undefined && found === null)
        return refuse(response, 404, { error: `there is no scenario \`${id}\` in the gallery` });
      if (running >= most) {
        response.set('Retry-After', String(RETRY_SECONDS));
        return refuse(response, 503, { error: `${most} comparisons are running already: try again in a moment` });
      }
      running++;
      try {
        await send(
          {
            request: checked.request,
            file: id === undefined || found === null ? null : { path: found.file, id },
            data: found?.data ?? null,
            limits: { ...COMPARE_LIMITS, ...limits },
          },
          response,
          { patience, stall, report },
        );
      } finally {
        running--;
      }
    },
  );

  router.use('/api/compare', (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    const status = statusOf(error);
    if (response.headersSent || status === null) return next(error);
    refuse(response, status, { error: status === 413 ? 'the request is too large' : 'the request is not valid JSON' });
  });
  return router;
}

const refuse = (response: Response, status: number, refusal: Refusal): void => {
  response.status(status).json(refusal);
};

/** The status of a body that could not be read: the caller's fault; null where it is ours. */
function statusOf(error: unknown): number | null {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

interface Patience {
  readonly patience: number;
  readonly stall: number;
  readonly report: (error: unknown) => void;
}

/** Pulls line by line: a slow reader slows its own comparison, and one who leaves ends it. */
async function send(job: CompareJob, response: Response, { patience, report, stall }: Patience): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  if (response.destroyed) return;
  const worker = new Worker(WORKER, {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    // Flags that the server was started with, such as those of a test runner, are not meant for this thread.
    execArgv: [],
  });
  // An error that comes while nobody waits for an answer is met at the next question.
  worker.on('error', () => {});
  try {
    for (;;) {
      const answer = await ask(worker, patience, gone.signal);
      if (answer.kind === 'refused') return refuse(response, 400, answer.refusal);
      if (answer.kind === 'done') break;
      if (!response.headersSent) begin(response);
      if (!response.write(`${answer.line}\n`)) await drained(response, stall, gone.signal);
    }
    response.end();
  } catch (error) {
    if (gone.signal.aborted) return;
    if (error instanceof Stalled) {
      response.destroy();
      return;
    }
    const late = error instanceof Late;
    if (!late) report(error);
    fail(response, late ? `loading the scenario or one run took more than ${patience} seconds` : 'a run failed');
  } finally {
    await worker.terminate();
  }
}

function begin(response: Response): void {
  response.status(200).set({
    'Content-Type': 'application/x-ndjson; charset=utf-8',
    'Cache-Control': 'no-store',
    // A proxy that collects lines before it passes them on would stop the picture.
    'X-Accel-Buffering': 'no',
  });
}

/** Before the first line the refusal is the answer; after it the client is told in the stream. */
function fail(response: Response, error: string): void {
  if (response.headersSent) response.end(`${JSON.stringify({ type: 'failed', error } satisfies CompareLine)}\n`);
  else refuse(response, 500, { error });
}

class Late extends Error {}
class Stalled extends Error {}

async function ask(worker: Worker, seconds: number, gone: AbortSignal): Promise<CompareAnswer> {
  const answer = within(seconds, gone, Late, (signal) => once(worker, 'message', { signal }));
  worker.postMessage('next');
  const [message] = await answer;
  return message as CompareAnswer;
}

async function drained(response: Response, seconds: number, gone: AbortSignal): Promise<void> {
  await within(seconds, gone, Stalled, (signal) => once(response, 'drain', { signal }));
}

/** Waits, but not for ever and not for who has gone. */
async function within<T>(
  seconds: number,
  gone: AbortSignal,
  Reason: new () => Error,
  wait: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const leave = () => stop.abort();
  gone.addEventListener('abort', leave);
  if (gone.aborted) leave();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, seconds * 1000);
  try {
    return await wait(stop.signal);
  } catch (error) {
    throw late ? new Reason() : error;
  } finally {
    clearTimeout(timer);
    gone.removeEventListener('abort', leave);
  }
}
