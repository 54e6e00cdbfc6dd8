/** Sweeps from beginning to end: the same bytes however they came about, and a table that others can read. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../../src/scenario/diagnostic.js';
import { type Executor, inProcess } from '../../../src/study/executor/index.js';
import { tasks } from '../../../src/study/jobs/index.js';
import { openFolder } from '../../../src/study/sweep/folder.js';
import { FolderError, SweepError, sweep } from '../../../src/study/sweep/index.js';
import { studyOf } from '../../../src/study/sweep/read-study.js';
import { memoryStore } from '../../../src/study/sweep/run-store.js';
import { runStudy } from '../../../src/study/sweep/run-study.js';
import { finalsOf, levelSummaries, pointSummary, sensitivities } from '../../../src/study/sweep/summary.js';
import { given } from '../../../src/study/sweep/written.js';
import { additiveIn, temporary } from '../../support/sweep.js';

const folder = temporary();
const scenario = additiveIn(folder);
const fresh = () => mkdtempSync(join(folder, 'out-'));
const results = (place: string) => readFileSync(join(place, 'results.parquet'));

const OVER = { 'state.level': '0..1 3 points', 'respond.lift.share': [0.25, 0.5] } as const;
const MEASURES = { middle: 'final(middle)', ratio: 'final(middle) / 0', lost: 'diverged' } as const;

describe('the table', () => {
  it('has a row for each run, in the order of the design', async () => {
    const { columns, rows, types } = await sweep(scenario, { over: OVER, measures: MEASURES, seeds: 4, workers: 1 });
    expect(rows).toBe(24);
    expect(types.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'point int',
      'state.level double',
      'respond.lift.share double',
      'seed int',
      'diverged boolean',
      'middle double',
      'ratio double',
      'lost double',
    ]);
    expect([...columns.point].slice(0, 6)).toEqual([0, 0, 0, 0, 1, 1]);
    expect([...columns.seed].slice(0, 6)).toEqual([1, 2, 3, 4, 1, 2]);
    expect([...columns['state.level']].slice(7, 9)).toEqual([0, 0.5]);
    expect([...columns.ratio].every(Number.isNaN)).toBe(true);
    expect([...columns.lost].every((lost) => lost === 0)).toBe(true);
    // Every point meets the same draws: what a level adds, it adds to the last digits of a sum.
    for (let k = 0; k < 8; k++) expect(columns.middle[8 + k] - columns.middle[k]).toBeCloseTo(0.5, 12);
  });

  it('has a row for each step where traces are kept', async () => {
    const { columns, rows } = await sweep(scenario, {
      over: { 'state.level': [0, 1] },
      keep: 'trace',
      measures: { middle: 'middle', end: 'final(middle)' },
      seeds: 2,
      workers: 1,
    });
    expect(rows).toBe(12);
    expect([...(columns.t ?? [])].slice(0, 4)).toEqual([0, 1, 2, 0]);
    expect(columns.end[0]).toBe(columns.middle[2]);
    expect(columns.middle[0]).not.toBe(columns.middle[1]);
  });

  it('is refused before anything runs where the scenario cannot take a value', async () => {
    const out = join(folder, 'never');
    const over = { 'respond.lift.share': [0.5, 2], 'state.levle': [1] };
    await expect(sweep(scenario, { over: { ...over, 'steps.x': [1] }, out, workers: 1 })).rejects.toThrow(
      ScenarioError,
    );
    expect(existsSync(out)).toBe(false);
  });
});

describe('the folder', () => {
  it('has the same bytes with one thread, with three, and in memory of an earlier start', async () => {
    const [one, three] = [fresh(), fresh()];
    const table = await sweep(scenario, { over: OVER, measures: MEASURES, seeds: 4, workers: 1, out: one });
    const other = await sweep(scenario, { over: OVER, measures: MEASURES, seeds: 4, workers: 3, out: three });
    expect(other).toEqual(table);
    expect(results(three)).toEqual(results(one));
    expect(readdirSync(one).sort()).toEqual(['manifest.json', 'results.parquet', 'runs.ndjson']);
    // A third start has nothing left to do.
    const log = readFileSync(join(one, 'runs.ndjson'));
    expect(await sweep(scenario, { over: OVER, measures: MEASURES, seeds: 4, workers: 1, out: one })).toEqual(table);
    expect(readFileSync(join(one, 'runs.ndjson'))).toEqual(log);
    expect(results(one)).toEqual(results(three));
  });

  it('goes on after an interruption, and runs nothing twice', async () => {
    const [whole, broken] = [fresh(), fresh()];
    const options = { over: OVER, measures: MEASURES, seeds: 4, workers: 1 } as const;
    await sweep(scenario, { ...options, out: whole });
    const stop = new AbortController();
    let seen = 0;
    const progress = (done: number) => {
      seen = done;
      if (done >= 7) stop.abort(new Error('enough'));
    };
    await expect(sweep(scenario, { ...options, out: broken, progress, signal: stop.signal })).rejects.toThrow('enough');
    expect(existsSync(join(broken, 'results.parquet'))).toBe(false);
    const lines = readFileSync(join(broken, 'runs.ndjson'), 'utf8');
    expect(lines.split('\n')).toHaveLength(seen + 1);
    expect(seen).toBeLessThan(24);
    const counts: number[] = [];
    await sweep(scenario, { ...options, out: broken, progress: (done) => counts.push(done) });
    expect(counts[0]).toBe(seen);
    expect(readFileSync(join(broken, 'runs.ndjson'), 'utf8').startsWith(lines)).toBe(true);
    expect(results(broken)).toEqual(results(whole));
  });

  it('is refused to another study, and to a second sweep at once', async () => {
    const out = fresh();
    const options = { over: OVER, measures: MEASURES, seeds: 2, workers: 1, out } as const;
    const [first, second] = await Promise.allSettled([sweep(scenario, options), sweep(scenario, options)]);
    expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
    const changed = additiveIn(fresh(), readFileSync(scenario, 'utf8').replace('size: 20', 'size: 21'));
    await expect(sweep(changed, options)).rejects.toThrow('scenario.population.size: 20 there, 21 here');
    await expect(sweep(changed, options)).rejects.toThrow(FolderError);
    expect((await sweep(changed, { ...options, fresh: true })).rows).toBe(12);
  });
});

describe('a run that fails', () => {
  /** Fails the job of one seed, once or always. */
  const failing = (times: number): Executor<typeof tasks> => {
    const inner = inProcess(tasks);
    let left = times;
    return {
      ...inner,
      run: (async (jobs: readonly { asks: { runs: readonly { seed: number }[] } }[], done?: never) => {
        if (left > 0 && jobs[0].asks.runs.some(({ seed }) => seed === 3)) {
          left--;
          return [{ ok: false, why: 'out of memory', inner: '', seconds: 0 }];
        }
        return inner.run(jobs as never, done);
      }) as Executor<typeof tasks>['run'],
    };
  };
  const study = () => studyOf(given('test', { scenario, over: OVER, measures: MEASURES, seeds: 4 }), folder);

  it('takes no other with it, and is told with its values', async () => {
    const store = memoryStore();
    const failed = await runStudy(await study(), { executor: failing(99), store });
    expect(failed).toHaveLength(6);
    expect(failed[0]).toEqual({ set: { 'state.level': 0, 'respond.lift.share': 0.25 }, seed: 3, why: 'out of memory' });
    expect(store.count).toBe(18);
  });

  it('is run again by itself where it was in a bundle', async () => {
    const store = memoryStore();
    expect(await runStudy(await study(), { executor: failing(1), store })).toEqual([]);
    expect(store.count).toBe(24);
  });

  it('is refused where the scenario was changed since', async () => {
    const place = fresh();
    const file = additiveIn(place);
    const own = await studyOf(given('test', { scenario: file, over: OVER, seeds: 1 }), place);
    additiveIn(place, readFileSync(file, 'utf8').replace('steps: 3', 'steps: 4'));
    const failed = await runStudy(own, { executor: inProcess(tasks), store: memoryStore() });
    expect(failed[0].why).toMatch(/was changed while the sweep ran/);
    expect(SweepError.name).toBe('SweepError');
  });
});

