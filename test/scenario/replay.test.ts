/** The rows of a CSV file as the world, in their order. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepRecord, TraceRecord } from '../../src/loop/trace.js';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { type LoadedScenario, loadScenario, parseScenario } from '../../src/scenario/load.js';
import { runOf } from '../../src/scenario/simulate.js';
import { missing, shared } from '../support/shared.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-replay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** x counts the rows; y is 2 x, so that a line through the lab is right everywhere. */
const lines = (n: number) => Array.from({ length: n }, (_, i) => [`${i}`, `${2 * i}`]);
const csv = (rows: readonly (readonly string[])[], head = 'X,Y') =>
  `${head}\n${rows.map((row) => row.join(',')).join('\n')}\n`;

const scenario = (replay: string, more = '', rows = '', population = '') => `
name: replay
population: { rows: { file: data.csv, columns: { x: X, label: Y }, replay: ${replay}, ${rows} }, ${population} }
outcome: { field: y, value: label }
models: { m: { learner: linear, features: [x] } }
measure: { first: min(x), last: max(x), total: sum(x), rows: sum(1) }
${more}
`;
const LAB = 'lab: { size: 4, holdout: 0.5 }';

async function load(data: string, text: string, set = {}): Promise<LoadedScenario> {
  writeFileSync(join(folder, 'data.csv'), data);
  writeFileSync(join(folder, 'scenario.yaml'), text);
  return loadScenario(join(folder, 'scenario.yaml'), { set });
}

const trace = (loaded: LoadedScenario, seed = 1): TraceRecord[] => [...runOf(loaded, { seed })];
const stepsIn = (records: readonly TraceRecord[]) => records.filter((r): r is StepRecord => r.type === 'step');
const hashOf = (records: readonly TraceRecord[]) => records.find((r) => r.type === 'end')?.hash;

async function refusal(data: string, text: string): Promise<ScenarioError['diagnostics'][number]> {
  try {
    await load(data, text);
  } catch (error) {
    if (error instanceof ScenarioError) return error.diagnostics[0];
    throw error;
  }
  throw new Error('it was taken');
}

describe('order and steps', () => {
  it('each step brings the next rows of the file, after those of the lab, to its end', async () => {
    const loaded = await load(csv(lines(13)), scenario('{ per: 3 }', LAB));
    expect(loaded.plan.steps).toBe(3);
    expect(loaded.scenario.steps).toBe(3);
    const found = stepsIn(trace(loaded)).map(({ measure }) => [measure.first, measure.last]);
    expect(found).toEqual([
      [4, 6],
      [7, 9],
      [10, 12],
    ]);
  });

  it('as many steps as are asked for, and the file is read no further than they reach', async () => {
    const loaded = await load(csv(lines(1000)), scenario('{ per: 3 }', `${LAB}\nsteps: 2`));
    expect(stepsIn(trace(loaded)).map(({ measure }) => measure.last)).toEqual([6, 9]);
    expect(loaded.plan.population.table?.rows).toBe(10);
    // What is wrong further on is not met.
    await load(csv([...lines(20), ['text', '1']]), scenario('{ per: 3 }', `${LAB}\nsteps: 2`));
  });

  it('more steps than rows are refused', async () => {
    const found = await refusal(csv(lines(13)), scenario('{ per: 3 }', `${LAB}\nsteps: 4`));
    expect(found).toMatchObject({ line: 8, message: 'the rows that were read make 3 steps' });
  });

  it('the same trace for every seed where nothing else is drawn', async () => {
    const loaded = await load(csv(lines(13)), scenario('{ per: 4 }', `${LAB}\nretrain: { when: { every: 1 } }`));
    const [one, two] = [1, 2].map((seed) => stepsIn(trace(loaded, seed)));
    expect(one).toEqual(two);
    expect(hashOf(trace(loaded))).toBe(hashOf(trace(loaded)));
  });
});

