import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quantileOf } from '../../src/core/quantile.js';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { runOf } from '../../src/scenario/simulate.js';
import { inProcess } from '../../src/study/executor/index.js';
import { seedsParquet } from '../../src/study/export/seeds-parquet.js';
import { tasks } from '../../src/study/jobs/index.js';
import { type OverSeeds, overSeeds } from '../../src/study/seeds.js';
import { meanInterval } from '../../src/study/statistics.js';
import { EVERYTHING, hashOf, records, stepsOf } from '../support/scenario.js';

const EXPECTED = `
expect:
  - { that: "first(actual.accuracy) > 0", because: it is a share }
  - { that: "final(actual.accuracy) > 0.68", because: it does with some seeds }
  - { that: "final(actual.accuracy) > 0", because: it is a share, with: { respond.gaming.off: true } }
`;

let folder: string;
let file: string;
let loaded: LoadedScenario;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-'));
  file = join(folder, 'everything.yaml');
  writeFileSync(file, EVERYTHING + EXPECTED);
  loaded = await loadScenario(file);
});
afterAll(() => rmSync(folder, { recursive: true }));

const SEEDS = [4, 5, 6, 7, 8];
const over = (options: Partial<Parameters<typeof overSeeds>[1]> = {}): Promise<OverSeeds> =>
  overSeeds(loaded, {
    asked: { file, set: {}, off: [], data: null },
    seeds: SEEDS.length,
    seed: SEEDS[0],
    executor: inProcess(tasks),
    ...options,
  });

describe('overSeeds', () => {
  it('has the quantiles of single runs at each step, and the means of their last values', async () => {
    const done: [number, number][] = [];
    const told = await over({ progress: (...at) => done.push(at) });
    expect(done).toEqual(SEEDS.map((_, k) => [k + 1, SEEDS.length]));
    const runs = SEEDS.map((seed) => records(loaded, { seed }));
    expect(told.runs.map(({ hash }) => hash)).toEqual(runs.map(hashOf));
    const accuracy = runs.map((run) => stepsOf(run).map(({ actual }) => actual.accuracy ?? Number.NaN));
    const band = told.bands.get('score.actual.accuracy');
    for (let t = 0; t < 20; t++) {
      const sorted = accuracy.map((values) => values[t]).sort((a, b) => a - b);
      expect(band?.low[t]).toBe(quantileOf(sorted, 0.1));
      expect(band?.median[t]).toBe(sorted[2]);
      expect(band?.high[t]).toBe(quantileOf(sorted, 0.9));
    }
    expect(told.final.get('score.actual.accuracy')).toEqual(meanInterval(accuracy.map((values) => values[19])));
    expect(told.final.get('actual.accuracy')).toEqual(told.final.get('score.actual.accuracy'));
  });

  it('judges every expectation with every seed, also those of another scenario', async () => {
    const told = await over();
    const last = SEEDS.map((seed) => stepsOf(records(loaded, { seed })).at(-1)?.actual.accuracy ?? 0);
    const some = last.filter((value) => value > 0.68).length;
    expect(told.expectations.map(({ held, of }) => [held, of])).toEqual([
      [5, 5],
      [some, 5],
      [5, 5],
    ]);
    // Otherwise it would show nothing.
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(5);
  });

  it('has the band of a twin', async () => {
    const told = await over({ twin: 'feedback', seeds: 1 });
    const twin = stepsOf([...runOf(loaded, { seed: 4, off: ['respond', 'collect'] })]);
    expect([...(told.twin?.median ?? [])]).toEqual(twin.map(({ actual }) => actual.accuracy));
  });

  it('runs once what draws nothing', async () => {
    const still = join(folder, 'still.yaml');
    writeFileSync(
      still,
      'name: still\nsteps: 3\npopulation: { nodes: { x: gauss-hermite 3 } }\noutcome: { field: y, value: x }\nmodels: { m: { learner: mean } }\n',
    );
    const own = await loadScenario(still);
    const asked = { file: still, set: {}, off: [], data: null };
    const told = await overSeeds(own, { asked, seeds: 9, executor: inProcess(tasks) });
    expect(told).toMatchObject({ seeds: [1], drawn: false });
    expect(told.final.get('m.actual.rmse')).toMatchObject({ low: null, high: null, n: 1 });
  });
});

it('seedsParquet has every number of every step of every run', async () => {
  const told = await over({ table: true, seeds: 2, twin: 'feedback' });
  const bytes = seedsParquet(told.tables, { name: 'everything' });
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file: buffer });
  expect(rows.length).toBe(2 * 2 * 20);
  for (const seed of [4, 5]) {
    const steps = stepsOf(records(loaded, { seed }));
    const own = rows.filter((row) => row.seed === BigInt(seed) && row.run === 'run');
    expect(own.map(({ t }) => t)).toEqual(steps.map(({ t }) => t));
    expect(own.map((row) => row['actual.accuracy'])).toEqual(steps.map(({ actual }) => actual.accuracy));
    expect(own.map((row) => row['observed.accuracy'])).toEqual(steps.map(({ observed }) => observed.accuracy ?? null));
    expect(own.map((row) => row['score.coef.income'])).toEqual(steps.map(({ models }) => models.score.coef?.income));
    expect(own.map((row) => row.worst ?? null)).toEqual(steps.map(({ worst }) => worst));
  }
  expect(rows.filter((row) => row.run === 'feedback').length).toBe(40);
});
