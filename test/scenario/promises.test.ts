/** What a scenario says of its own values and series. */
import { describe, expect, it } from 'vitest';
import type { EventRecord } from '../../src/loop/trace.js';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { EVERYTHING, parse, records } from '../support/scenario.js';

/** What is wrong with a last line of a scenario: the column and the message of each. */
async function wrong(line: string): Promise<(readonly [column: number, message: string])[]> {
  try {
    await parse(`${EVERYTHING}${line}\n`);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    for (const diagnostic of error.diagnostics) expect(diagnostic.line).toBe(EVERYTHING.split('\n').length);
    return error.diagnostics.map(({ column, message }) => [column, message] as const);
  }
}
/** The column of a word in a line. */
const at = (line: string, word: string) => line.indexOf(word) + 1;

describe('negative controls', () => {
  const line = (more: string) => `expect: [{ that: final(actual.accuracy) > 0, because: it is, control: true${more} }]`;
  it('say what they take away', async () => {
    expect(await wrong(line(', with: { respond.gaming.off: true }'))).toEqual([]);
    expect(await wrong(line(''))).toEqual([[at(line(''), 'control'), expect.stringContaining('takes away')]]);
  });
});

describe('knobs', () => {
  const knob = (path: string, min: number, max: number, more = '') =>
    `knobs: [{ path: ${path}, label: k, min: ${min}, max: ${max}${more} }]`;

  it.each([
    ['respond.gaming.strength', 0, 8],
    ['respond.gaming.share', 0, 1],
    ['collect.selective.delay', 0, 20],
    ['lab.size', 10, 1000],
  ])('take %s', async (path, min, max) => expect(await wrong(knob(path, min, max))).toEqual([]));

  it.each([
    ['a path that is not there', knob('respond.gaming.strenght', 0, 8), 'respond', 'unknown key'],
    ['a mechanism that is not there', knob('respond.gamin.strength', 0, 8), 'respond', 'no `gamin`'],
    [
      'a lower bound out of range',
      knob('respond.gaming.share', -1, 1),
      '-1',
      'with respond.gaming.share = -1: `-1` is too',
    ],
    ['an upper bound out of range', knob('respond.gaming.share', 0, 1.5), '1.5', '`1.5` is too large'],
    ['bounds in the wrong order', knob('respond.gaming.share', 1, 0), '0 }', 'from 1 to 0'],
    ['a step wider than the knob', knob('respond.gaming.share', 0, 1, ', step: 2'), '2 }', 'wider'],
  ])('refuse %s', async (_, line, word, message) => {
    expect(await wrong(line)).toEqual([[at(line, word), expect.stringContaining(message)]]);
  });
});

describe('the schedule', () => {
  it.each([
    [
      'a path that is not there',
      'schedule: [{ at: 3, set: { respond.gamin.strength: 4 } }]',
      '{ respond',
      'no `gamin`',
    ],
    [
      'a value out of range',
      'schedule: [{ at: 3, set: { population.turnover: 7 } }]',
      '{ population',
      '`7` is too large',
    ],
    ['what is settled', 'schedule: [{ at: 3, set: { population.size: 7 } }]', 'population.size', 'cannot change'],
    ['another model', 'schedule: [{ at: 3, set: { models.more.learner: mean } }]', '{ models', 'keeps its models'],
    ['another field', 'schedule: [{ at: 3, set: { population.fields.more: 7 } }]', '{ population', 'keeps its fields'],
    ['the number of steps', 'schedule: [{ at: 3, set: { steps: 7 } }]', 'steps', 'cannot change'],
  ])('refuses %s before the run begins', async (_, line, word, message) => {
    expect(await wrong(line)).toEqual([[at(line, word), expect.stringContaining(message)]]);
  });

  it('is judged change upon change', async () => {
    // It may end at step 3 only once it begins before.
    const ends = (step: number) => `{ at: ${step}, set: { drift.luck.to: 3 } }`;
    const begins = '{ at: 1, set: { drift.luck.from: 1 } }';
    expect(await wrong(`schedule: [${ends(2)}, ${begins}]`)).toEqual([]);
    expect(await wrong(`schedule: [${ends(0)}, ${begins}]`)).not.toEqual([]);
  });
});

it('a hand that would need another world is refused when it comes', async () => {
  const loaded = await parse(EVERYTHING);
  const hand = (set: Record<string, number | string>) => () => records(loaded, { interventions: [{ at: 2, set }] });
  expect(hand({ 'models.more.learner': 'mean', 'measure.more': 'mean(more)' })).toThrow(/keeps its models/);
  expect(hand({ 'population.fields.more': '7' })).toThrow(/keeps its fields/);
  expect(hand({ 'population.turnover': 1, 'measure.more': 'mean(income)' })).not.toThrow();
});

