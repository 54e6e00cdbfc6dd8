/** Small scenarios for tests, and what to take from their runs. */
import { readdirSync } from 'node:fs';
import type { StepRecord, TraceRecord } from '../../src/loop/trace.js';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { type LoadedScenario, type LoadOptions, loadScenario, parseScenario } from '../../src/scenario/load.js';
import { runOf, type SimulateOptions } from '../../src/scenario/simulate.js';

/** Every block at once: draws in fields, outcome, drift, sense, respond and collect. */
export const EVERYTHING = `
name: everything
steps: 20
population:
  size: 300
  turnover: 0.5
  fields:
    group: { choice: { a: 0.6, b: 0.4 } }
    income: normal(50 + 5 * (group == "a"), 12)
    debt: beta(2, 3)
    late: poisson(2)
outcome: { field: repaid, probability: sigmoid(0.1 * (income - 50) - 3 * (debt - 0.4)) }
lab: { size: 400 }
drift:
  - { name: luck, field: income, becomes: "income + normal(-3, 2)", share: 0.5, from: 5 }
sense:
  - { name: noise, field: debt, becomes: "debt + normal(0, 0.1)" }
  - { name: gaps, field: income, missing: 0.1, from: 8 }
models:
  score: { learner: logistic, features: [income, debt, late, group], target: repaid, l2: 0.01 }
decide: { approve: score > 0.5 }
respond:
  - { name: gaming, strategic: { model: score, fields: [debt], strength: 2 }, moves: shown, share: 0.5, from: 3 }
collect:
  - { name: wrong labels, field: repaid, becomes: 1 - repaid, share: 0.1 }
  - { name: selective, only: approve, delay: 2 }
retrain: { when: { every: 5 }, window: { last: 8 } }
costs: { error: 10 * (approve and not repaid), label: 0.1, retrain: 5 }
measure: { approved: share(approve) }
slices: [group]
`;

export const parse = (text: string, options: LoadOptions = {}): Promise<LoadedScenario> =>
  parseScenario(text, options, 'test.yaml');

/** Names of all scenarios that come with driftloop, in their folder. */
export const SHIPPED = readdirSync('scenarios', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

/** One of them; null where its data are not here. */
export async function shipped(name: string): Promise<LoadedScenario | null> {
  try {
    return await loadScenario(`scenarios/${name}`);
  } catch (error) {
    if (error instanceof ScenarioError && /is not there/.test(error.message)) return null;
    throw error;
  }
}

export const records = (loaded: LoadedScenario, options: SimulateOptions = {}): TraceRecord[] => [
  ...runOf(loaded, options),
];

export const stepsOf = (all: readonly TraceRecord[]): StepRecord[] =>
  all.filter((record): record is StepRecord => record.type === 'step');

export const hashOf = (all: readonly TraceRecord[]): string => {
  const last = all[all.length - 1];
  return last.type === 'end' ? last.hash : '';
};