describe('the last batch', () => {
  it('is shorter, and only its rows count', async () => {
    const rows = lines(12).map(([x, y], i) => (i === 11 ? [x, `${Number(y) + 10}`] : [x, y]));
    const loaded = await load(csv(rows), scenario('{ per: 5 }', `${LAB}\ncosts: { error: 1, label: 1 }`));
    const [first, last] = stepsIn(trace(loaded));
    expect(loaded.plan.population.size).toBe(5);
    expect([first.measure.rows, last.measure.rows]).toEqual([5, 3]);
    expect([first.measure.total, last.measure.total]).toEqual([4 + 5 + 6 + 7 + 8, 9 + 10 + 11]);
    expect(last.measure).toMatchObject({ first: 9, last: 11 });
    expect([first.actual.n, last.actual.n]).toEqual([5, 3]);
    expect([first.observed.n, last.observed.n]).toEqual([5, 3]);
    // One row of three is off by 10.
    expect(first.actual.mae).toBeCloseTo(0, 9);
    expect(last.actual.mae).toBeCloseTo(10 / 3, 9);
    expect(last.costs).toMatchObject({ error: 8, label: 8, total: 16 });
  });

  it('a weight holds for those who are there', async () => {
    const text = scenario('{ per: 5 }', LAB, '', 'weight: x');
    const last = stepsIn(trace(await load(csv(lines(12)), text))).at(-1);
    expect(last?.measure.rows).toBe(9 + 10 + 11);
  });

  it('aggregates in fields are over those who are there', async () => {
    const text = scenario('{ per: 5 }', LAB, '', 'fields: { middle: mean(x) }');
    const steps = stepsIn(trace(await load(csv(lines(12)), text)));
    expect(steps.map(({ population }) => population.middle.mean)).toEqual([6, 10]);
  });

  it('is learnt from, though it is short', async () => {
    const text = scenario(
      '{ time: D }',
      'lab: { size: 1, holdout: 0 }\nretrain: { when: { every: 1 }, window: { last: 1 } }',
    );
    const data = csv(
      [
        ['0', '1', '0'],
        ['1', '5', '1'],
        ['2', '7', '1'],
        ['3', '9', '1'],
        ['1', '2', '2'],
        ['2', '4', '2'],
        ['9', '18', '3'],
      ],
      'X,Y,D',
    );
    const steps = stepsIn(trace(await load(data, text)));
    expect(steps.map(({ actual }) => actual.n)).toEqual([3, 2, 1]);
    // Step 2 has y = 2 x, which the model has learnt from the two rows of step 1.
    expect(steps[2].actual.mae).toBeCloseTo(0, 9);
    // Step 0 has y = 2 x + 3.
    expect(steps[1].actual.mae).toBeCloseTo(3, 9);
  });
});

describe('the lab', () => {
  it('is the first part of the file, and the last of it judges what is learnt from the rest', async () => {
    // In the lab's first half y = 0, in its second 8: a mean promises an error of 8.
    const rows = lines(20).map(([x], i) => [x, i < 4 ? '0' : i < 8 ? '8' : '1']);
    const text = scenario('{ per: 4 }', 'lab: { size: 8, holdout: 0.5 }').replace('linear, features: [x]', 'mean');
    const [first] = stepsIn(trace(await load(csv(rows), text)));
    expect(first.lab).toMatchObject({ mae: 8, n: 4 });
    expect(first.actual.mae).toBe(1);
  });

  it('rescales and fills by itself: nothing of what comes later is in it', async () => {
    const rows = [...lines(4), ['', '0'], ...lines(40).slice(5)];
    const text = scenario('{ per: 4 }', LAB, 'missing: mean, scale: standard, unscaled: [label]');
    const { plan } = await load(csv(rows), text);
    const x = plan.population.table?.columns.get('x');
    // Of 0 1 2 3: mean 1.5, sd sqrt(5 / 4).
    expect(x?.[0]).toBeCloseTo(-1.5 / Math.sqrt(1.25), 12);
    expect(x?.[4]).toBeCloseTo(0, 12);
    expect(x?.[39]).toBeCloseTo((39 - 1.5) / Math.sqrt(1.25), 12);
  });

  it.each([
    ['leaves no row', 'lab: { size: 13 }', 'the lab takes 13 rows of 13 and leaves none to replay'],
    ['takes all', 'lab: { size: all }', 'the lab would leave no row to replay'],
  ])('%s: refused', async (_, lab, message) => {
    expect(await refusal(csv(lines(13)), scenario('{ per: 3 }', lab))).toMatchObject({ message, line: 7 });
  });
});

describe('missing values', () => {
  const rows = lines(12).map(([x, y], i) => [x, i === 5 ? 'NA' : y]);

  it('a row without a label is left out, and the next one takes its place', async () => {
    const steps = stepsIn(trace(await load(csv(rows), scenario('{ per: 4 }', LAB))));
    expect(steps.map(({ measure }) => measure.total)).toEqual([4 + 6 + 7 + 8, 9 + 10 + 11]);
  });

  it('kept, it is predicted, and never recorded, learnt from or scored', async () => {
    const text = scenario('{ per: 4 }', `${LAB}\nretrain: { when: { every: 1 } }`, 'missing: keep');
    const steps = stepsIn(trace(await load(csv(rows), text)));
    expect(steps[0].measure.rows).toBe(4);
    expect([steps[0].actual.n, steps[0].observed.n]).toEqual([3, 3]);
    expect(steps[1].actual.mae).toBeCloseTo(0, 9);
  });
});

