/** Executors: the same answers to the byte from each, in the order of the jobs; what goes wrong stays with its job. */
import { afterAll, describe, expect, it } from 'vitest';
import { type Executor, inProcess, type Job, threads } from '../../src/study/executor/index.js';
import { tasks as shipped, TASKS } from '../../src/study/jobs/index.js';
import { tasks } from './tasks.mjs';

type Own = typeof tasks;
const MODULE = new URL('./tasks.mjs', import.meta.url);

const open: { close(): Promise<void> }[] = [];
const kept = <E extends { close(): Promise<void> }>(executor: E): E => {
  open.push(executor);
  return executor;
};
afterAll(() => Promise.all(open.map((executor) => executor.close())));
const one = () => kept(inProcess(tasks));
const pool = (workers: number) => kept(threads<Own>(MODULE, { workers }));

const columns: Job<Own, 'column'>[] = Array.from({ length: 9 }, (_, k) => ({
  task: 'column',
  asks: { n: 50 + k, x: 1 + k / 7 },
  cost: (5 * k) % 7,
}));

describe.each([
  ['in process', one],
  ['on one thread', () => pool(1)],
  ['on three threads', () => pool(3)],
])('%s', (_, make) => {
  it('answers in the order of the jobs, to the bit', async () => {
    const results = await make().run(columns);
    const answers = results.map((result) => (result.ok ? [...result.answer] : null));
    expect(answers).toEqual(columns.map(({ asks }) => [...tasks.column(asks)]));
  });

  it('tells of each job as it ends, once', async () => {
    const told: number[] = [];
    await make().run(columns, (index) => told.push(index));
    expect(told.toSorted((a, b) => a - b)).toEqual(columns.map((_job, index) => index));
  });

  it('reports a job that throws, with its words and its stack, and goes on', async () => {
    const jobs: Job<Own, 'throws' | 'slow'>[] = [
      { task: 'throws', asks: { message: 'no such world' } },
      { task: 'slow', asks: { milliseconds: 1, name: 'next' } },
    ];
    const [thrown, next] = await make().run(jobs);
    expect(thrown).toMatchObject({ ok: false, why: 'no such world', inner: expect.stringContaining('tasks.mjs') });
    expect(next).toMatchObject({ ok: true, answer: 'next' });
  });

  it('reports a task that is not there', async () => {
    const jobs = [{ task: 'toString', asks: {} }] as unknown as Job<Own, 'column'>[];
    expect(await make().run(jobs)).toMatchObject([{ ok: false, why: 'there is no task toString' }]);
  });

  it('has nothing to do without jobs', async () => expect(await make().run([])).toEqual([]));
});

it('begins with what takes longest', async () => {
  const began: number[] = [];
  await one().run(columns, (index) => began.push(columns[index].cost ?? 0));
  expect(began).toEqual(began.toSorted((a, b) => b - a));
});

it.each([
  ['exits', { code: 7 }, 'its thread ended with code 7'],
  ['overflows', {}, 'outside of the job'],
] as const)('a thread that dies (%s) fails its own job; another takes its place', async (task, asks, why) => {
  const executor = pool(1);
  const jobs = [
    { task: 'slow', asks: { milliseconds: 1, name: 'before' }, cost: 3 },
    { task, asks, cost: 2 },
    { task: 'slow', asks: { milliseconds: 1, name: 'after' }, cost: 1 },
  ] as Job<Own, 'slow'>[];
  const results = await executor.run(jobs);
  expect(results).toMatchObject([{ answer: 'before' }, { ok: false, why }, { answer: 'after' }]);
  expect(await executor.run(jobs.slice(2))).toMatchObject([{ ok: true, answer: 'after' }]);
});

it('gives each thread one job at a time', async () => {
  const jobs: Job<Own, 'slow'>[] = Array.from({ length: 4 }, (_, k) => ({
    task: 'slow',
    asks: { milliseconds: 150, name: String(k) },
  }));
  const executor = pool(2);
  await executor.run(jobs.slice(0, 2));
  const start = performance.now();
  await executor.run(jobs);
  // Two threads, two jobs each, one after the other.
  expect(performance.now() - start).toBeGreaterThan(290);
});

describe('jobs about the same thing', () => {
  const job = (about: string, milliseconds: number, cost: number): Job<Own, 'thread'> => ({
    task: 'thread',
    asks: { milliseconds },
    cost,
    about,
  });
  const done = async (executor: Executor<Own>, jobs: Job<Own, 'thread'>[]) =>
    (await executor.run(jobs)).map((result) => (result.ok ? result.answer : null));

  it('stay with one thread, in later runs too', async () => {
    const executor = pool(2);
    const [long, ...short] = await done(executor, [job('a', 300, 9), ...[4, 3, 2].map((cost) => job('b', 1, cost))]);
    expect(new Set(short)).toEqual(new Set([short[0]]));
    expect(short[0]).not.toBe(long);
    expect(await done(executor, [job('b', 100, 2), job('a', 100, 1)])).toEqual([short[0], long]);
  });

  it('are shared where there is nothing else to do', async () => {
    const [a, ...b] = await done(pool(2), [job('a', 1, 9), ...[4, 3, 2].map((cost) => job('b', 100, cost))]);
    expect(new Set(b).size).toBe(2);
    expect(b).toContain(a);
  });

  it('go to another thread where theirs has died', async () => {
    const executor = pool(2);
    const jobs = [
      { task: 'exits', asks: { code: 3 }, cost: 5, about: 'a' },
      job('a', 1, 4),
      job('a', 1, 3),
    ] as unknown as Job<Own, 'thread'>[];
    const [dead, ...alive] = await done(executor, jobs);
    expect(dead).toBeNull();
    expect(alive.every((thread) => thread !== null)).toBe(true);
  });
});

describe('the series of a scenario', () => {
  const file = 'scenarios/published/p1a-mean.yaml';
  const jobs: Job<typeof shipped, 'series'>[] = [
    { from: 0, to: 3, set: null },
    { from: 3, to: 5, set: null },
    { from: 0, to: 2, set: { 'state.sigma': 0 } },
  ].map((own) => ({ task: 'series', asks: { ...own, file, seed: 4, names: ['m.intercept', 'actual.rmse'] } }));

  const bytes = async (executor: Executor<typeof shipped>) =>
    (await executor.run(jobs)).map((result) =>
      result.ok
        ? { ...result.answer, columns: result.answer.columns.map((x) => Buffer.from(x.buffer).toString('hex')) }
        : result,
    );

  it('are the same to the byte in process and in threads', async () => {
    const here = await bytes(kept(inProcess(shipped)));
    expect(here[0]).toMatchObject({ steps: [61, 61, 61], diverged: [false, false, false], drew: true });
    expect(await bytes(kept(threads<typeof shipped>(TASKS, { workers: 2 })))).toEqual(here);
  });

  it('says what is wrong with a file', async () => {
    const [result] = await kept(threads<typeof shipped>(TASKS, { workers: 1 })).run([
      { task: 'series', asks: { ...jobs[0].asks, file: 'nowhere.yaml' } },
    ]);
    expect(result).toMatchObject({ ok: false, why: expect.stringContaining('there is no such file') });
  });
});
