/** The small charts below the stage. */
import { expect, it } from 'vitest';
import { parseScenario } from '../../src/scenario/load.js';
import { simulate } from '../../src/scenario/simulate.js';
import { factsOf } from '../../src/server/facts.js';
import { RunData } from '../../web/run-data.js';
import { numberPanels } from '../../web/run-panels.js';

it('leaves out a measure that has had no value, until it has one', async () => {
  const loaded = await parseScenario(`
name: groups
steps: 6
population: { size: 20, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: x }
lab: { size: 20 }
models: { m: { learner: linear, features: [x], target: y } }
measure: { of_all: mean(x), of_nobody: mean(x where x > 99), later: "mean(x where t > 3)" }
`);
  const data = new RunData();
  const shown: string[][] = [];
  for await (const record of simulate(loaded, { seed: 1 })) {
    data.take(record);
    if (record.type === 'step')
      shown.push(numberPanels(data, factsOf(loaded, 1, null), null).map(({ title }) => title));
  }
  expect(shown[3]).toEqual(['of all']);
  expect(shown[5]).toEqual(['of all', 'later']);
});
