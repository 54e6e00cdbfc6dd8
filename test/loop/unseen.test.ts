/** Which values of categories a training has not seen. */
import { expect, it } from 'vitest';
import { unseenValues } from '../../src/loop/unseen.js';
import { batch } from '../support/learning.js';
import { parse, records } from '../support/scenario.js';

const x = { name: 'x', column: 'seen.x', levels: null };
const g = { name: 'g', column: 'seen.g', levels: ['a', 'b', 'c'] };
const target = new Float64Array(3);
const values = (b: number[], c: number[]) =>
  unseenValues([x, g], [batch([Float64Array.of(5, 6, 7), Float64Array.from(b), Float64Array.from(c)], target)]).map(
    ({ code, feature }) => `${feature.name}.${feature.levels?.[code]}`,
  );

it('are those without an indicator of 1, and the first where none has all of them 0', () => {
  expect(values([0, 1, 0], [0, 0, 1])).toEqual([]);
  expect(values([0, 1, 0], [0, 0, 0])).toEqual(['g.c']);
  expect(values([1, 1, 0], [0, 0, 1])).toEqual(['g.a']);
  // The mean of the lab stands for a missing value: it is none of them.
  expect(values([0.4, 1, 1], [0.2, 0, 0])).toEqual(['g.a', 'g.c']);
});

it('are none where nothing was learnt from rows', () => {
  expect(unseenValues([x, g], [])).toEqual([]);
});

it('are told of a lab that left a group out, once, and not of a model that was given', async () => {
  const text = (start = '') => `
name: left out
steps: 5
population: { size: 200, fields: { g: { choice: { a: 1, b: 1, c: 1 } } } }
outcome: { field: y, probability: 0.5 }
lab: { size: 500, where: g != "b" }
models: { m: { learner: logistic, features: [g], l2: 0.01${start} } }
`;
  const notes = async (source: string) =>
    records(await parse(source)).flatMap((r) => (r.type === 'event' && /no row/.test(r.message) ? [r.t] : []));
  expect(await notes(text())).toEqual([0]);
  expect(await notes(text(', start: { intercept: 0 }'))).toEqual([]);
});
