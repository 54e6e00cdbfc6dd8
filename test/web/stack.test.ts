import { expect, it } from 'vitest';
import { stacked } from '../../web/stack.js';

it('stacks what is positive upwards and what is negative downwards', () => {
  const [a, b, c] = stacked([
    [1, -1, 2],
    [2, -2, -3],
    [3, 4, -1],
  ]);
  expect([...a.low, ...a.high]).toEqual([0, -1, 0, 1, 0, 2]);
  expect([...b.low, ...b.high]).toEqual([1, -3, -3, 3, -1, 0]);
  expect([...c.low, ...c.high]).toEqual([3, 0, -4, 6, 4, -3]);
});

it('leaves out what has no value', () => {
  const [a, b] = stacked([
    [1, null],
    [1, 1],
  ]);
  expect([...a.high]).toEqual([1, Number.NaN]);
  expect([...b.low, ...b.high]).toEqual([1, 0, 2, 1]);
});
