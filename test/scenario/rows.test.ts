/** Populations from a CSV file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { loadScenario } from '../../src/scenario/load.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-rows-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const scenario = (rows: string) => `
name: rows
steps: 1
population: { rows: { file: data.csv, columns: { x: X, y: Y }, ${rows} } }
outcome: { field: z, value: x + y }
lab: { size: all, holdout: 0 }
models: { m: { learner: mean } }
`;

/** The table that is made of a file. */
async function table(data: string | Buffer, rows = ''): Promise<{ rows: number; x: number[]; y: number[] }> {
  writeFileSync(join(folder, 'data.csv'), data);
  writeFileSync(join(folder, 'scenario.yaml'), scenario(rows));
  const { plan } = await loadScenario(join(folder, 'scenario.yaml'));
  const found = plan.population.table;
  if (found === null) throw new Error('there is no table');
  const column = (name: string) => [...(found.columns.get(name) ?? [])];
  return { rows: found.rows, x: column('x'), y: column('y') };
}

async function refusal(data: string, rows = ''): Promise<ScenarioError['diagnostics'][number]> {
  try {
    await table(data, rows);
  } catch (error) {
    if (error instanceof ScenarioError) return error.diagnostics[0];
    throw error;
  }
  throw new Error('the file was taken');
}