it('a run that diverges says so, and measures nothing that the steps before would flatter', async () => {
  const file = additiveIn(
    fresh(),
    `name: runaway
steps: 200
population: { size: 20 }
state: { gain: 0.5 }
outcome: { field: z, value: "1 + gain * m" }
lab: { size: 5, holdout: 0 }
models: { m: { learner: mean, start: { intercept: 1 } } }
retrain: { when: { every: 1 }, window: { last: 1 } }
`,
  );
  const over = { 'state.gain': [0.5, 3] } as const;
  const measures = { end: 'final(m.intercept)', lost: 'diverged', made: 'steps' } as const;
  const { columns } = await sweep(file, { over, measures, seeds: 1, workers: 1 });
  expect(columns.diverged).toEqual([false, true]);
  // m <- 1 + m / 2 ends at 2.
  expect(columns.end[0]).toBeCloseTo(2, 12);
  expect(columns.end[1]).toBeNaN();
  expect([...columns.lost]).toEqual([0, 1]);
  expect(columns.made[0]).toBe(200);
  expect(columns.made[1]).toBeLessThan(60);
});

it('a scenario that was changed between two sweeps of one process is run as it is now', async () => {
  const place = fresh();
  const file = additiveIn(place);
  const ask = async () =>
    (await sweep(file, { over: { 'state.level': [0] }, measures: { n: 'steps' }, seeds: 1, workers: 1 })).columns.n[0];
  expect(await ask()).toBe(3);
  additiveIn(place, readFileSync(file, 'utf8').replace('steps: 3', 'steps: 5'));
  expect(await ask()).toBe(5);
});

