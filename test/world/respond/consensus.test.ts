import { expect, it } from 'vitest';
import { parse, records, stepsOf } from '../../support/scenario.js';

it('shrinks the spread within a group by 1 - speed, and leaves its mean', async () => {
  const scenario = await parse(`
name: two towns
steps: 10
population: { size: 500, turnover: 0, fields: { town: { choice: { a: 1, b: 1 } }, x: 'normal(if(town == "a", 1, 5), 2)' } }
outcome: { field: y, value: x }
models: { m: { learner: mean } }
respond: [{ name: talk, field: x, consensus: { speed: 0.2, within: town } }]
measure: { mean: 'mean(x where town == "a")', sd: 'sd(x where town == "a")' }
`);
  const [first, ...later] = stepsOf(records(scenario)).map(({ measure }) => measure);
  for (const [k, { mean, sd }] of later.entries()) {
    expect(mean).toBeCloseTo(first.mean ?? Number.NaN, 9);
    expect(sd).toBeCloseTo((first.sd ?? Number.NaN) * 0.8 ** (k + 1), 9);
  }
});