describe('reads', () => {
  const PLAIN = { rows: 2, x: [1, 3], y: [2, 4] };
  it.each([
    ['plain', 'X,Y\n1,2\n3,4\n'],
    ['without a last newline', 'X,Y\n1,2\n3,4'],
    ['with a byte-order mark and CRLF', '\uFEFFX,Y\r\n1,2\r\n3,4\r\n'],
    ['quoted, columns in another order', '"Y","extra, with comma","X"\n"2","a","1"\n"4","b ""quoted""","3"\n'],
    ['tabs', 'X\tY\n1\t2\n3\t4\n'],
    ['scientific numbers and spaces', 'X,Y\n1e0, 2\n 3.0,0.4e1\n'],
    ['empty lines', 'X,Y\n1,2\n\n3,4\n\n'],
  ])('%s', async (_, text) => {
    expect(await table(text)).toEqual(PLAIN);
  });

  it('gzip', async () => {
    expect(await table(gzipSync('X,Y\n1,2\n3,4\n'))).toEqual(PLAIN);
  });

  it('a file without a header, by number of column', async () => {
    const data = '1,9,2\n3,9,4\n';
    writeFileSync(join(folder, 'data.csv'), data);
    writeFileSync(join(folder, 'scenario.yaml'), scenario('header: false').replace('x: X, y: Y', 'x: "1", y: "3"'));
    const { plan } = await loadScenario(join(folder, 'scenario.yaml'));
    expect([...(plan.population.table?.columns.get('y') ?? [])]).toEqual([2, 4]);
  });

  it('100,000 rows', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i},${i % 7}`);
    const found = await table(`X,Y\n${lines.join('\n')}\n`);
    expect(found.rows).toBe(100_000);
    expect(found.x[99_999]).toBe(99_999);
  });
});

describe('missing values', () => {
  const GAPS = 'X,Y\n1,2\nNA,4\n5,\n7,8\n';
  it('drop their rows', async () => expect(await table(GAPS)).toEqual({ rows: 2, x: [1, 7], y: [2, 8] }));
  it('are kept where that is asked', async () =>
    expect(await table(GAPS, 'missing: keep')).toEqual({
      rows: 4,
      x: [1, Number.NaN, 5, 7],
      y: [2, 4, Number.NaN, 8],
    }));
  it('are filled with the mean of the others', async () => {
    const { x, y } = await table(GAPS, 'missing: mean');
    expect(x[1]).toBeCloseTo(13 / 3, 12);
    expect(y[2]).toBeCloseTo(14 / 3, 12);
  });
  it('may be written otherwise', async () =>
    expect((await table('X,Y\n1,2\n-999,4\n', 'missingValues: ["-999"]')).x).toEqual([1]));
});

describe('scaling and balancing', () => {
  const DATA = `X,Y\n${[3, 1, 4, 1, 5, 9, 2, 6].map((x, i) => `${x},${i % 2}`).join('\n')}\n`;

  it('scales to mean 0 and variance 1 (over n) before it balances', async () => {
    const { x, y } = await table(DATA, 'scale: standard, unscaled: [y], balance: { field: y, keep: { 1: all, 0: 2 } }');
    const all = [3, 1, 4, 1, 5, 9, 2, 6];
    const mean = all.reduce((a, b) => a + b) / 8;
    const sd = Math.sqrt(all.reduce((a, b) => a + (b - mean) ** 2, 0) / 8);
    expect(y).toEqual([0, 1, 0, 1, 1, 1]);
    const kept = [3, 1, 4, 1, 9, 6].map((v) => (v - mean) / sd);
    for (const [i, v] of kept.entries()) expect(x[i]).toBeCloseTo(v, 12);
  });

  it('scales to 0 and 1', async () => {
    const { x } = await table(DATA, 'scale: minmax, unscaled: [y]');
    expect(Math.min(...x)).toBe(0);
    expect(Math.max(...x)).toBe(1);
  });

  it('leaves a constant column finite', async () => {
    const { x } = await table('X,Y\n2,1\n2,3\n', 'scale: standard');
    expect(x.every(Number.isFinite)).toBe(true);
  });
});

describe('refuses, with the line and the number of the column,', () => {
  it('text in a number column', async () =>
    expect(await refusal('X,Y\n1,2\n3,four\n')).toMatchObject({
      line: 3,
      column: 2,
      message: expect.stringContaining('four'),
    }));
  it.each([
    ['categorical: [z]', 'z'],
    ['unscaled: [xx]', 'xx'],
    ['scale: { kind: standard, fields: [z] }', 'z'],
    ['balance: { field: z, keep: { 1: 1 } }', 'z'],
  ])('a field that is not one of its columns: %s', async (rows, name) => {
    const { file, message } = await refusal('X,Y\n1,2\n', rows);
    expect(file).toMatch(/scenario.yaml$/);
    expect(message).toContain(`\`${name}\` is not one of the`);
  });
  it('a value to balance that no row has', async () =>
    expect((await refusal('X,Y\n1,2\n', 'balance: { field: y, keep: { yes: 1 } }')).message).toContain(
      'no row has "yes"',
    ));
  it('an empty text, where another text means missing', async () =>
    expect(await refusal('X,Y\n1,2\n,4\n', 'missingValues: ["-999"]')).toMatchObject({ line: 3, column: 1 }));
  it('ragged rows', async () => expect(await refusal('X,Y\n1,2\n3\n')).toMatchObject({ line: 3 }));
  it('a column that is not there, with the nearest name', async () =>
    expect(await refusal('X,Why\n1,2\n')).toMatchObject({ message: expect.stringContaining('Y') }));
  it('a file without rows', async () => expect((await refusal('X,Y\n')).message).toMatch(/no row|empty/i));
  it('an empty file', async () => expect((await refusal('')).message.length).toBeGreaterThan(5));
  it('a number that no double holds', async () => expect(await refusal('X,Y\n1,1e999\n')).toMatchObject({ line: 2 }));
  it('a label that is neither 0 nor 1, where a model predicts one', async () => {
    const logistic = async (data: string, rows = '') => {
      writeFileSync(join(folder, 'data.csv'), data);
      const text = scenario(rows).replace('learner: mean', 'learner: logistic, features: [x], target: y');
      writeFileSync(join(folder, 'logistic.yaml'), text);
      return loadScenario(join(folder, 'logistic.yaml'));
    };
    await logistic('X,Y\n1,0\n2,1\n');
    await logistic('X,Y\n1,0\n2,1\n', 'scale: standard, unscaled: [y]');
    await expect(logistic('X,Y\n1,1\n2,2\n')).rejects.toThrow(/holds 2/);
    await expect(logistic('X,Y\n1,0\n2,1\n', 'scale: standard')).rejects.toThrow(/unscaled/);
  });
});
