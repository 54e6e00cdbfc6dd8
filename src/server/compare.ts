/** `POST /api/compare`: policies on the same draws, made in a thread of their own and sent as they come. */
import { type Response, Router } from 'express';
import { DEFAULT_SEEDS } from '../study/compare.js';
import type { Gallery } from './gallery.js';
import { atMost } from './guard.js';
import type { CompareLimits } from './limits.js';
import type { CompareJob } from './messages.js';
import type { CompareLine } from './protocol.js';
import { Refused } from './refused.js';
import { askedSource, bodyOf, checked, compareRequest } from './requests.js';
import { Broken, type Thread, type Threads } from './thread.js';

export interface CompareRoutesOptions {
  readonly limits: CompareLimits;
  readonly scenarioBytes: number;
  /** Comparisons at a time. Default 2. */
  readonly running?: number;
  /** Comparisons that are begun in a minute. Default 120. */
  readonly aMinute?: number;
  /** Seconds that loading the scenario, or one run, may take. Default 120. */
  readonly patience?: number;
  /** Seconds that a client may leave what was sent to it unread. Default 30. */
  readonly stall?: number;
  /** Told of what goes wrong in here; the client only hears that something did. */
  readonly report: (error: unknown) => void;
}

export function compareRoutes(
  threads: Threads,
  gallery: Pick<Gallery, 'source'>,
  { aMinute = 120, limits, patience = 120, report, running: most = 2, scenarioBytes, stall = 30 }: CompareRoutesOptions,
): Router {
  const router = Router();
  let running = 0;
  router.post('/compare', atMost(aMinute, 'comparisons'), bodyOf(scenarioBytes), async (request, response) => {
    const asked = checked(compareRequest, request.body);
    const { off, policies, seed = null, seeds = DEFAULT_SEEDS, set, yardsticks } = asked;
    const source = askedSource(asked, gallery, scenarioBytes);
    if (running >= most) throw new Refused(`${most} comparisons go on here already: come back later.`, undefined, 503);
    running++;
    const thread = threads.cold();
    try {
      await send(thread, { source, set, off, policies, yardsticks, seed, seeds, limits }, response, {
        patience,
        stall,
        report,
      });
    } finally {
      running--;
      await thread.end();
    }
  });
  return router;
}

type Patience = Required<Pick<CompareRoutesOptions, 'patience' | 'stall' | 'report'>>;

/** Pulls line by line: a slow reader slows its own comparison, and one who leaves ends it. */
async function send(
  thread: Thread,
  job: CompareJob,
  response: Response,
  { patience, report, stall }: Patience,
): Promise<void> {
  response.on('close', () => void thread.end());
  try {
    await thread.ask('compare', job, patience);
    for (;;) {
      const line = await thread.ask('line', null, patience);
      if (line === null) break;
      if (!response.headersSent) begin(response);
      if (response.write(`${line}\n`) || (await drained(response, stall))) continue;
      response.destroy();
      return;
    }
    response.end();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    if (error.how === 'ended') {
      response.destroy();
      return;
    }
    report(error.inner);
    // Before the first line the refusal is the answer; after it the client is told in the stream.
    if (!response.headersSent) throw new Refused(error.message);
    const failed: CompareLine = { type: 'failed', error: error.message.replace(/\.$/, '') };
    response.end(`${JSON.stringify(failed)}\n`);
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

/** Whether the client has taken what was sent before the time was up. */
function drained(response: Response, seconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      response.off('drain', done).off('close', done);
      resolve(!response.writableNeedDrain && !response.destroyed);
    };
    const timer = setTimeout(done, 1000 * seconds);
    response.once('drain', done).once('close', done);
  });
}
