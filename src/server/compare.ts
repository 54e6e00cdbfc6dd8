/** `POST /api/compare`: policies on the same draws, made in a thread of their own and sent as they come. */
import { Router } from 'express';
import { DEFAULT_SEEDS } from '../study/compare.js';
import type { Gallery } from './gallery.js';
import { atMost } from './guard.js';
import type { CompareLimits } from './limits.js';
import { Refused } from './refused.js';
import { askedSource, bodyOf, checked, compareRequest } from './requests.js';
import { sendLines } from './send-lines.js';
import type { Threads } from './thread.js';

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
      const asks = { source, set, off, policies, yardsticks, seed, seeds, limits };
      await sendLines(thread, { kind: 'compare', asks }, response, { patience, stall, report });
    } finally {
      running--;
      await thread.end();
    }
  });
  return router;
}
