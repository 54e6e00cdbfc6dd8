/** `POST /api/explain`: which mechanism did how much of the harm, worked out in a thread of its own, with its progress. */
import { type Response, Router } from 'express';
import type { Gallery } from './gallery.js';
import { atMost } from './guard.js';
import type { CompareLimits } from './limits.js';
import type { ExplainJob } from './messages.js';
import type { ExplainLine } from './protocol.js';
import { Refused } from './refused.js';
import { askedSource, bodyOf, checked, explainRequest } from './requests.js';
import { Broken, type Thread, type Threads } from './thread.js';

export interface ExplainRoutesOptions {
  readonly limits: CompareLimits;
  readonly scenarioBytes: number;
  /** Explanations at a time. Default 2. */
  readonly running?: number;
  /** Explanations that are begun in a minute. Default 60. */
  readonly aMinute?: number;
  /** Seconds that loading the scenario, or one run, may take. Default 120. */
  readonly patience?: number;
  /** Told of what goes wrong in here; the client only hears that something did. */
  readonly report: (error: unknown) => void;
}

const SEEDS = 3;

export function explainRoutes(
  threads: Threads,
  gallery: Pick<Gallery, 'source'>,
  { aMinute = 60, limits, patience = 120, report, running: most = 2, scenarioBytes }: ExplainRoutesOptions,
): Router {
  const router = Router();
  let running = 0;
  router.post('/explain', atMost(aMinute, 'explanations'), bodyOf(scenarioBytes), async (request, response) => {
    const asked = checked(explainRequest, request.body);
    const { interventions, metric = null, off, seed = null, seeds = SEEDS, set, vantage = null } = asked;
    const source = askedSource(asked, gallery, scenarioBytes);
    if (running >= most) throw new Refused(`${most} explanations go on here already: come back later.`, undefined, 503);
    running++;
    const thread = threads.cold();
    try {
      const job = { source, set, off, interventions, metric, vantage, seed, seeds, limits };
      await send(thread, job, response, { patience, report });
    } finally {
      running--;
      await thread.end();
    }
  });
  return router;
}

/** A run for each line; who leaves ends it. Lines but the last are short: nobody need wait for whoever reads slowly. */
async function send(
  thread: Thread,
  job: ExplainJob,
  response: Response,
  { patience, report }: Required<Pick<ExplainRoutesOptions, 'patience' | 'report'>>,
): Promise<void> {
  response.on('close', () => void thread.end());
  try {
    await thread.ask('explain', job, patience);
    for (;;) {
      const line = await thread.ask('line', null, patience);
      if (line === null) break;
      if (!response.headersSent)
        response.status(200).set({
          'Content-Type': 'application/x-ndjson; charset=utf-8',
          'Cache-Control': 'no-store',
          // A proxy that collects lines before it passes them on would hold back the progress.
          'X-Accel-Buffering': 'no',
        });
      response.write(`${line}\n`);
    }
    response.end();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    if (error.how === 'ended') {
      response.destroy();
      return;
    }
    report(error.inner);
    if (!response.headersSent) throw new Refused(error.message);
    const failed: ExplainLine = { type: 'failed', error: error.message.replace(/\.$/, '') };
    response.end(`${JSON.stringify(failed)}\n`);
  }
}
