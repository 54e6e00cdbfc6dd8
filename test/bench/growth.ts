/** Time in individuals and in steps, and what one individual costs. */
import { join } from 'node:path';
import { loadScenario, parseScenario } from '../../src/scenario/load.js';
import { runOf } from '../../src/scenario/simulate.js';
import { quickest, ROOT, type Row } from './row.js';

export async function growth(): Promise<Row[]> {
  const loaded = await loadScenario(join(ROOT, 'scenarios/feedback/strategic-credit.yaml'));
  const time = (size: number, steps: number): number => {
    const scenario = loaded.with({ 'population.size': size, 'lab.size': 1000, steps });
    return (quickest(3, () => drain(runOf(scenario))) * 1e6) / (size * steps);
  };
  time(2000, 60);
  const small = time(10_000, 120);
  const large = time(200_000, 120);
  const short = time(10_000, 100);
  const long = time(10_000, 1000);
  const row = (what: string, from: number, to: number): Row => ({
    what,
    ours: `${to.toFixed(2)} us`,
    other: `${from.toFixed(2)} us`,
    value: to / from,
    target: '<= 1.5',
    holds: to / from <= 1.5,
  });
  return [
    row('per individual and step: 200,000 individuals against 10,000', small, large),
    row('per individual and step: 1,000 steps against 100', short, long),
    await oneIndividual(),
  ];
}

async function oneIndividual(): Promise<Row> {
  const steps = 50_000;
  const one = await parseScenario(
    `name: one
steps: ${steps}
population: { size: 1, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "2 * x + normal(0, 1)" }
lab: { size: 20 }
models: { m: { learner: linear, features: [x], target: y } }
retrain: { when: never }
`,
  );
  const each = (quickest(3, () => drain(runOf(one))) * 1e6) / steps;
  return {
    what: 'a step of one individual, hashed trace included',
    ours: `${each.toFixed(1)} us`,
    other: '',
    value: each,
    target: '<= 20 us',
    holds: each <= 20,
  };
}

function drain(records: Iterable<unknown>): void {
  for (const _ of records);
}
