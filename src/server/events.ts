/**
 * A run as server-sent events. Every listener pulls a run of its own, so a slow one slows nobody else, and nothing is
 * stored: a run is the same each time, and who comes back with the id of the last record it has is given what follows.
 */
import { once } from 'node:events';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Response } from 'express';
import type { TraceRecord } from '../loop/trace.js';

export interface Pace {
  /** Records up to and with this one are made, and not sent; -1 sends them all. */
  readonly after: number;
  /** Steps a second; Infinity is as fast as it goes. */
  readonly speed: number;
}

/** Sends the records until they end or the listener goes. The id of an event counts the records from 0. */
export async function sendEvents(
  records: AsyncGenerator<TraceRecord>,
  response: Response,
  { after, speed }: Pace,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // A proxy that collects events before it passes them on would stop the picture.
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  let id = -1;
  try {
    for await (const record of records) {
      id++;
      if (gone.signal.aborted) return;
      if (id > after) {
        if (!response.write(`id: ${id}\ndata: ${JSON.stringify(record)}\n\n`))
          await once(response, 'drain', { signal: gone.signal });
        if (record.type === 'step' && record.twin === undefined && Number.isFinite(speed))
          await setTimeout(1000 / speed, undefined, { signal: gone.signal });
      }
      // Other listeners have their turn after each record.
      await setImmediate();
    }
    response.end();
  } catch (error) {
    if (gone.signal.aborted) return;
    // Headers have gone out: the listener is told in the stream, in one line and without inner details.
    response.end('event: failed\ndata: {"error":"the run failed"}\n\n');
    throw error;
  } finally {
    await records.return(undefined);
  }
}
