/** A scenario for a person's own file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { inspectCsv } from '../../src/scenario/inspect.js';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { runOf } from '../../src/scenario/simulate.js';
import { round, type Starter, starterFor } from '../../src/scenario/starter.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-starter-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Rows of days, a category, a number, and labels of several kinds. */
const HEAD = 'day,Region,2nd price,note,flag,score,answer,amount,always,max';
const line = (i: number): string =>
  [
    `2024-01-${String(1 + Math.floor(i / 20)).padStart(2, '0')}`,
    ['north', 'south', 'east: "b"'][i % 3],
    i % 7 === 0 ? '' : (i % 11) / 10,
    `text ${i}`,
    i % 4 === 0 ? 1 : 0,
    i % 5,
    i % 3 === 0 ? 'yes' : 'no',
    i * 1.5,
    7,
    i % 13,
  ]
    .map((value) => (String(value).includes('"') ? `"${String(value).replaceAll('"', '""')}"` : value))
    .join(',');
const DATA = `${HEAD}\n${Array.from({ length: 400 }, (_, i) => line(i)).join('\n')}\n`;

async function made(
  label: string,
  time: string | null = null,
  data = DATA,
): Promise<{ starter: Starter; loaded: LoadedScenario }> {
  const csv = join(folder, 'my.csv');
  writeFileSync(csv, data);
  const options = { schema: 'schema.json', file: csv, written: 'my.csv', name: 'my data: 1', label, time };
  const starter = starterFor(await inspectCsv(csv), options);
  writeFileSync(join(folder, 'my.yaml'), starter.text);
  return { starter, loaded: await loadScenario(join(folder, 'my.yaml')) };
}

async function refusal(label: string, time: string | null = null, data = DATA): Promise<string> {
  try {
    await made(label, time, data);
  } catch (error) {
    if (error instanceof ScenarioError) return error.diagnostics[0].message;
    throw error;
  }
  throw new Error('it was taken');
}

const kindsOf = async (data: string, most?: number) => {
  writeFileSync(join(folder, 'kinds.csv'), data);
  const facts = await inspectCsv(join(folder, 'kinds.csv'), most);
  return { ...facts, kinds: Object.fromEntries(facts.columns.map(({ kind, title }) => [title, kind])) };
};

describe('what a file holds', () => {
  it('the kind of each column', async () => {
    const { columns, complete, kinds, rows } = await kindsOf(DATA);
    expect(kinds).toEqual({
      day: 'date',
      Region: 'category',
      '2nd price': 'number',
      note: 'text',
      flag: 'number',
      score: 'number',
      answer: 'category',
      amount: 'number',
      always: 'constant',
      max: 'number',
    });
    // Each seventh row has no price: 58 of 400.
    expect({ complete, rows }).toEqual({ complete: true, rows: 400 });
    expect(columns.map(({ gaps }) => gaps.length)).toEqual([0, 0, 58, 0, 0, 0, 0, 0, 0, 0]);
    expect(columns[2].gaps.slice(0, 3)).toEqual([0, 7, 14]);
  });

  it('by its first rows only, where it is long', async () => {
    const { complete, kinds, rows } = await kindsOf('a\n1\n2\n3\ntext\n', 3);
    expect({ complete, rows, a: kinds.a }).toEqual({ complete: false, rows: 3, a: 'number' });
  });

  it.each([
    ['no line of names', '1,2\n3,4\n', 'the first line holds numbers'],
    ['no rows', 'a,b\n', 'there are no rows in the file'],
    ['a ragged line', 'a,b\n1,2\n3\n', 'this line has 1 values, the first has 2'],
  ])('%s', async (_, data, message) => {
    await expect(kindsOf(data)).rejects.toMatchObject({ diagnostics: [{ message }] });
  });
});

describe('the scenario', () => {
  it.each([
    ['0 and 1', 'flag', 'binary', 'in_file'],
    ['two texts: the rarer is yes', 'answer', 'binary', 'in_file == "yes"'],
    ['several texts: the rarest against the others', 'Region', 'binary', 'in_file == "east: \\"b\\""'],
    ['numbers', 'amount', 'numeric', 'in_file'],
  ])('label of %s', async (_, label, kind, value) => {
    const { loaded, starter } = await made(label);
    expect(loaded.scenario.outcome).toMatchObject({ kind, value });
    expect(starter.learner).toBe(kind === 'binary' ? 'logistic' : 'linear');
    const records = [...runOf(loaded, { seed: 1 })];
    expect(records.at(-1)).toMatchObject({ type: 'end', status: 'complete', steps: loaded.plan.steps });
  });

  it('two numbers: the larger is yes, and the share of yes is that of the file', async () => {
    const { loaded } = await made(
      'b',
      null,
      `a,b\n${Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 4 === 0 ? 2 : 1}`).join('\n')}\n`,
    );
    expect(loaded.scenario.outcome).toMatchObject({ kind: 'binary', value: 'in_file == 2' });
    const records = [...runOf(loaded, { seed: 1 })];
    const steps = records.flatMap((record) => (record.type === 'step' ? [record.population.b.mean ?? 0] : []));
    // Each step is one row; of the ten that are yes, the lab's five rows have two.
    expect(steps).toHaveLength(40 - (loaded.plan.lab.size ?? 0));
    expect(steps.filter((yes) => yes === 1)).toHaveLength(8);
  });

  it('leaves out what is no feature, and gives names that formulas can use', async () => {
    const { loaded, starter } = await made('flag', 'day');
    expect(starter.features).toEqual(['region', 'c2nd_price', 'score_', 'answer', 'amount', 'max_']);
    expect(starter.left.map(({ title }) => title)).toEqual(['day', 'note', 'always']);
    expect(loaded.scenario.population.rows?.categorical).toEqual(['region', 'answer']);
    expect(loaded.scenario.population.rows?.replay).toMatchObject({ time: 'day' });
    for (const { title, why } of starter.left) expect(starter.text).toContain(`# ${title} is left out: ${why}`);
  });

  it.each([
    ['a label that is not there', 'Flag', null, 'there is no column "Flag"'],
    ['a time that is not there', 'flag', 'date', 'there is no column "date"'],
    ['a label of many texts', 'note', null, 'the column "note" cannot be a label: it holds too many different texts'],
    ['a label of one value', 'always', null, 'the lab'],
  ])('%s', async (_, label, time, message) => {
    if (label === 'always') await expect(refusal(label, time)).resolves.toContain('one value only');
    else expect(await refusal(label, time)).toBe(message);
  });
});

it.each([
  [1, 1],
  [1.4, 1],
  [1.5, 2],
  [3.1, 2],
  [3.2, 5],
  [7, 5],
  [7.1, 10],
  [4531, 5000],
  [0, 1],
])('rounds %d to %d', (x, expected) => {
  expect(round(x)).toBe(expected);
});
