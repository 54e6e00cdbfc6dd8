import { describe, expect, it } from 'vitest';
import type { EventRecord, TraceRecord } from '../../src/loop/trace.js';
import { parse, records, stepsOf } from '../support/scenario.js';

const PEOPLE = `
name: people
steps: 12
population: { size: 4000, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "x + (1 + step(t, 6)) * normal(0, 1)" }
lab: { size: 8000 }
models: { m: { learner: linear, features: [x] } }
`;
const keptMessages = (all: readonly TraceRecord[]) =>
  all.filter((r): r is EventRecord => r.type === 'event' && r.kind === 'kept').map(({ message }) => message);

describe('intervals', () => {
  it('are scored from all three vantage points', async () => {
    const loaded = await parse(`${PEOPLE}
collect: [{ name: late, delay: 3 }]
expect: [{ that: final(actual.coverage) < lab.coverage - 0.1, because: the spread has doubled }]
`);
    const steps = stepsOf(records(loaded));
    const near = (value: number | null | undefined, p: number) =>
      expect(Math.abs((value ?? Number.NaN) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 2000));
    // An interval of 1.645 standard deviations covers 0.9, and 0.589 where they have doubled.
    near(steps[0].lab.coverage, 0.9);
    near(steps[8].observed.coverage, 0.9);
    near(steps[8].actual.coverage, 0.589);
    near(steps[9].observed.coverage, 0.589);
    expect(steps[0].observed.coverage).toBeNull();
    for (const { actual } of steps) {
      // Winkler's score is the pinball loss of both bounds, times 2 / alpha.
      expect(actual.pinball).toBeCloseTo(((actual.winkler ?? Number.NaN) * 0.1) / 4, 12);
    }
  });

  it('are scored where an expectation asks for the lab or the dashboard alone', async () => {
    for (const vantage of ['lab', 'observed']) {
      const loaded = await parse(`${PEOPLE}expect: [{ that: final(${vantage}.coverage) > 0, because: of it }]\n`);
      expect(stepsOf(records(loaded)).at(-1)?.[vantage === 'lab' ? 'lab' : 'observed'].coverage).toBeGreaterThan(0.5);
    }
  });

  it('are scored of slices, too', async () => {
    const slices = 'slices: [{ name: high, where: x > 0 }]\n';
    const asks = 'expect: [{ that: final(slices.high.coverage) > 0, because: of it }]\n';
    const steps = stepsOf(records(await parse(`${PEOPLE}${slices}${asks}`)));
    expect(steps[0].slices.high.coverage).toBeGreaterThan(0.85);
  });
});

it('observes all labels that arrive at a step, of whatever step they are', async () => {
  const loaded = await parse(`${PEOPLE}
collect: [{ name: late, delay: 3 }]
schedule: [{ at: 6, set: { collect.late.delay: 2 } }]
`);
  const steps = stepsOf(records(loaded));
  expect(steps.map(({ observed }) => observed.n)).toEqual(
    [0, 0, 0, 1, 1, 1, 1, 1, 2, 1, 1, 1].map((times) => times * 4000),
  );
  const [, , , , , , , before, both] = steps;
  expect(both.observed.rmse).toBeGreaterThan((before.observed.rmse ?? 0) + 0.2);
});

describe('why nothing was learnt', () => {
  const told = async (more: string) => keptMessages(records(await parse(`${PEOPLE}${more}`)));

  it.each([
    ['collect: [{ name: none, only: "0" }]', 'no labels have arrived'],
    ['collect: [{ name: late, delay: 3, to: 8 }]', 'no label has arrived of a step within the window'],
  ])('%s: %s', async (collect, why) => {
    const messages = await told(`${collect}\nretrain: { when: { at: [7] }, window: { last: 2 } }\n`);
    expect(messages).toEqual([`${why}: the old version is kept`]);
  });
});
