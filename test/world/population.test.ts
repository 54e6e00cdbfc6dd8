import { expect, it } from 'vitest';
import { parse, records, stepsOf } from '../support/scenario.js';

it.each([0, 0.5, 1])('a field whose probability is missing is missing, at a turnover of %s', async (turnover) => {
  const loaded = await parse(`
name: missing
steps: 4
population:
  size: 100
  turnover: ${turnover}
  fields: { x: "normal(0, 1)", b: { probability: 0 * sqrt(x) } }
outcome: { field: y, value: x }
models: { m: { learner: mean } }
measure: { as_it_should: share(missing(b) == (x < 0)) }
`);
  for (const step of stepsOf(records(loaded))) expect(step.measure.as_it_should).toBe(1);
});
