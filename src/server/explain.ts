/** `POST /api/explain`: which mechanism did how much of the harm, worked out in a thread of its own, with its progress. */
import { Router } from 'express';
import type { Gallery } from './gallery.js';
import { atMost } from './guard.js';
import type { CompareLimits } from './limits.js';
import { Refused } from './refused.js';
import { askedSource, bodyOf, checked, explainRequest } from './requests.js';
import { sendLines } from './send-lines.js';
import type { Threads } from './thread.js';

export interface ExplainRoutesOptions {
  readonly limits: CompareLimits;
  readonly scenarioBytes: number;
  /** Explanations at a time. Default 2. */
  readonly running?: number;
  /** Explanations that are begun in a minute. Default 60. */
  readonly aMinute?: number;
  /** Seconds that loading the scenario, or one run, may take. Default 120. */
  readonly patience?: number;
  /** Seconds that a client may leave what was sent to it unread. Default 30. */
  readonly stall?: number;
  /** Told of what goes wrong in here; the client only hears that something did. */
  readonly report: (error: unknown) => void;
}

const SEEDS = 3;

export function explainRoutes(
  threads: Threads,
  gallery: Pick<Gallery, 'source'>,
  { aMinute = 60, limits, patience = 120, report, running: most = 2, scenarioBytes, stall = 30 }: ExplainRoutesOptions,
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
      const asks = { source, set, off, interventions, metric, vantage, seed, seeds, limits };
      await sendLines(thread, { kind: 'explain', asks }, response, { patience, stall, report });
    } finally {
      running--;
      await thread.end();
    }
  });
  return router;
}
