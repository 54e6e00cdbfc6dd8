import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { parseScenario } from '../../src/scenario/load.js';
import { policyOf } from '../../src/scenario/policy.js';
import { variantsOf } from '../../src/study/compare.js';
import { parse, records, stepsOf } from '../support/scenario.js';

const world = (delay: number, retrain: string, more = ''): string => `
name: late
steps: 20
population: { size: 50, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "x + t + normal(0, 1)" }
models: { m: { learner: linear, features: [x] } }
collect:
  - { name: late, delay: ${delay} }
retrain: ${retrain}
${more}`;

const every = (k: number, more = '') => `{ when: { every: 1 }, window: { last: ${k}${more} } }`;

async function diagnosticsOf(text: string) {
  const error: unknown = await parseScenario(text, {}, 'test.yaml').then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof ScenarioError ? error.diagnostics : [];
}

describe('a window that no label reaches', () => {
  it('is told with its place, what was expected, and the delay', async () => {
    expect(await diagnosticsOf(world(5, every(5)))).toEqual([
      {
        file: 'test.yaml',
        line: 9,
        column: 48,
        message: '`last: 5` learns nothing: every label comes 5 steps late',
        expected: 'more than 5, the delay of the labels, or a window of rows such as `{ rows: 500 }`',
        nearest: null,
      },
    ]);
  });

  it('is right: one step less is never trained, one more is', async () => {
    // What may change in the run is not refused, and can be run.
    const changing = world(5, every(5), 'schedule: [{ at: 19, set: { collect.late.delay: 5 } }]');
    const blind = stepsOf(records(await parse(changing)));
    expect(blind.every(({ models }) => models.m.objective === null)).toBe(true);
    const seeing = stepsOf(records(await parse(world(5, every(6)))));
    expect(seeing.filter(({ models }) => models.m.objective !== null).map(({ t }) => t)).toEqual(
      Array.from({ length: 15 }, (_, k) => k + 5),
    );
  });

  it.each([
    ['the lab stands beside the steps', world(5, every(5, ', lab: true'))],
    ['nobody asks it to learn', world(5, '{ window: { last: 5 } }')],
    ['labels come at once in between', world(5, every(5)).replace('delay: 5', 'delay: 5, from: 10')],
    ['the mechanism is off', world(5, every(5)).replace('delay: 5', 'delay: 5, off: true')],
  ])('is none where %s', async (_, text) => {
    expect(await diagnosticsOf(text)).toEqual([]);
  });

  it('of a model of its own is told there', async () => {
    const text = world(3, '{ window: all }').replace('features: [x]', `features: [x], retrain: ${every(2)}`);
    expect((await diagnosticsOf(text)).map(({ line, message }) => [line, message])).toEqual([
      [6, '`last: 2` learns nothing: every label comes 3 steps late'],
    ]);
  });

  it('of a policy is told when policies are compared, and when the scenario is checked', async () => {
    const loaded = await parse(world(5, '{ when: never, window: { last: 5 } }'));
    expect(() => variantsOf(loaded, [policyOf('every 2')])).toThrow(
      /policy every 2.*`last: 5` learns nothing.*expected more than 5/,
    );
    expect(variantsOf(loaded, [policyOf('every 2, last 6'), policyOf('never')])).toHaveLength(2);
    const text = world(5, '{ window: all }', 'policies:\n  short: every 2, last 4\n  long: every 2, last 6\n');
    expect((await diagnosticsOf(text)).map(({ column, line, message }) => [line, column, message])).toEqual([
      [11, 10, '`last: 4` learns nothing: every label comes 5 steps late'],
    ]);
  });
});
