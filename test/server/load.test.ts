/**
 * A bounded load: 200 viewers on 20 runs, ten of them never reading, five vanishing in mid-stream, the honest ones torn
 * off once. Slow: 8 seconds, or as many as DRIFTLOOP_LOAD says (60 is the full one).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StepRecord } from '../../src/loop/trace.js';
import { loadScenario } from '../../src/scenario/load.js';
import { simulate } from '../../src/scenario/simulate.js';
import { bulky } from '../support/bulky.js';
import { begin, DEFAULT, SMALL } from '../support/stream.js';

const SECONDS = Number(process.env.DRIFTLOOP_LOAD ?? 8);
const RUNS = 20;
const VIEWERS = 200;
/** On the last two runs, whose records are large: five each that never read. */
const DEAF = 10;
const VANISHING = 5;
const SPEED = 10;
const STEPS = 20 * SPEED * SECONDS;

interface Memory {
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
  readonly deaf: number;
  readonly cpu: NodeJS.CpuUsage;
}

/** Reads a stream, and checks that its records come one by one. */
class Viewer {
  readonly problems: string[] = [];
  last = -1;
  reconnected = false;
  private response: IncomingMessage | null = null;
  private rest = '';

  constructor(
    private readonly at: string,
    private readonly keep: string[] | null = null,
  ) {}

  open(): Promise<void> {
    const headers = this.last < 0 ? {} : { 'Last-Event-ID': String(this.last) };
    this.rest = '';
    return new Promise((resolve, reject) => {
      get(`${this.at}/events`, { headers, agent: false }, (response) => {
        this.response = response;
        if (response.statusCode !== 200) this.problems.push(`status ${response.statusCode}`);
        response.setEncoding('utf8');
        response.on('data', (text: string) => this.read(text));
        response.on('error', () => {});
        resolve();
      }).on('error', (error) => {
        if (this.response === null) reject(error);
      });
    });
  }

  pause(): void {
    this.response?.pause();
  }

  leave(): void {
    this.response?.destroy();
  }

  async tornOff(): Promise<void> {
    this.leave();
    this.reconnected = true;
    await this.open();
  }

  private read(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (!block.startsWith('id: ')) continue;
      const end = block.indexOf('\n');
      const id = Number(block.slice(4, end));
      if (id !== this.last + 1) this.problems.push(`${id} after ${this.last}`);
      this.last = id;
      this.keep?.push(block.slice(end + '\ndata: '.length));
    }
  }
}

let server: ChildProcess;
const complaints: string[] = [];
const hear = <T>(key: string): Promise<T> =>
  new Promise((resolve) => {
    const listen = (message: Record<string, T>) => {
      if (!(key in message)) return;
      server.off('message', listen);
      resolve(message[key]);
    };
    server.on('message', listen);
  });
const memory = async (): Promise<Memory> => {
  const answer = hear<Memory>('memory');
  server.send('memory');
  return answer;
};
const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

let address: string;
beforeAll(async () => {
  server = fork('test/server/load-server.mjs', { execArgv: ['--expose-gc'] });
  server.on('message', (message: { complaint?: string }) => {
    if (message.complaint !== undefined) complaints.push(message.complaint);
  });
  address = await hear<string>('address');
}, 30_000);
afterAll(async () => {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.send('end');
  await gone;
});

