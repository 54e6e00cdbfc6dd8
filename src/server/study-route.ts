/** A study that a client asks for: checked, made in a thread of its own, and sent line by line. */
import { Router } from 'express';
import type { Gallery } from './gallery.js';
import { atMost } from './guard.js';
import type { CompareLimits } from './limits.js';
import type { Kind, Questions } from './messages.js';
import { Refused } from './refused.js';
import { askedSource, bodyOf } from './requests.js';
import type { RunSource } from './run-store.js';
import { sendLines } from './send-lines.js';
import type { Threads } from './thread.js';

export interface StudyRouteOptions {
  readonly limits: CompareLimits;
  readonly scenarioBytes: number;
  /** Studies of this kind at a time. Default 2. */
  readonly running?: number;
  /** Those that are begun in a minute. Default: as the kind has it. */
  readonly aMinute?: number;
  /** Seconds that loading the scenario, or one run, may take. Default 120. */
  readonly patience?: number;
  /** Seconds that a client may leave what was sent to it unread. Default 30. */
  readonly stall?: number;
  /** Told of what goes wrong in here; the client only hears that something did. */
  readonly report: (error: unknown) => void;
}

interface StudyKind<A, K extends Kind> {
  readonly path: string;
  /** Several of them, in a word: `comparisons`. */
  readonly several: string;
  readonly aMinute: number;
  /** Throws a `Refused`. */
  readonly read: (body: unknown) => A;
  readonly question: (asked: A, source: RunSource) => { readonly kind: K; readonly asks: Questions[K]['asks'] };
}

export function studyRoute<A extends { readonly scenario?: string; readonly text?: string }, K extends Kind>(
  { question, read, several, ...study }: StudyKind<A, K>,
  threads: Threads,
  gallery: Pick<Gallery, 'source'>,
  { aMinute = study.aMinute, patience = 120, report, running: most = 2, scenarioBytes, stall = 30 }: StudyRouteOptions,
): Router {
  const router = Router();
  let running = 0;
  router.post(study.path, atMost(aMinute, several), bodyOf(scenarioBytes), async (request, response) => {
    const asked = read(request.body);
    const source = askedSource(asked, gallery, scenarioBytes);
    if (running >= most) throw new Refused(`${most} ${several} go on here already: come back later.`, undefined, 503);
    running++;
    const thread = threads.cold();
    try {
      await sendLines(thread, question(asked, source), response, { patience, stall, report });
    } finally {
      running--;
      await thread.end();
    }
  });
  return router;
}
