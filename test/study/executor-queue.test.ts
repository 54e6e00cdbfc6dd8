/** Jobs over a real Redis, with workers that are killed. CI starts one; elsewhere it is skipped where there is none. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../../src/study/executor/index.js';
import { queue } from '../../src/study/executor/queue.js';
import { tasks } from '../../src/study/jobs/index.js';
import type { SeriesAsks } from '../../src/study/jobs/series.js';

const hasRedis = (() => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
// In CI it must be there.
const isSkipped = !hasRedis && process.env.CI === undefined;
if (isSkipped) console.warn('skipped: there is no redis-server (Debian: apt-get install redis-server)');

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const FILE = fileURLToPath(new URL('../../scenarios/monitoring/labels-too-late.yaml', import.meta.url));

const jobsOf = (count: number, steps: number) =>
  Array.from({ length: count }, (_, k) => {
    const set = { steps, 'population.size': 200 };
    const asks: SeriesAsks = { file: FILE, set, seed: k + 1, from: 0, to: 1, names: ['actual.accuracy'] };
    return { task: 'series' as const, asks };
  });

describe.skipIf(isSkipped)('a queue', () => {
  let server: ChildProcess;
  let url = '';
  let folder = '';
  const workers: ChildProcess[] = [];

  const startWorker = () => {
    const worker = spawn(process.execPath, [MAIN, 'worker', '--queue', url, '--workers', '1'], { stdio: 'pipe' });
    workers.push(worker);
    return new Promise<ChildProcess>((resolve) => worker.stdout?.once('data', () => resolve(worker)));
  };

  beforeAll(async () => {
    const port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    folder = mkdtempSync(join(tmpdir(), 'driftloop-redis-'));
    server = spawn('redis-server', ['--port', `${port}`, '--save', '', '--dir', folder], { stdio: 'ignore' });
    const probe = new Redis(url, { maxRetriesPerRequest: null });
    probe.on('error', () => {});
    await probe.ping();
    probe.disconnect();
  });

  afterAll(() => {
    for (const worker of workers) worker.kill('SIGKILL');
    server?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses no job and doubles none where two of four workers are killed at work (slow)', {
    timeout: 240_000,
  }, async () => {
    const four = await Promise.all(Array.from({ length: 4 }, startWorker));
    const executor = await queue<typeof tasks>(url);
    const name = queueName(await keysOf(url));
    const events = new QueueEvents(name, { connection: new Redis(url, { maxRetriesPerRequest: null }) });
    await events.waitUntilReady();
    let stalled = 0;
    events.on('stalled', () => stalled++);
    const jobs = jobsOf(1000, 40);
    const times = new Array<number>(jobs.length).fill(0);
    let done = 0;
    const results = await executor.run(jobs, (index) => {
      times[index]++;
      done++;
      if (done === 150) four[0].kill('SIGKILL');
      if (done === 400) four[1].kill('SIGKILL');
    });
    expect(times.every((count) => count === 1)).toBe(true);
    // At least one of them held a job as it died, which another took over.
    expect(stalled).toBeGreaterThan(0);
    const here = await inProcess(tasks).run(jobs);
    expect(answersOf(results)).toStrictEqual(answersOf(here));
    // Nothing is left behind.
    expect((await keysOf(url)).filter((key) => /[0-9a-f]{64}/.test(key))).toEqual([]);
    await events.close();
    await executor.close();
  });

  it('takes jobs that ask the same for one, and tells a failure as the others do', { timeout: 60_000 }, async () => {
    await startWorker();
    const executor = await queue<typeof tasks>(url);
    const [job] = jobsOf(1, 5);
    const lost = { task: 'series' as const, asks: { ...job.asks, file: '/nowhere.yaml' } };
    const [first, second, third] = await executor.run([job, job, lost]);
    expect(second).toBe(first);
    expect(first.ok).toBe(true);
    expect(third).toMatchObject({ ok: false, why: expect.stringContaining('/nowhere.yaml') });
    await executor.close();
  });

  it('makes the runs of a sweep with no file of it, to the same bytes', { timeout: 120_000 }, async () => {
    // From a folder where nothing lies: the scenario travels with the jobs.
    const worker = spawn(process.execPath, [MAIN, 'worker', '--queue', url, '--workers', '1'], { cwd: folder });
    workers.push(worker);
    const file = join(folder, 'mine.yaml');
    writeFileSync(file, `extends: ${FILE}\npopulation: { size: 100 }\nsteps: 30\n`);
    const flags = ['--over', 'collect.late labels.delay=1,2,5', '--seeds', '20', '--json'];
    const bytes = [
      ['--queue', url],
      ['--workers', '1'],
    ].map((how, k) => {
      const out = join(folder, `sweep-${k}`);
      execFileSync(process.execPath, [MAIN, 'sweep', file, ...flags, ...how, '--out', out]);
      return readFileSync(join(out, 'results.parquet'));
    });
    expect(bytes[0].equals(bytes[1])).toBe(true);
  });

  it('says where there is no Redis', async () => {
    await expect(queue('redis://127.0.0.1:1')).rejects.toThrow(/there is no Redis at 127\.0\.0\.1:1: .*ECONNREFUSED/);
    await expect(queue('http://user:secret@localhost')).rejects.toThrow(/^expected redis:\/\/host:port$/);
  });
});

const answersOf = (results: readonly unknown[]) =>
  results.map((result) => (result as { ok: boolean; answer?: unknown }).answer ?? result);

async function keysOf(url: string): Promise<string[]> {
  const redis = new Redis(url);
  const keys = await redis.keys('*');
  redis.disconnect();
  return keys;
}

const queueName = (keys: readonly string[]): string => keys.map((key) => key.split(':')[1])[0];

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