it('theory is drawn over a series that there is', async () => {
  expect(await wrong('theory: { half: { over: actual.accuracy, value: 0.5 } }')).toEqual([]);
  const line = 'theory: { half: { over: actual.acuracy, value: 0.5 } }';
  expect(await wrong(line)).toEqual([[at(line, 'actual'), expect.stringContaining('not a series')]]);
});

it('slices have names of their own', async () => {
  const line = 'slices: [{ name: a b, where: income > 0 }, { name: a-b, where: income > 1 }]';
  await expect(parse(EVERYTHING.replace('slices: [group]', line))).rejects.toThrow(/same name/);
  await expect(parse(EVERYTHING.replace('slices: [group]', 'slices: [group, group]'))).rejects.toThrow(/same name/);
});

it('a rule of more nodes than can be had is refused', async () => {
  const text = (n: number) => `
name: nodes
population: { nodes: { x: gauss-hermite ${n} } }
outcome: { field: y, value: x }
models: { m: { learner: mean } }
`;
  await expect(parse(text(401))).rejects.toThrow(/too many/);
  expect((await parse(text(400))).plan.population.nodes?.get('x')?.nodes).toHaveLength(400);
});

it('a binary target that is neither 0 nor 1 is told', async () => {
  const text = (value: string) => `
name: binary
steps: 1
population: { size: 50, fields: { x: "normal(0, 1)" } }
outcome: { field: y, kind: binary, value: ${value} }
models: { m: { learner: logistic, features: [x] } }
`;
  const notes = async (value: string) =>
    records(await parse(text(value)))
      .filter((r): r is EventRecord => r.type === 'event')
      .map(({ message }) => message)
      .join();
  expect(await notes('sigmoid(x)')).toContain('other than 0 and 1');
  expect(await notes('bernoulli(sigmoid(x))')).not.toContain('other than');
});

describe('the view', () => {
  it.each([
    ['nothing but a metric', 'view: { metric: logLoss }'],
    ['what only the view asks for', 'view: { metric: coverage }'],
    ['a slice', 'view: { slice: "group: b" }'],
    ['a measure beside another number', 'view: { metric: measure.approved, beside: [costs.total] }'],
    ['a coefficient', 'view: { metric: score.coef.income }'],
    [
      'a monitor',
      'monitor: [{ name: late ones, psi: { field: late }, alarm: "> 0.2" }]\nview: { metric: monitor.late_ones.statistic }',
    ],
    ['axes', 'view: { x: late, y: score, twin: false }'],
  ])('takes %s', async (_, line) => expect(await wrong(line)).toEqual([]));

  it.each([
    ['a metric that is not there', 'view: { metric: acuracy }', 'acuracy', 'not a metric of `score`'],
    ['a measure that is not there', 'view: { metric: measure.aproved }', 'measure', 'not a number of the trace'],
    [
      'a monitor that is not there',
      'view: { metric: monitor.nobody.statistic }',
      'monitor',
      'not a number of the trace',
    ],
    ['a model that is not there', 'view: { model: scoer }', 'scoer', 'not a model'],
    ['a slice that is not there', 'view: { slice: "group: c" }', '"group', 'not a slice'],
    ['another model that is not there', 'view: { beside: [other] }', 'other', 'not a model'],
    ['an axis that is not there', 'view: { x: incom }', 'incom', 'not a field'],
    ['a category as an axis', 'view: { y: group }', 'group', 'not a field'],
    ['a number of a slice', 'view: { metric: measure.approved, slice: "group: a" }', '"group', 'is of everybody'],
    ['a number of a model', 'view: { metric: measure.approved, model: score }', 'score', 'is of no model'],
  ])('refuses %s', async (_, line, word, message) => {
    expect(await wrong(line)).toEqual([[at(line, word), expect.stringContaining(message)]]);
  });

  it('names the nearest that there is', async () => {
    const error = await parse(`${EVERYTHING}view: { metric: acuracy }\n`).catch((thrown) => thrown);
    expect(error.diagnostics[0]).toMatchObject({ nearest: 'accuracy' });
  });

  it('is no part of a run that does without, and changes none of its numbers', async () => {
    const [without, shown] = await Promise.all([
      parse(EVERYTHING),
      parse(`${EVERYTHING}view: { slice: "group: b" }\n`),
    ]);
    const steps = (loaded: typeof without) => records(loaded).filter(({ type }) => type === 'step');
    expect(steps(shown)).toEqual(steps(without));
    expect(records(without)[0]).not.toHaveProperty('scenario.view');
  });
});

describe('a scenario that has been loaded before', () => {
  const text = `${EVERYTHING}expect: [{ that: final(nothing) > 0, because: it is not there }]
`;
  it('is not asked again what it promises', async () => {
    await expect(parse(text)).rejects.toThrow('nothing');
    expect((await parse(text, { checked: true })).scenario.expect).toHaveLength(1);
  });
  it('is still refused where it cannot run', async () => {
    await expect(
      parse(
        `${text}knobs: 3
`,
        { checked: true },
      ),
    ).rejects.toThrow(ScenarioError);
  });
});
