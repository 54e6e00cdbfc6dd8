import { get as httpGet, type IncomingMessage } from 'node:http';
import { parse as parseCsv } from 'csv-parse/sync';
import express from 'express';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepRecord, TraceRecord } from '../../src/loop/trace.js';
import type { LoadedScenario } from '../../src/scenario/load.js';
import { simulate } from '../../src/scenario/simulate.js';
import { createApp } from '../../src/server/app.js';
import { exportRoutes } from '../../src/server/exports.js';
import { listen } from '../../src/server/listen.js';
import type { RunCreated, RunFacts, RunStatus } from '../../src/server/protocol.js';
import { Refused } from '../../src/server/refused.js';
import type { RunRecipe, StoredRun } from '../../src/server/run-store.js';
import { framesOf } from '../../src/study/export/replay.js';
import { numbersOf } from '../../src/study/export/rows.js';
import { EVERYTHING, parse } from '../support/scenario.js';

const HOSTILE = '</script><img src=x onerror=alert(1)>"../../x\r\nSet-Cookie: a=b';

let loaded: LoadedScenario;
let whole: TraceRecord[];
let address: string;
let close: () => void;
const runs = new Map<string, StoredRun>();
const failures: unknown[] = [];

/** A run of the store with the lines given. */
function stored(lines: StoredRun['lines'], more: { interventions?: RunRecipe['interventions'] } = {}): StoredRun {
  return {
    id: 'any',
    // The exports read no more of them than this.
    facts: { name: HOSTILE, seed: 7 } as RunFacts,
    status: { state: 'running', t: 0, speed: null },
    recipe: {
      source: { kind: 'text', text: '' },
      set: {},
      off: [],
      seed: 7,
      interventions: more.interventions ?? [],
      twin: true,
    },
    length: 0,
    whole: true,
    lines,
  };
}

const fromRecords = (records: readonly TraceRecord[]) =>
  async function* () {
    for (const record of records) yield JSON.stringify(record);
  };

