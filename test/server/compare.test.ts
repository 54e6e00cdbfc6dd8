/** Comparisons over HTTP. The thread that runs them is the built one: `npm run build` comes first. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { resolve } from 'node:path';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { type CompareRouterOptions, compareRouter } from '../../src/server/compare.js';
import type { CompareLine, CompareRequest, Refusal } from '../../src/server/protocol.js';
import { compare } from '../../src/study/compare.js';
import { EVERYTHING, parse } from '../support/scenario.js';

const FILE = resolve('scenarios/feedback/strategic-credit.yaml');
const SET = { 'population.size': 200, 'lab.size': 400, steps: 30 };
const POLICIES = [
  { name: 'never', set: { 'retrain.when': 'never' } },
  { name: 'every 10', set: { 'retrain.when': { every: 10 }, 'retrain.window': { last: 20 } } },
];
const SMALL: CompareRequest = { scenario: 'feedback/strategic-credit', set: SET, policies: POLICIES, seeds: 3 };

describe('POST /api/compare', () => {
  let server: Server | null = null;
  let complaints: unknown[] = [];
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    expect(complaints).toEqual([]);
    complaints = [];
  });

  async function serve(options: Partial<CompareRouterOptions> = {}): Promise<string> {
    const app = express();
    app.use(
      compareRouter({
        resolve: async (id) => (id === 'feedback/strategic-credit' ? { file: FILE } : null),
        report: (error) => complaints.push(error),
        ...options,
      }),
    );
    const made = createServer(app);
    server = made;
    await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}/api/compare`;
  }

  const post = (address: string, request: unknown, signal?: AbortSignal) =>
    fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: typeof request === 'string' ? request : JSON.stringify(request),
      ...(signal === undefined ? {} : { signal }),
    });
  const lines = async (response: Response): Promise<CompareLine[]> => {
    const text = await response.text();
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as CompareLine);
  };

  it('sends what the library compares, line by line', async () => {
    const response = await post(await serve(), { ...SMALL, off: ['drift.recession'], seed: 4 });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    const loaded = await loadScenario(FILE, { set: SET, off: ['drift.recession'] });
    expect(await lines(response)).toEqual([...compare(loaded, { policies: POLICIES, seed: 4, seeds: 3 })]);
  });

  it('takes a scenario of one’s own', async () => {
    const response = await post(await serve(), { text: EVERYTHING, policies: POLICIES, seeds: 1 });
    const loaded = await parse(EVERYTHING);
    expect(await lines(response)).toEqual([...compare(loaded, { policies: POLICIES, seeds: 1 })]);
  });

  it.each<[string, number, unknown, RegExp]>([
    ['text that is no JSON', 400, '{', /not valid JSON/],
    ['a body that is too large', 413, 'x'.repeat(300_000), /too large/],
    ['nothing', 400, {}, /policies/],
    ['two sources', 400, { ...SMALL, text: 'x' }, /exactly one/],
    ['no policy', 400, { ...SMALL, policies: [] }, /policies/],
    ['nine policies', 400, { ...SMALL, policies: Array(9).fill(POLICIES[0]) }, /policies/],
    ['the same name twice', 400, { ...SMALL, policies: [POLICIES[0], POLICIES[0]] }, /same name/],
    ['51 seeds', 400, { ...SMALL, seeds: 51 }, /seeds/],
    ['a key that is not known', 400, { ...SMALL, plugin: 'x' }, /plugin/],
    ['a scenario that is not there', 404, { ...SMALL, scenario: '../package.json' }, /no scenario/],
    ['too many individuals', 400, { ...SMALL, set: { 'population.size': 300_000 } }, /300,000 individuals/],
    ['too large a lab', 400, { ...SMALL, set: { 'lab.size': 1e9 } }, /individuals, the lab included/],
    ['too many steps', 400, { ...SMALL, set: { ...SET, steps: 30_000 } }, /30,000 steps/],
    ['too much work', 400, { ...SMALL, set: { 'population.size': 2e5, steps: 3000 } }, /policies x seeds/],
    [
      'records beyond the memory',
      400,
      {
        ...SMALL,
        seeds: 1,
        set: { 'population.size': 1e5, steps: 5000, 'retrain.window': 'all' },
        policies: [{ name: 'a', set: { 'retrain.window': 'all' } }],
      },
      /MB/,
    ],
    ['a value that is not possible', 400, { ...SMALL, set: { steps: 'many' } }, /expected|number/],
    ['a mechanism that is not there', 400, { ...SMALL, off: ['drift.flood'] }, /no `flood`/],
    [
      'a policy that is not possible',
      400,
      { ...SMALL, policies: [{ name: 'x', set: { 'retrain.when': { every: 0 } } }] },
      /./,
    ],
    [
      'a policy that changes the steps',
      400,
      { ...SMALL, policies: [{ name: 'x', set: { steps: 3 } }] },
      /number of steps/,
    ],
    ['text that is no scenario', 400, { text: 'a: [', policies: POLICIES }, /./],
    ['text that names a file to extend', 400, { text: `extends: ${FILE}`, policies: POLICIES }, /may not read files/],
    [
      'text that names a file of rows',
      400,
      {
        text: `${EVERYTHING.replace('fields:', 'rows: { file: /etc/passwd, columns: { a: a } }\n  fields:')}`,
        policies: POLICIES,
      },
      /may not read files/,
    ],
    ['a value that names a file of rows', 400, { ...SMALL, set: { 'population.rows.file': '/etc/passwd' } }, /./],
    [
      'a policy that names a file of rows',
      400,
      {
        ...SMALL,
        policies: [{ name: 'x', set: { 'population.rows': { file: '/etc/passwd', columns: { a: 'root' } } } }],
      },
      /which rows are read/,
    ],
  ])('refuses %s', async (_, status, request, words) => {
    const response = await post(await serve(), request);
    expect(response.status).toBe(status);
    const refusal = (await response.json()) as Refusal;
    expect(refusal.error).toMatch(words);
    expect(JSON.stringify(refusal)).not.toContain(resolve('scenarios'));
  });

  it('says where a scenario is wrong, and in which policy', async () => {
    const address = await serve();
    const policies = [POLICIES[0], { name: 'odd', set: { 'retrain.window': { lst: 3 } } }];
    const refusal = (await (await post(address, { ...SMALL, policies })).json()) as Refusal;
    expect(refusal.diagnostics?.[0].file).toBe('policy odd');
    const own = (await (await post(address, { text: 'name: x\nsteps: many\n', policies })).json()) as Refusal;
    expect(own.diagnostics?.some(({ file, line }) => file === 'scenario' && line === 2)).toBe(true);
  });

  const LONG: CompareRequest = { ...SMALL, set: { 'population.size': 5000, steps: 2000 }, seeds: 50 };

  it('runs two at a time, and has room again when one leaves', async () => {
    const address = await serve();
    const leave = [new AbortController(), new AbortController()];
    const held = await Promise.all(leave.map(({ signal }) => post(address, LONG, signal)));
    expect(held.map(({ status }) => status)).toEqual([200, 200]);
    const refused = await post(address, SMALL);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    leave[0].abort();
    await expect.poll(async () => (await post(address, SMALL)).status, { timeout: 15_000 }).toBe(200);
    leave[1].abort();
  });

  it('makes no line more for a reader who does not read, and ends it in the end', async () => {
    const address = await serve({ running: 1, stall: 1 });
    const { hostname, port } = new URL(address);
    // Lines of 400 kB: a few of them fill what the system buffers.
    const text = `
name: long
steps: 20000
population: { size: 1, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: x }
models: { m: { learner: mean, target: y, start: { intercept: 0 } } }
`;
    const policies = Array.from({ length: 8 }, (_, k) => ({ name: `${k}`, set: { 'retrain.when': 'never' } }));
    const body = JSON.stringify({ text, policies, seeds: 50 });
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.write(
      `POST /api/compare HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await expect.poll(async () => (await post(address, SMALL)).status, { timeout: 15_000 }).toBe(503);
    await expect.poll(async () => (await post(address, SMALL)).status, { timeout: 25_000, interval: 200 }).toBe(200);
    socket.destroy();
  });

  it('ends a run that takes too long, and says so', async () => {
    const late = await post(await serve({ patience: 1 }), {
      ...SMALL,
      set: { 'population.size': 2e5, steps: 1000, 'retrain.window.last': 1 },
      seeds: 1,
    });
    const text = await late.text();
    expect(text).toMatch(/more than 1 seconds/);
  });
});
