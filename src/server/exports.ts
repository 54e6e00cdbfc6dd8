/** Downloads: what there is of a run so far, as its trace, a table or a page. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { type NextFunction, type Request, type Response, Router } from 'express';
import type { TraceRecord } from '../loop/trace.js';
import { CsvEncoder } from '../study/export/csv.js';
import { type Chunk, type Encoder, encoded } from '../study/export/encoder.js';
import { fileName } from '../study/export/file-name.js';
import { HtmlEncoder } from '../study/export/html.js';
import { type Page, readPage } from '../study/export/page.js';
import { ParquetEncoder } from '../study/export/parquet.js';
import type { framesOf } from '../study/export/replay.js';
import { atMost } from './guard.js';
import { Refused } from './refused.js';
import type { RunStore, StoredRun } from './run-store.js';

const TYPES = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
  html: 'text/html; charset=utf-8',
} as const;
type Format = keyof typeof TYPES;

/** Pages made at a time: each may run a run again. */
const MOST_PAGES = 4;
const MOST_A_MINUTE = 120;
/** A reader that takes nothing for so long has gone, whatever its connection says. Longer than a run is run again. */
const STALLED_MILLISECONDS = 120_000;
/** Records after which others have their turn: a table may take many before it gives any. */
const TURN = 32;

/**
 * `GET /api/runs/:id/trace.ndjson`, `.csv`, `.parquet` and `.html`. `frames` runs a run again, for its people: not in the
 * thread that answers others.
 */
export function exportRoutes(runs: RunStore, frames: typeof framesOf): Router {
  const router = Router();
  let pages = 0;
  router.get<{ id: string; format: string }>(
    '/runs/:id/trace.:format',
    atMost(MOST_A_MINUTE, 'downloads'),
    async (request, response, next) => {
      const { format, id } = request.params;
      if (!isFormat(format)) return next();
      const run = runs.get(id);
      if (run === undefined) throw new Refused('There is no such run, or it is no longer kept.', undefined, 404);
      if (format !== 'html') return send(request, response, next, { run, format, frames });
      if (pages >= MOST_PAGES)
        throw new Refused(`${MOST_PAGES} pages are being made already: come back later.`, undefined, 503);
      pages++;
      try {
        await send(request, response, next, { run, format, frames });
      } finally {
        pages--;
      }
    },
  );
  return router;
}

interface Wanted {
  readonly run: StoredRun;
  readonly format: Format;
  readonly frames: typeof framesOf;
}

const isFormat = (text: string): text is Format => Object.hasOwn(TYPES, text);

async function send(request: Request, response: Response, next: NextFunction, wanted: Wanted): Promise<void> {
  const { format, run } = wanted;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.setTimeout(STALLED_MILLISECONDS, () => response.destroy());
  const chunks = format === 'ndjson' ? ndjson(run) : table(wanted, gone.signal);
  try {
    // What goes wrong before the first byte can still be told.
    const first = await chunks.next();
    response.status(200).set({
      'Content-Type': TYPES[format],
      'Content-Disposition': `attachment; filename="${fileName(run.facts.name, run.facts.seed, format)}"`,
      'Cache-Control': 'no-store',
    });
    if (request.method === 'HEAD' || first.done) {
      response.end();
      await chunks.return();
      return;
    }
    await pipeline(Readable.from(joined(first.value, chunks)), response);
  } catch (error) {
    await chunks.return();
    if (gone.signal.aborted) return;
    next(error);
  }
}

async function* joined(first: Chunk, rest: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  yield first;
  yield* rest;
}

async function* ndjson(run: StoredRun): AsyncGenerator<Chunk, void, undefined> {
  for await (const line of run.lines()) yield `${line}\n`;
}

async function* table(wanted: Wanted, signal: AbortSignal): AsyncGenerator<Chunk, void, undefined> {
  yield* encoded(records(wanted.run), await encoderOf(wanted, signal));
}

async function* records(run: StoredRun): AsyncGenerator<TraceRecord> {
  let count = 0;
  for await (const line of run.lines()) {
    yield JSON.parse(line) as TraceRecord;
    if (++count % TURN === 0) await setImmediate();
  }
}

async function encoderOf({ format, frames, run }: Wanted, signal: AbortSignal): Promise<Encoder> {
  if (format === 'csv') return new CsvEncoder();
  if (format === 'parquet') return new ParquetEncoder();
  return new HtmlEncoder({
    page: await page(),
    facts: () => run.facts,
    interventions: run.recipe.interventions,
    frames: (known, options) => frames(known, { ...options, signal }),
  });
}

let built: Promise<Page> | null = null;

/** Read once: it does not change while the server runs. */
function page(): Promise<Page> {
  built ??= readPage().catch((error: unknown) => {
    built = null;
    throw error;
  });
  return built;
}