beforeAll(async () => {
  loaded = await parse(EVERYTHING.replace('name: everything', `name: ${JSON.stringify(HOSTILE)}`));
  whole = [];
  for await (const record of simulate(loaded, { seed: 7, twin: 'feedback' })) whole.push(record);
  runs.set('whole', stored(fromRecords(whole)));
  const app = express();
  app.use('/api', exportRoutes(runs, framesOf));
  app.use((error: unknown, _request: express.Request, response: express.Response, next: express.NextFunction) => {
    if (error instanceof Refused) {
      response.status(error.status).json({ error: error.message });
      return;
    }
    failures.push(error);
    if (response.headersSent) next(error);
    else response.status(500).json({ error: 'no' });
  });
  const { port, server } = await listen(app, '127.0.0.1', 0);
  address = `http://127.0.0.1:${port}/api/runs`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterAll(() => close());

const get = (id: string, format: string, init: RequestInit = {}) => fetch(`${address}/${id}/trace.${format}`, init);
const steps = () => whole.filter((record): record is StepRecord => record.type === 'step');
const dataOf = (html: string) => JSON.parse(/id="driftloop-trace">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '');

describe('downloads', () => {
  it.each([
    ['ndjson', 'application/x-ndjson; charset=utf-8'],
    ['csv', 'text/csv; charset=utf-8; header=present'],
    ['parquet', 'application/vnd.apache.parquet'],
    ['html', 'text/html; charset=utf-8'],
  ])('come as %s under a safe name', async (format, type) => {
    for (const method of ['GET', 'HEAD']) {
      const response = await get('whole', format, { method });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(type);
      const name = `script-img-src-x-onerror-alert-1-x-set-cookie-a-b-seed-7.${format}`;
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect((await response.arrayBuffer()).byteLength > 0).toBe(method === 'GET');
    }
  });

  it('give the trace as it is', async () => {
    const text = await (await get('whole', 'ndjson')).text();
    expect(text).toBe(whole.map((record) => `${JSON.stringify(record)}\n`).join(''));
  });

  it('give every number in both tables', async () => {
    const rows = parseCsv(await (await get('whole', 'csv')).text(), { columns: true }) as Record<string, string>[];
    const typed = await parquetReadObjects({ file: await (await get('whole', 'parquet')).arrayBuffer() });
    expect([rows.length, typed.length]).toEqual([40, 40]);
    steps().forEach((record, k) => {
      for (const [name, value] of numbersOf(record)) {
        expect(rows[k][name]).toBe(value === null ? '' : String(value));
        expect(typed[k][name]).toBe(value);
      }
    });
  });

  it('give a page with the run, its people and its facts', async () => {
    const html = await (await get('whole', 'html')).text();
    expect(html.includes('<img')).toBe(false);
    const data = dataOf(html);
    expect(data.records).toEqual(whole);
    expect([data.frames.length, data.note]).toEqual([20, null]);
    expect(data.facts).toEqual({ name: HOSTILE, seed: 7 });
  });

  it('give what there is of a run that goes on, with the hands that were put on it', async () => {
    const interventions = [{ at: 4, set: { 'respond.gaming.strength': 9 } }];
    const touched: TraceRecord[] = [];
    for await (const record of simulate(loaded, { seed: 7, twin: 'feedback', interventions }))
      touched.push(record.type === 'header' ? { ...record, interventions: [] } : record);
    const half = touched.slice(0, touched.length >> 1);
    runs.set('half', stored(fromRecords(half), { interventions }));
    runs.set('begun', stored(fromRecords([])));
    const made = half.filter(({ twin, type }) => type === 'step' && twin === undefined).length;
    const data = dataOf(await (await get('half', 'html')).text());
    expect([data.records.length, data.frames.length, data.note]).toEqual([half.length, made, null]);
    expect(parseCsv(await (await get('half', 'csv')).text())).toHaveLength(
      1 + half.filter(({ type }) => type === 'step').length,
    );
    expect(await (await get('begun', 'ndjson')).text()).toBe('');
    expect(await (await get('begun', 'csv')).text()).toBe('run,t,worst\r\n');
  });

  it('refuse what is not there', async () => {
    const response = await get('nobody', 'csv');
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: expect.stringContaining('no such run') });
    for (const format of ['xml', 'toString', 'csv.exe']) expect((await get('whole', format)).status).toBe(404);
  });

  it('tell of a failure before the first byte, and break off at a later one', async () => {
    runs.set(
      'dropped',
      // biome-ignore lint/correctness/useYield: it fails before it has anything to give.
      stored(async function* (): AsyncGenerator<string> {
        throw new Error('dropped');
      }),
    );
    const refused = await get('dropped', 'csv');
    expect([refused.status, await refused.json()]).toEqual([500, { error: 'no' }]);
    runs.set(
      'dropping',
      stored(async function* () {
        yield* fromRecords(whole)();
        throw new Error('dropped');
      }),
    );
    const broken = await get('dropping', 'ndjson');
    await expect(broken.text()).rejects.toThrow();
    expect(failures).toHaveLength(2);
  });

  it('make no more than the reader takes, and stop when it goes', async () => {
    let made = 0;
    let ended = false;
    const line = JSON.stringify(whole[0]);
    runs.set(
      'endless',
      stored(async function* () {
        try {
          for (;;) {
            made++;
            yield line;
          }
        } finally {
          ended = true;
        }
      }),
    );
    const response = await new Promise<IncomingMessage>((resolve) =>
      httpGet(`${address}/endless/trace.ndjson`, resolve),
    );
    response.pause();
    const settled = async () => {
      for (let before = -1; before !== made; await new Promise((resolve) => setTimeout(resolve, 100))) before = made;
      return made;
    };
    const held = await settled();
    expect(held * line.length).toBeLessThan(50e6);
    response.destroy();
    await expect.poll(() => ended, { timeout: 5000 }).toBe(true);
    expect(failures).toHaveLength(2);
  });

  it('let others have their turn while a table is made', async () => {
    const step = steps()[0];
    const header = whole.find(({ type }) => type === 'header') ?? whole[0];
    runs.set('long', stored(fromRecords([header, ...Array.from({ length: 20_000 }, (_, t) => ({ ...step, t }))])));
    const download = get('long', 'parquet').then((response) => response.arrayBuffer());
    const waits: number[] = [];
    let done = false;
    download.finally(() => {
      done = true;
    });
    while (!done) {
      const start = performance.now();
      await new Promise((resolve) => setImmediate(resolve));
      waits.push(performance.now() - start);
    }
    // The bytes, and that others were heard meanwhile; how long each waited depends on the machine.
    expect((await download).byteLength).toBeGreaterThan(1000);
    expect(waits.length).toBeGreaterThan(300);
  });

  it('make four pages at a time and no more', async () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    runs.set(
      'waiting',
      stored(async function* () {
        await gate;
        yield* fromRecords(whole.slice(0, 2))();
      }),
    );
    const four = Array.from({ length: 4 }, () => get('waiting', 'html'));
    await expect
      .poll(
        async () => (await get('waiting', 'html', { signal: AbortSignal.timeout(300) }).catch(() => null))?.status,
        { timeout: 5000 },
      )
      .toBe(503);
    go();
    for (const response of await Promise.all(four)) {
      expect(response.status).toBe(200);
      await response.text();
    }
    const again = await get('waiting', 'html');
    expect(again.status).toBe(200);
    expect(dataOf(await again.text()).note).toMatch(/no step was made/);
  });

  it('belong to the runs of a server', async () => {
    const served = createApp({ grace: 60 });
    const { port, server } = await listen(served.express, '127.0.0.1', 0);
    try {
      const text = EVERYTHING.replace('steps: 20', 'steps: 40');
      const at = `http://127.0.0.1:${port}/api/runs`;
      const post = (to: string, body: object) =>
        fetch(to, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
      const created = await post(at, { text, seed: 3, speed: null, until: 12 });
      const { facts, id } = (await created.json()) as RunCreated;
      // A listener is what makes a run go on.
      const leave = new AbortController();
      const events = await fetch(`${at}/${id}/events`, { signal: leave.signal });
      const reading = events.body?.pipeTo(new WritableStream()).catch(() => {});
      const state = async () => ((await (await fetch(`${at}/${id}`)).json()) as { status: RunStatus }).status.t;
      await expect.poll(state, { timeout: 10_000 }).toBe(12);
      await post(`${at}/${id}/control`, { do: 'set', set: { 'respond.gaming.strength': 9 } });
      await post(`${at}/${id}/control`, { do: 'step', steps: 5 });
      await expect.poll(state, { timeout: 10_000 }).toBe(17);
      const download = await fetch(`${at}/${id}/trace.html`);
      expect(download.headers.get('content-disposition')).toBe('attachment; filename="everything-seed-3.html"');
      const data = dataOf(await download.text());
      expect([data.frames.length, data.note]).toEqual([17, null]);
      expect(data.facts).toEqual(facts);
      const csv = parseCsv(await (await fetch(`${at}/${id}/trace.csv`)).text());
      expect(csv.length).toBeGreaterThanOrEqual(1 + 2 * 17);
      leave.abort();
      await reading;
    } finally {
      server.closeAllConnections();
      server.close();
      await served.close();
    }
  });
});