describe('time', () => {
  const timed = (times: readonly string[]) =>
    csv(
      times.map((time, i) => [`${i}`, `${2 * i}`, time]),
      'X,Y,D',
    );

  it.each([
    ['numbers', ['1', '1', '2', '2', '2', '4', '10', '10']],
    [
      'days',
      ['2024-02-28', '2024-02-28', '2024-02-29', '2024-02-29', '2024-02-29', '2024-03-01', '2024-12-01', '2024-12-01'],
    ],
    [
      'minutes',
      [
        '2024-03-01 09:00',
        '2024-03-01 09:00',
        '2024-03-01 09:30',
        '2024-03-01 09:30',
        '2024-03-01 09:30',
        '2024-03-01T10:00',
        '2024-03-01 10:01',
        '2024-03-01 10:01',
      ],
    ],
  ])('a step for each value: %s', async (_, times) => {
    const loaded = await load(timed(times), scenario('{ time: D }', 'lab: { size: 2 }'));
    expect(stepsIn(trace(loaded)).map(({ measure }) => measure.rows)).toEqual([3, 1, 2]);
    const two = await load(timed(times), scenario('{ time: D, every: 2 }', 'lab: { size: 2 }'));
    expect(stepsIn(trace(two)).map(({ measure }) => measure.rows)).toEqual([4, 2]);
    // A lab that would end within a value has all of it.
    const more = await load(timed(times), scenario('{ time: D }', 'lab: { size: 3 }'));
    expect(more.plan.lab.size).toBe(5);
    const one = await load(timed(times), scenario('{ time: D }', 'lab: { size: 2 }\nsteps: 1'));
    expect(one.plan.population.table?.rows).toBe(5);
    expect(stepsIn(trace(one)).map(({ measure }) => measure.rows)).toEqual([3]);
  });

  it.each([
    ['goes back', ['1', '2', '1.5', '3'], '{ time: D }', 'the time goes back in "D": 1.5 after 2', 4],
    [
      'goes back, with so many rows a step',
      ['2', '1', '3'],
      '{ per: 1, time: D }',
      'the time goes back in "D": 1 after 2',
      3,
    ],
    ['is no time', ['2024-01-02', '02/01/2024'], '{ time: D }', '"02/01/2024" stands in the time column "D"', 3],
    ['is no day', ['2024-01-02', '2024-13-02'], '{ time: D }', '"2024-13-02" stands in the time column "D"', 3],
    ['is missing', ['1', '', '3'], '{ time: D }', 'nothing stands in the time column "D"', 3],
    [
      'is of two kinds',
      ['1', '2024-01-02'],
      '{ time: D }',
      '"2024-01-02" is a date, the first in the time column "D" is a number',
      3,
    ],
  ])('%s', async (_, times, replay, message, line) => {
    const found = await refusal(timed(times), scenario(replay, 'lab: { size: 1 }'));
    expect(found).toMatchObject({ message, line, column: 3 });
    expect(found.file).toMatch(/data\.csv$/);
  });

  it('a column that is not there names the nearest', async () => {
    const found = await refusal('X,Y,Date\n1,2,3\n', scenario('{ time: Dat }', 'lab: { size: 1 }'));
    expect(found).toMatchObject({ message: 'there is no column "Dat"', nearest: 'Date' });
  });
});

it('text in a number column names line and column', async () => {
  const found = await refusal(csv([...lines(8), ['8', 'up']]), scenario('{ per: 2 }', LAB));
  expect(found).toMatchObject({ line: 10, column: 2, message: '"up" stands in the number column "Y"' });
});

it.each([
  ['size', '', 'size: 3', 'the rows of a replay decide how many come'],
  ['turnover', '', 'turnover: 0', 'in a replay everybody is replaced at each step'],
  ['balance', 'balance: { field: label, keep: { 1: 3 } }', '', 'a replay takes every row'],
])('%s is refused', async (_, rows, population, message) => {
  expect(await refusal(csv(lines(9)), scenario('{ per: 2 }', LAB, rows, population))).toMatchObject({
    message,
    line: 3,
  });
});

it('a scenario from elsewhere may read no file', async () => {
  await expect(parseScenario(scenario('{ per: 2 }', LAB))).rejects.toThrow(ScenarioError);
});

describe.skipIf(missing('data/electricity.csv.gz'))('two and a half years of electricity', () => {
  it('comes in 129 weeks, the last of 288 rows', async () => {
    writeFileSync(
      join(folder, 'electricity.yaml'),
      `
name: electricity
population: { rows: { file: ${shared('data/electricity.csv.gz')}, columns: { price: nswprice, label: class }, replay: { per: 336 } } }
outcome: { field: rises, kind: binary, value: label }
lab: { size: 2016 }
models: { score: { learner: logistic, features: [price] } }
`,
    );
    const loaded = await loadScenario(join(folder, 'electricity.yaml'));
    // (45312 - 2016) / 336 = 128.86
    expect(loaded.plan.steps).toBe(129);
    const steps = stepsIn(trace(loaded));
    expect(steps.slice(0, 128).every(({ actual }) => actual.n === 336)).toBe(true);
    expect(steps[128].actual.n).toBe(288);
  });
});

it('only monitors that are told when the world changed are scored', async () => {
  const monitor = (more: string) => `{ name: m1${more.length}, psi: { field: x }${more} }`;
  const text = scenario('{ per: 4 }', `${LAB}\nmonitor: [${monitor('')}, ${monitor(', changes: [1]')}]`);
  const end = trace(await load(csv(lines(20)), text)).find((record) => record.type === 'end');
  expect(Object.keys(end?.monitors ?? {})).toEqual(['m114']);
});
