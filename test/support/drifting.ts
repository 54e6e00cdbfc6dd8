/** A world with one drift, for the tests of its members. */
import type { StepRecord } from '../../src/loop/trace.js';
import { EVERYTHING, parse, records, stepsOf } from './scenario.js';

/** x is 10 for everybody; z is N(0, 1); g one of two; y is 1 with probability 0.5, and v is 7. Nobody leaves. */
export const drifting = (drift: string, more = '', turnover = 0, measured = '0'): string => `
name: drifting
steps: 40
population:
  size: 10000
  turnover: ${turnover}
  fields: { x: 10, z: "normal(0, 1)", g: { choice: { a: 3, b: 1 } }, h: 'if(g == "a", 1, 2)', b: { probability: 0.3 } }
outcome: { field: y, probability: 0.5 }
lab: { size: 1000 }
models: { m: { learner: logistic, features: [z, g], l2: 0.01 } }
drift: [${drift}]
measure: { x: mean(x), low: min(x), high: max(x), z: mean(z), b: 'share(g == "b")', y: mean(y), more: ${measured} }
${more}`;

export const driftSteps = async (drift: string, more = '', turnover = 0, measured = '0'): Promise<StepRecord[]> =>
  stepsOf(records(await parse(drifting(drift, more, turnover, measured))));

/** Every member of drift at once, beside everything else. */
export const DRIFTING = EVERYTHING.replace(
  'drift:\n',
  `drift:
  - { name: sudden, field: late, becomes: late + poisson(1), from: 2 }
  - { name: gradual, field: income, becomes: "income + normal(5, 1)", gradual: { over: 10 }, from: 2 }
  - { name: incremental, field: debt, becomes: "debt + normal(0.2, 0.1)", incremental: { over: 6 }, share: 0.5 }
  - { name: recurring, field: group, becomes: 'if(uniform(0, 1) < 0.5, "a", "b")', recurring: { every: 5, for: 2 }, share: 0.2 }
  - { name: seasonal, field: repaid, seasonal: { amplitude: "uniform(0, 0.3)", period: 7 } }
  - { name: walk, field: income, randomWalk: { sd: 1 } }
  - { name: mix, field: group, mix: { shares: { a: 0.2, b: 0.8 }, over: 5 } }
  - { name: newcomer, field: group, newCategory: { value: c, over: 3 }, share: 0.3, from: 4 }
`,
);
