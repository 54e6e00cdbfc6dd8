/** Comparisons over HTTP. The thread that runs them is the built one: `npm run build` comes first. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { compareRoutes } from '../../src/server/compare.js';
import { LIMITS } from '../../src/server/limits.js';
import type { CompareLine, CompareRequest, Refusal } from '../../src/server/protocol.js';
import { refusals } from '../../src/server/refusals.js';
import type { StudyRouteOptions } from '../../src/server/study-route.js';
import { Threads } from '../../src/server/thread.js';
import { compared } from '../../src/study/comparing.js';
import { inProcess } from '../../src/study/executor/index.js';
import { tasks } from '../../src/study/jobs/index.js';
import { EVERYTHING, parse } from '../support/scenario.js';

const FILE = resolve('scenarios/feedback/strategic-credit.yaml');
const SET = { 'population.size': 200, 'lab.size': 400, steps: 30 };
const POLICIES = [
  { name: 'never', set: { 'retrain.when': 'never' } },
  { name: 'every 10', set: { 'retrain.when': { every: 10 }, 'retrain.window': { last: 20 } } },
];
const SEED = 3;
const REPLAY = `
name: replayed rows
seed: ${SEED}
steps: 8
lab: { size: 20 }
population: { rows: { file: rows.csv, replay: { per: 5 }, columns: { x: x, label: y } } }
outcome: { field: y, kind: binary, value: label }
models: { m: { learner: logistic, features: [x], target: y } }
`;
const WIDE = EVERYTHING.replace(
  'late: poisson(2)',
  Array.from({ length: 400 }, (_, k) => `late${k || ''}: poisson(2)`).join('\n    '),
);
const SMALL: CompareRequest = { scenario: 'feedback/strategic-credit', set: SET, policies: POLICIES, seeds: 3 };

describe('POST /api/compare', () => {
  let server: Server | null = null;
  let complaints: unknown[] = [];
  let threads = new Threads();
  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    await threads.close();
    expect(complaints).toEqual([]);
    complaints = [];
  });

  async function serve(options: Partial<StudyRouteOptions> = {}, file = FILE): Promise<string> {
    const app = express();
    const gallery = {
      source: (id: string) => (id === 'feedback/strategic-credit' ? { kind: 'file' as const, file } : null),
    };
    const report = (error: unknown) => complaints.push(error);
    threads = new Threads();
    app.use('/api', compareRoutes(threads, gallery, { limits: LIMITS, scenarioBytes: 1e5, report, ...options }));
    app.use(refusals(report));
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
    const off = ['drift.recession'];
    const { runs, ...end } = await comparedHere({ off }, POLICIES, { seed: 4, seeds: 3 });
    expect(await lines(response)).toEqual([
      { type: 'begin', metric: 'accuracy', steps: 30, seeds: [4, 5, 6], policies: ['never', 'every 10'], runs: 6 },
      ...[4, 5, 6].flatMap((seed) => runs.filter((run) => run.seed === seed)),
      { type: 'end', ...end },
    ]);
  });

  it('takes policies in words, and puts yardsticks beside them that come when it is their turn', async () => {
    const policies = ['every 10, last 20', ' accuracy below 0.8 '];
    const response = await post(await serve(), { ...SMALL, policies, yardsticks: true, seeds: 2 });
    const [begin, ...said] = await lines(response);
    const names = ['never', 'every 10, last 20', 'accuracy below 0.8', 'random like accuracy below 0.8'];
    const all = [...names, 'best fixed', 'oracle'];
    const { runs, ...end } = await comparedHere({ off: [] }, all, { seed: 1, seeds: 2 });
    // Three policies, never and seven periods shorter than the run, one at random, one oracle, each with two seeds.
    expect(begin).toMatchObject({ policies: all, runs: 2 * (3 + 8 + 1 + 1) });
    expect(said.at(-1)).toEqual({ type: 'end', ...end });
    const came = said.flatMap((line) => (line.type === 'run' ? [line] : []));
    const key = ({ policy, seed }: { policy: string; seed: number }) => `${policy} ${seed}`;
    const order = (a: { policy: string; seed: number }, b: { policy: string; seed: number }) =>
      key(a) < key(b) ? -1 : 1;
    expect(came.toSorted(order)).toEqual(runs.toSorted(order));
    expect(came.slice(-2).map(({ policy }) => policy)).toEqual(['oracle', 'oracle']);
  });

  it('says what is wrong with words, as the command line says it', async () => {
    const address = await serve();
    const said = async (policy: string) =>
      (await (await post(address, { ...SMALL, policies: [policy] })).json()) as Refusal;
    expect((await said('evry 10')).error).toBe(
      'policy `evry 10`: `evry 10` means nothing; expected parts such as `never`, `every 20`, `on NAME`, `cost-aware`, `last 40`, `cool 10`, `gate 0.2`, with commas between; did you mean `every`?',
    );
    const [{ expected, file }] = (await said('on nothing')).diagnostics ?? [];
    expect(file).toBe('policy on nothing');
    expect(expected).toMatch(/./);
    // Words from a stranger must not hold the thread.
    expect((await said(`at ${'1'.repeat(190)}x`)).error).toMatch(/means nothing/);
  });

  it('says of a replay that every seed gave the same', async () => {
    const rows = Array.from({ length: 60 }, (_, k) => `${k},${k % 7 < 3 ? 1 : 0}`).join('\n');
    const folder = await mkdtemp(join(tmpdir(), 'driftloop-replay-'));
    const file = join(folder, 'replay.yaml');
    await writeFile(join(folder, 'rows.csv'), `x,y\n${rows}\n`);
    await writeFile(file, REPLAY);
    const response = await post(await serve({}, file), { ...SMALL, set: {}, policies: ['never', 'every 5, last 5'] });
    const said = await lines(response);
    await rm(folder, { recursive: true });
    expect(said.at(-1)).toMatchObject({ type: 'end', alike: 3, seeds: [SEED] });
  });

  async function comparedHere(
    { off }: { off: string[] },
    policies: Parameters<typeof compared>[0]['policies'],
    { seed, seeds }: { seed: number; seeds: number },
  ) {
    const asked = { file: FILE, set: SET, off, data: null };
    const loaded = await loadScenario(FILE, { set: SET, off });
    const executor = inProcess(tasks);
    return compared({ asked, loaded, policies, seed, seeds, higherIsBetter: true, executor });
  }

  it('takes a scenario of one’s own', async () => {
    const response = await post(await serve(), { text: EVERYTHING, policies: POLICIES, seeds: 1 });
    const { scenario } = await parse(EVERYTHING);
    const said = await lines(response);
    expect(said.map(({ type }) => type)).toEqual(['begin', 'run', 'run', 'end']);
    expect(said[0]).toMatchObject({ seeds: [scenario.seed] });
  });

  it.each<[string, number, unknown, RegExp]>([
    ['text that is no JSON', 400, '{', /not a JSON object/],
    ['a body that is too large', 413, 'x'.repeat(300_000), /larger than/],
    ['nothing', 400, {}, /policies/],
    ['a text that is too long', 413, { text: 'x'.repeat(1e5 + 1), policies: POLICIES }, /longer than/],
    ['two sources', 400, { ...SMALL, text: 'x' }, /one of `scenario` and `text`/],
    ['no policy', 400, { ...SMALL, policies: [] }, /policies/],
    ['words that are too long', 400, { ...SMALL, policies: ['x'.repeat(201)] }, /at most 200 letters/],
    ['the same words twice', 400, { ...SMALL, policies: ['never', ' never'] }, /none twice/],
    ['yardsticks that are no yes or no', 400, { ...SMALL, yardsticks: 'all' }, /`yardsticks` is true or false/],
    [
      'a yardstick of what is not there',
      400,
      { ...SMALL, policies: ['never', 'random like x'] },
      /not among the policies/,
    ],
    [
      'yardsticks that are too much work',
      400,
      { ...SMALL, set: { 'population.size': 2e4, steps: 100 }, policies: ['never'], yardsticks: true, seeds: 50 },
      /yardsticks take runs, too/,
    ],
    ['nine policies', 400, { ...SMALL, policies: Array(9).fill(POLICIES[0]) }, /policies/],
    ['the same name twice', 400, { ...SMALL, policies: [POLICIES[0], POLICIES[0]] }, /a name of its own/],
    ['51 seeds', 400, { ...SMALL, seeds: 51 }, /seeds/],
    ['a key that is not known', 400, { ...SMALL, plugin: 'x' }, /plugin/],
    ['a scenario that is not there', 404, { ...SMALL, scenario: '../package.json' }, /no scenario/],
    ['too many individuals', 400, { ...SMALL, set: { 'population.size': 300_000 } }, /300,000 individuals/],
    ['too many columns', 400, { text: WIDE, policies: POLICIES }, /columns/],
    ['too large a lab', 400, { ...SMALL, set: { 'lab.size': 1e9 } }, /rows in the lab/],
    ['too many steps', 400, { ...SMALL, set: { ...SET, steps: 30_000 } }, /30,000 steps/],
    ['too much work', 400, { ...SMALL, set: { 'population.size': 2e5, steps: 1000 }, seeds: 50 }, /times seeds/],
    [
      'a value that is nested without end',
      400,
      `{"scenario":"feedback/strategic-credit","policies":[{"name":"x","set":{"retrain.when":${'['.repeat(9e4)}${']'.repeat(9e4)}}}]}`,
      /`policies` is/,
    ],
    ['a value that is not possible', 400, { ...SMALL, set: { steps: 'many' } }, /expected|number/],
    ['a mechanism that is not there', 400, { ...SMALL, off: ['drift.flood'] }, /no mechanism `drift.flood`/],
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
      /`population.rows` cannot be set/,
    ],
  ])('refuses %s', async (_, status, request, words) => {
    const response = await post(await serve(), request);
    expect(response.status).toBe(status);
    const refusal = (await response.json()) as Refusal;
    expect(JSON.stringify(refusal)).toMatch(words);
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
    expect(text).toMatch(/longer than 1 s/);
    expect(complaints.splice(0)).toEqual([expect.stringContaining('took longer than 1 s')]);
  });

  it('ends a run that holds more than there is room for, and says so', async () => {
    const text = `
name: hoards
steps: 20000
population: { size: 10000, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: x }
models: { m: { learner: linear, features: [x] } }
retrain: { when: { every: 19999 }, window: all }
`;
    const policies = [{ name: 'as it is', set: {} }];
    const response = await post(await serve({ patience: 60 }), { text, policies, seeds: 1 });
    const said = (await lines(response)).at(-1);
    expect(said).toMatchObject({ type: 'failed', error: expect.stringContaining('more memory') });
    expect(String(complaints.splice(0))).toContain('more memory');
  }, 60_000);
});
