/** A study sent line by line, as its thread tells it. */
import type { Response } from 'express';
import type { Kind, Questions } from './messages.js';
import { Refused } from './refused.js';
import { Broken, type Thread } from './thread.js';

export interface LinesPatience {
  /** Seconds that loading the scenario, or one line, may take. */
  readonly patience: number;
  /** Seconds that a client may leave what was sent to it unread. */
  readonly stall: number;
  /** Told of what goes wrong in here; the client only hears that something did. */
  readonly report: (error: unknown) => void;
}

/** Pulls line by line: a slow reader slows its own study, and one who leaves ends it. Throws a `Refused` before the first line. */
export async function sendLines<K extends Kind>(
  thread: Thread,
  { asks, kind }: { readonly kind: K; readonly asks: Questions[K]['asks'] },
  response: Response,
  { patience, report, stall }: LinesPatience,
): Promise<void> {
  response.on('close', () => void thread.end());
  try {
    await thread.ask(kind, asks, patience);
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
    const failed = { type: 'failed', error: error.message.replace(/\.$/, '') };
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
