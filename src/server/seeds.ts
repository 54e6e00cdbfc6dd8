/** `POST /api/seeds`: the same run with many seeds, made in a thread of its own, with bands that grow. */
import { Router } from 'express';
import type { Gallery } from './gallery.js';
import { atMost } from './guard.js';
import type { CompareLimits } from './limits.js';
import { Refused } from './refused.js';
import { askedSource, bodyOf, checked, KEYS_OF_SEEDS, seedsRequest } from './requests.js';
import { sendLines } from './send-lines.js';
import type { Threads } from './thread.js';

export interface SeedsRoutesOptions {
  readonly limits: CompareLimits;
  readonly scenarioBytes: number;
  /** Studies at a time. Default 2. */
  readonly running?: number;
  /** Studies that are begun in a minute. Default 60. */
  readonly aMinute?: number;
  /** Seconds that loading the scenario, or one run, may take. Default 120. */
  readonly patience?: number;
  /** Seconds that a client may leave what was sent to it unread. Default 30. */
  readonly stall?: number;
  /** Told of what goes wrong in here; the client only hears that something did. */
  readonly report: (error: unknown) => void;
}

const SEEDS = 20;

export function seedsRoutes(
  threads: Threads,
  gallery: Pick<Gallery, 'source'>,
  { aMinute = 60, limits, patience = 120, report, running: most = 2, scenarioBytes, stall = 30 }: SeedsRoutesOptions,
): Router {
  const router = Router();
  let running = 0;
  router.post('/seeds', atMost(aMinute, 'studies over seeds'), bodyOf(scenarioBytes), async (request, response) => {
    const asked = checked(seedsRequest, request.body, KEYS_OF_SEEDS);
    const { beside, interventions, metric, model, off, seed = null, seeds = SEEDS, set, slice } = asked;
    const source = askedSource(asked, gallery, scenarioBytes);
    if (running >= most)
      throw new Refused(`${most} studies over seeds go on here already: come back later.`, undefined, 503);
    running++;
    const thread = threads.cold();
    try {
      const looked = { metric, model, slice, beside };
      const asks = { source, set, off, interventions, looked, seed, seeds, limits };
      await sendLines(thread, { kind: 'seeds', asks }, response, { patience, stall, report });
    } finally {
      running--;
      await thread.end();
    }
  });
  return router;
}