describe('what others read', () => {
  const out = fresh();
  const written = sweep(scenario, {
    over: {
      'state.level': '0..1 2 points',
      'respond.lift.off': [true, false],
      'retrain.when': ['never', { every: 2 }],
    },
    measures: { middle: 'final(middle)', none: 'final(middle) / 0' },
    seeds: 2,
    seed: 2 ** 40,
    workers: 1,
    out,
  });

  it('is the same in DuckDB, with its types, and nulls where there is nothing', async () => {
    const { columns } = await written;
    const duck = await DuckDBInstance.create(':memory:');
    const connection = await duck.connect();
    const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
    const file = join(out, 'results.parquet');
    expect(
      (await rows(`describe select * from '${file}'`)).map((row) => `${row.column_name} ${row.column_type}`),
    ).toEqual([
      'point INTEGER',
      'state.level INTEGER',
      'respond.lift.off BOOLEAN',
      'retrain.when VARCHAR',
      'seed BIGINT',
      'diverged BOOLEAN',
      'middle DOUBLE',
      'none DOUBLE',
    ]);
    const [counts] = await rows(
      `select count(*) n, count(none) present, count(distinct seed) seeds, min(seed) lowest, sum(isnan(middle)::int) nans from '${file}'`,
    );
    expect(counts).toEqual({ n: '16', present: '0', seeds: '2', lowest: String(2 ** 40), nans: '0' });
    const read = await rows(`select middle, "retrain.when" w from '${file}'`);
    expect(read.map(({ middle }) => middle)).toEqual([...columns.middle]);
    expect(read.slice(0, 4).map(({ w }) => w)).toEqual(['"never"', '"never"', '{"every":2}', '{"every":2}']);
    connection.closeSync();
    duck.closeSync();
  });

  it('is the same in hyparquet, and says which study it is of', async () => {
    await written;
    const file = await asyncBufferFromFile(join(out, 'results.parquet'));
    const { key_value_metadata: metadata } = await parquetMetadataAsync(file);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    expect(metadata?.find(({ key }) => key === 'driftloop.hash')?.value).toBe(manifest.hash);
    expect(manifest.columns.map(({ name }: { name: string }) => name)).toContain('middle');
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(16);
    expect(rows[0]).toMatchObject({ point: 0, 'state.level': 0, 'respond.lift.off': true, none: null });
  });
});

