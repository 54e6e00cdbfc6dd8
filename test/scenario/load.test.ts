/** From text to a plan: everything wrong at once, with its place; what extends what; values over values. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Diagnostic, ScenarioError } from '../../src/scenario/diagnostic.js';
import { loadScenario } from '../../src/scenario/load.js';
import { EVERYTHING, hashOf, parse, records } from '../support/scenario.js';

async function diagnostics(load: Promise<unknown>): Promise<readonly Diagnostic[]> {
  try {
    await load;
  } catch (error) {
    if (error instanceof ScenarioError) return error.diagnostics;
    throw error;
  }
  return [];
}
const wrong = (text: string) => diagnostics(parse(text));

/** Line and column (from 1) of a text in another. */
function place(text: string, word: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(word)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

describe('diagnostics', () => {
  it('tell everything at once', async () => {
    const text = EVERYTHING.replace('steps: 20', 'stepz: 20').replace('turnover: 0.5', 'turnover: 7');
    const found = await wrong(text);
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(found).toContainEqual(expect.objectContaining({ ...place(text, 'stepz'), nearest: 'steps' }));
    expect(found).toContainEqual(expect.objectContaining(place(text, '7\n')));
  });

  it('tell what is wrong in formulas beside what the schema refuses', async () => {
    const text = EVERYTHING.replace('steps: 20', 'stepz: 20').replace('turnover: 0.5', 'turnover: 7');
    const found = await wrong(text.replace('share(approve)', 'share(aprove)').replace('[group]', '[grup]'));
    expect(found.map(({ nearest }) => nearest)).toEqual(['steps', null, 'approve', 'group']);
    // A block that is misspelt would make every name in it unknown: it is told alone.
    expect(await wrong(EVERYTHING.replace('  fields:', '  feilds:'))).toEqual([
      expect.objectContaining({ nearest: 'fields' }),
    ]);
  });

  it('name the key of a field that is misspelt', async () => {
    const text = EVERYTHING.replace('choice:', 'choise:');
    expect(await wrong(text)).toContainEqual(
      expect.objectContaining({ ...place(text, 'choise'), message: 'unknown key `choise`', nearest: 'choice' }),
    );
  });

  it('come in the order of the lines', async () => {
    const text = EVERYTHING.replace('field: debt', 'field: det').replace('fields: [debt]', 'fields: [dept]');
    const lines = (await wrong(text.replace('share(approve)', 'share(aprove)'))).map(({ line }) => line);
    expect(lines).toHaveLength(3);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });

  it.each([
    ['an unknown name in a formula', 'income + normal(-3, 2)', 'normal(-3, 2) + incom', 'incom"', 'income'],
    ['an unknown function', 'poisson(2)', '1 + poison(2)', 'poison(', 'poisson'],
    ['a model that is not there', 'model: score', 'model: scor', 'scor,', 'score'],
    ['a feature that is not there', 'features: [income, debt', 'features: [income, dept', 'dept', 'debt'],
    ['a target that is not there', 'target: repaid', 'target: repayed', 'repayed', 'repaid'],
    ['a field that is not there', 'field: debt', 'field: det', 'det,', 'debt'],
    ['a slice that is not there', 'slices: [group]', 'slices: [grup]', 'grup]', 'group'],
  ])('name the place and the nearest word: %s', async (_, from, to, word, nearest) => {
    expect(EVERYTHING).toContain(from);
    const text = EVERYTHING.replace(from, to);
    expect(await wrong(text)).toContainEqual(expect.objectContaining({ ...place(text, word), nearest }));
  });

  it('name a formula that is missing', async () => {
    const text = EVERYTHING.replace(
      'strategic: { model: score, fields: [debt], strength: 2 }',
      'field: debt, consensus: { within: group }',
    );
    const found = await wrong(text);
    expect(found).toMatchObject([
      { message: '`speed` is missing', expected: 'a text, or a number', ...place(text, '{ within') },
    ]);
  });

  it('name the place inside a formula that does not parse', async () => {
    const [first] = await wrong(EVERYTHING.replace('score > 0.5', 'score > > 0.5'));
    expect(first.line).toBe(place(EVERYTHING, 'score > 0.5').line);
  });

  it('tell what a comma inside braces does', async () => {
    const text = EVERYTHING.replace(
      'probability: sigmoid(0.1 * (income - 50) - 3 * (debt - 0.4))',
      'probability: max(0, 0.1)',
    );
    expect((await wrong(text))[0]).toMatchObject({ expected: expect.stringContaining('quotes') });
  });

  it('name fields that need each other in a circle', async () => {
    const text = EVERYTHING.replace('debt: beta(2, 3)', 'debt: late + 1').replace('late: poisson(2)', 'late: debt');
    expect((await wrong(text)).map(({ message }) => message).join()).toMatch(/circle|each other/);
  });

  it('name what is not YAML', async () => {
    expect(await wrong('name: [a\nsteps: 3')).toContainEqual(expect.objectContaining({ line: expect.any(Number) }));
    expect(await wrong(`${EVERYTHING}---\nname: another\n`)).toEqual([
      expect.objectContaining({ line: EVERYTHING.split('\n').length, message: 'a second document begins here' }),
    ]);
    expect((await wrong('')).length).toBe(1);
    expect((await wrong('just text')).length).toBe(1);
  });

  it.each(['actual.acuracy', 'final(actual.accuracy)', 'final() > 1', 'near(1, 2) ', 'at(actual.accuracy) > 1'])(
    'refuse the expectation %s',
    async (that) => {
      const text = `${EVERYTHING}expect: [{ that: "${that}", because: it must }]\n`;
      expect((await wrong(text))[0]).toMatchObject({ line: text.split('\n').length - 1 });
    },
  );

  it('hold the limits on what a stranger may send', async () => {
    expect((await wrong(`name: ${'x'.repeat(1_000_001)}`))[0].message).toContain('1000000 characters');
    expect((await wrong(`name: ${'['.repeat(60)}${']'.repeat(60)}`))[0].message).toContain('deep');
    // So deep that the parser itself gives up.
    for (const [open, close] of [
      ['[', ']'],
      ['{a: ', '}'],
    ]) {
      const found = await wrong(`name: ${open.repeat(9000)}${close.repeat(9000)}`);
      expect(found.map(({ message }) => message)).toEqual(['the file is nested more than 40 deep']);
    }
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefgh'
      .split('')
      .map((key, k) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[k]}`).join(', ')}]`)
      .join('\n')}`;
    expect((await wrong(bomb)).length).toBeGreaterThan(0);
  });

  it('let no scenario from elsewhere read a file', async () => {
    expect((await wrong('extends: /etc/passwd\nname: x'))[0].message).toContain('may not read files');
    const rows = EVERYTHING.replace('turnover: 0.5', 'rows: { file: /etc/passwd, columns: { a: a } }');
    expect((await wrong(rows)).map(({ message }) => message).join()).toContain('may not read files');
  });
});

describe('overrides', () => {
  it('change what the file says, by name, by number, and inside the one block that has the key', async () => {
    const loaded = await parse(EVERYTHING, {
      set: { steps: 3, 'respond.gaming.strength': 9, 'drift.0.share': 0.25, 'models.score.l2': 0.5 },
    });
    expect(loaded.plan.steps).toBe(3);
    expect(loaded.scenario.drift[0].share).toBe(0.25);
    expect(loaded.scenario.respond[0]).toMatchObject({ strategic: { strength: 9 } });
  });

  it('are the same as the file that says so', async () => {
    const set = await parse(EVERYTHING, { set: { 'population.turnover': 1 } });
    const written = await parse(EVERYTHING.replace('turnover: 0.5', 'turnover: 1'));
    expect(hashOf(records(set))).toBe(hashOf(records(written)));
    expect(hashOf(records((await parse(EVERYTHING)).with({ 'population.turnover': 1 })))).toBe(
      hashOf(records(written)),
    );
  });

  it('name what is not there', async () => {
    const [first] = await diagnostics(parse(EVERYTHING, { set: { 'respond.gamin.strength': 9 } }));
    expect(first.nearest).toBe('gaming');
  });

  it('say so where the file has no such list at all', async () => {
    const without = EVERYTHING.replace(/^respond:\n.*\n/m, '');
    const [first] = await diagnostics(parse(without, { set: { 'respond.gaming.strength': 9 } }));
    expect(first).toMatchObject({
      message: 'there is no `gaming` in this list',
      expected: 'nothing: the list is empty',
    });
  });
});

describe('switching off', () => {
  it('takes mechanisms and blocks, and refuses what is neither', async () => {
    expect((await parse(EVERYTHING, { off: ['respond', 'drift.luck'] })).without).toEqual([
      'drift.luck',
      'respond.gaming',
    ]);
    const [first] = await diagnostics(parse(EVERYTHING, { off: ['respnd'] }));
    expect(first).toMatchObject({ nearest: 'respond' });
    const [second] = await diagnostics(parse(EVERYTHING, { off: ['respond.gamin'] }));
    expect(second).toMatchObject({ nearest: 'gaming' });
  });
});

describe('extends', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'driftloop-extends-'));
    writeFileSync(join(folder, 'base.yaml'), EVERYTHING);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const load = (text: string, name = 'child.yaml') => {
    writeFileSync(join(folder, name), text);
    return loadScenario(join(folder, name));
  };

  it('merges keys, and lists of named things by name', async () => {
    const { scenario } = await load(`
extends: base.yaml
name: child
costs:
drift: [{ name: luck, share: 0.125 }, { name: more, field: late, becomes: late + 1 }]
`);
    expect(scenario).toMatchObject({ name: 'child', steps: 20, population: { size: 300 } });
    expect(scenario.drift.map(({ name, share }) => [name, share])).toEqual([
      ['luck', 0.125],
      ['more', 1],
    ]);
    expect(scenario.costs).toBeUndefined();
  });

  it('names the file in which something is wrong', async () => {
    writeFileSync(join(folder, 'bad.yaml'), EVERYTHING.replace('* (income - 50)', '* (incme - 50)'));
    const [first] = await diagnostics(load('extends: bad.yaml\nname: child\n'));
    expect(first).toMatchObject({ file: join(folder, 'bad.yaml'), nearest: 'income' });
  });

  it('finds the rows beside the file that names them', async () => {
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'people.csv'), 'X\n1\n2\n');
    writeFileSync(
      join(folder, 'rows.yaml'),
      'population: { rows: { file: people.csv, columns: { x: X } } }\noutcome: { field: y, value: x }\nmodels: { m: { learner: mean } }\n',
    );
    const { plan } = await load('extends: ../rows.yaml\nname: child\n', 'inner/child.yaml');
    expect(plan.population.table?.rows).toBe(2);
  });

  it('refuses circles and files that are not there', async () => {
    writeFileSync(join(folder, 'a.yaml'), 'extends: b.yaml\n');
    writeFileSync(join(folder, 'b.yaml'), 'extends: a.yaml\n');
    expect((await diagnostics(loadScenario(join(folder, 'a.yaml'))))[0].message).toContain('circle');
    expect((await diagnostics(load('extends: none.yaml\n')))[0]).toMatchObject({ line: 1, column: 10 });
  });
});

describe('find', () => {
  const loaded = () => loadScenario('scenarios/feedback/strategic-credit.yaml');

  it('finds what was written where `with` puts a value', async () => {
    const scenario = await loaded();
    const lines = readFileSync(scenario.file, 'utf8').split('\n');
    const line = (wanted: RegExp) => 1 + lines.findIndex((text) => wanted.test(text));
    expect(scenario.find('respond.gaming.strength')).toMatchObject({ value: 8, line: line(/strength: 8/) });
    expect(scenario.find('collect.selective labels.delay')?.value).toBe(6);
    expect(scenario.find('retrain.every')?.value).toBe(20);
    expect(scenario.with({ 'respond.gaming.strength': 5 }).find('respond.gaming.strategic.strength')?.value).toBe(5);
  });

  it.each(['nothing', 'respond.nobody.strength', 'respond.9', 'steps.more'])('finds nothing at %s', async (path) => {
    expect((await loaded()).find(path)).toBeNull();
  });
});

it('says of a scenario without an outcome, or with one of another kind, what is expected', async () => {
  const expected = 'a block with field, kind, value, probability';
  const wrong = (text: string) => parse(text).catch((error) => error.diagnostics);
  const without = EVERYTHING.replace(/^outcome:.*\n/m, '');
  expect(await wrong(without)).toContainEqual(expect.objectContaining({ message: '`outcome` is missing', expected }));
  expect(await wrong(`${without}outcome: 5\n`)).toContainEqual(
    expect.objectContaining({ message: '`5` is not right here', expected }),
  );
});
