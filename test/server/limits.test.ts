import { expect, it } from 'vitest';
import { beyond, LIMITS } from '../../src/server/limits.js';
import { parse } from '../support/scenario.js';

const watched = (monitor: string) =>
  parse(`
name: watched
steps: 5000
population: { size: 20000, fields: { x: "normal(0, 1)" } }
outcome: { field: y, probability: 0.5 }
models: { score: { learner: logistic, features: [x], target: y } }
monitor: [${monitor}]
`);
const told = async (monitor: string) => beyond(await watched(monitor), LIMITS).map(({ message }) => message);

it('what monitors hold counts as columns, and what they compare as pairs', async () => {
  expect(await told('{ name: m, ks: { field: x }, reference: { sliding: 20 } }')).toEqual([]);
  expect(await told('{ name: m, ks: { field: x }, reference: { sliding: 1000 } }')).toEqual([
    '1,006 columns are more than this server takes',
    '20,120,000 values in the columns are more than this server takes',
  ]);
  expect(await told('{ name: m, mmd: { field: x, rows: 1000, permutations: 1000 } }')).toEqual([
    '10,000,000,000,000 pairs of rows in `mmd` times steps are more than this server takes',
  ]);
});