describe('what it comes to', () => {
  const finished = async (more: object) => {
    const study = await studyOf(given('test', { scenario, measures: MEASURES, ...more }), folder);
    const store = memoryStore();
    await runStudy(study, { executor: inProcess(tasks), store });
    return { study, finals: finalsOf(study, store) };
  };

  it('by point, over the seeds; by level, over everything', async () => {
    const { finals, study } = await finished({ over: OVER, seeds: 3 });
    const mean = (points: readonly number[]) =>
      points.flatMap((p) => [0, 1, 2].map((s) => finals.values[0][3 * p + s])).reduce((a, b) => a + b, 0) /
      (3 * points.length);
    const point = pointSummary(study, finals, 4);
    expect(point.parameters).toEqual({ 'state.level': 1, 'respond.lift.share': 0.25 });
    expect(point.measures.middle).toMatchObject({ n: 3, mean: expect.closeTo(mean([4]), 12) });
    expect(point.measures.ratio).toBeNull();
    const levels = levelSummaries(study, finals);
    expect(levels.map(({ level, parameter, runs }) => `${parameter} ${level} ${runs}`)).toEqual([
      'state.level 0 6',
      'state.level 0.5 6',
      'state.level 1 6',
      'respond.lift.share 0.25 9',
      'respond.lift.share 0.5 9',
    ]);
    expect(levels[3].measures.middle?.mean).toBeCloseTo(mean([0, 2, 4]), 12);
  });

  it('puts a range into four parts of the same number of points', async () => {
    const { finals, study } = await finished({
      over: { 'state.level': '0..8' },
      design: 'latin-hypercube',
      points: 20,
    });
    const levels = levelSummaries(study, finals);
    expect(levels.map(({ runs }) => runs)).toEqual([5, 5, 5, 5]);
    // One point in every 20th of the range: a quarter's mean is within a 20th of its middle.
    levels.forEach(({ measures }, k) => {
      const shift = (measures.middle?.mean ?? 99) - (levels[0].measures.middle?.mean ?? 0) - 2 * k;
      expect(Math.abs(shift)).toBeLessThan(8 / 20);
    });
  });

  it("has the Sobol' indices of an additive measure: 1/5 and 4/5, and nothing between", async () => {
    // middle = c + level + 2 shift with the draws of one seed: variances 1/12 and 4/12.
    const { finals, study } = await finished({
      over: { 'state.level': '0..1', 'state.shift': '0..1', 'retrain.when': ['never', { every: 2 }] },
      design: 'saltelli',
      points: 128,
    });
    const [found, ...others] = sensitivities(study, finals);
    // What does not vary has no indices.
    expect([found.measure, others]).toEqual(['middle', []]);
    expect([found.n, found.of]).toEqual([128, 128]);
    [1 / 5, 4 / 5, 0].forEach((share, j) => {
      // With draws, the sd of an estimate is at most 1.2 / sqrt(n).
      expect(Math.abs(found.parameters[j].first.value - share)).toBeLessThan(1.2 / Math.sqrt(128));
      expect(Math.abs(found.parameters[j].total.value - share)).toBeLessThan(1.2 / Math.sqrt(128));
    });
    expect(found.parameters[2].total.value).toBe(0);
  });
});

it('a folder that was copied goes on where it was', async () => {
  const [a, b] = [fresh(), fresh()];
  const options = { over: OVER, measures: MEASURES, seeds: 2, workers: 1 } as const;
  await sweep(scenario, { ...options, out: a });
  copyFileSync(join(a, 'manifest.json'), join(b, 'manifest.json'));
  const half = readFileSync(join(a, 'runs.ndjson'), 'utf8').split('\n').slice(3, 8);
  writeFileSync(join(b, 'runs.ndjson'), `${half.join('\n')}\n{"check":"torn`);
  await sweep(scenario, { ...options, out: b });
  expect(results(b)).toEqual(results(a));
  // Without a folder of its own, the same numbers.
  const study = await studyOf(given('test', { scenario, over: OVER, measures: MEASURES, seeds: 2 }), folder);
  const again = openFolder(b, study);
  expect(again.before).toBe(study.runs);
  again.close();
});