it(`${VIEWERS} viewers on ${RUNS} runs for ${SECONDS} s: nothing lost, nothing doubled, memory flat`, {
  timeout: 1000 * (3 * SECONDS + 60),
}, async () => {
  const small = { ...SMALL, steps: STEPS, 'population.size': 200 };
  const runs: Awaited<ReturnType<typeof begin>>[] = [];
  for (let k = 0; k < RUNS; k++) {
    const isBulky = k >= RUNS - 2;
    const what = isBulky ? { text: bulky(20_000), twin: false } : { scenario: DEFAULT, set: small };
    runs.push(await begin(address, { ...what, seed: k + 1, speed: SPEED }));
  }
  const kept: string[] = [];
  const perRun = VIEWERS / RUNS;
  const viewers = runs.flatMap(({ at }, run) =>
    Array.from({ length: perRun }, (_, k) => new Viewer(at, run === 0 && k === 0 ? kept : null)),
  );
  const deaf = viewers.slice(-2 * perRun).filter((_, k) => k % 2 === 0);
  const vanishing = viewers.filter((_, k) => k % 37 === 3).slice(0, VANISHING);
  const honest = viewers.filter((viewer) => !deaf.includes(viewer) && !vanishing.includes(viewer));
  expect([deaf.length, vanishing.length, honest.length]).toEqual([DEAF, VANISHING, VIEWERS - DEAF - VANISHING]);
  await Promise.all(viewers.map((viewer) => viewer.open()));
  for (const viewer of deaf) viewer.pause();

  const begun = performance.now();
  const warm = SECONDS / 4;
  await wait(warm);
  const before = await memory();
  const reached = await stepsOf(runs.map(({ at }) => at));
  // Torn off and vanishing one after the other over half of the time.
  const share = (SECONDS / 2) * (1 / honest.length);
  for (const [k, viewer] of honest.entries()) {
    await Promise.all([viewer.tornOff(), wait(share)]);
    if (k % 30 === 10) vanishing[Math.floor(k / 30)]?.leave();
  }
  await wait(Math.max(0.5, SECONDS - (performance.now() - begun) / 1000));
  const after = await memory();
  const seconds = (performance.now() - begun) / 1000 - warm;
  const steps = (await stepsOf(runs.map(({ at }) => at))).map((t, k) => t - reached[k]);

  const records = honest.reduce((sum, { last }) => sum + last + 1, 0);
  const MB = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
  const cpu = (after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system) / 1e6 / seconds;
  console.info(
    `${VIEWERS} viewers, ${RUNS} runs, ${SECONDS} s: ${records} records at ${honest.length} honest readers; ` +
      `heap ${MB(before.heap)} -> ${MB(after.heap)} MB, external ${MB(before.external)} -> ${MB(after.external)} MB, ` +
      `RSS ${MB(before.rss)} -> ${MB(after.rss)} MB; ${(Math.min(...steps) / seconds).toFixed(1)} to ` +
      `${(Math.max(...steps) / seconds).toFixed(1)} steps/s of ${SPEED}; deaf for ${after.deaf.toFixed(0)} ms at most; ` +
      `${cpu.toFixed(2)} cores`,
  );

  expect(honest.flatMap(({ problems }) => problems)).toEqual([]);
  expect(honest.every(({ reconnected }) => reconnected)).toBe(true);
  // Who reads honestly is where the run is, give or take a second.
  const now = await stepsOf(runs.map(({ at }) => at));
  viewers.forEach((viewer, k) => {
    if (!honest.includes(viewer)) return;
    const run = Math.floor(k / perRun);
    expect(viewer.last).toBeGreaterThan((run >= RUNS - 2 ? 1 : 2) * (now[run] - 2 * SPEED));
  });
  // One run against the library's own.
  const loaded = await loadScenario(`scenarios/${DEFAULT}.yaml`, { set: small });
  let k = 0;
  for await (const record of simulate(loaded, { seed: 1, twin: 'feedback', hash: true })) {
    if (k >= kept.length) break;
    expect(kept[k++]).toBe(JSON.stringify(record as StepRecord));
  }
  expect(k).toBeGreaterThan(2 * SPEED);
  // Flat: what is there after the warm-up is what is there at the end, but for the index of the records.
  expect(after.heap - before.heap).toBeLessThan(16 * 1024 * 1024);
  expect(after.external - before.external).toBeLessThan(64 * 1024 * 1024);
  expect(after.rss).toBeLessThan(1.35 * before.rss + 64 * 1024 * 1024);
  expect(complaints).toEqual([]);
  for (const viewer of viewers) viewer.leave();
});

const stepsOf = (runs: readonly string[]): Promise<number[]> =>
  Promise.all(runs.map(async (at) => (await (await fetch(at)).json()).status.t));
