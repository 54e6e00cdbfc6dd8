/** How rows make batches. */
import { describe, expect, it } from 'vitest';
import { largest, replayOf, stepsOf } from '../../src/world/replay.js';

const starts = (...args: Parameters<typeof replayOf>) => {
  const replay = replayOf(...args);
  return replay === null ? null : [...replay.starts];
};

describe('so many rows each', () => {
  it.each([
    ['that fit', 10, 4, 3, [4, 7, 10]],
    ['and a shorter last one', 10, 4, 4, [4, 8, 10]],
    ['fewer rows than one batch', 5, 4, 100, [4, 5]],
    ['one row each', 3, 1, 1, [1, 2, 3]],
  ])('%s', (_, rows, lab, per, expected) => {
    expect(starts(rows, lab, { kind: 'rows', per })).toEqual(expected);
  });

  it('a lab that takes every row leaves nothing', () => {
    expect(starts(10, 10, { kind: 'rows', per: 1 })).toBeNull();
    expect(starts(10, 11, { kind: 'rows', per: 1 })).toBeNull();
  });
});

describe('so many values of time each', () => {
  // Values of 2, 3, 1 and 4 rows.
  const times = Int32Array.from([0, 2, 5, 6]);
  it.each([
    ['one', 2, 1, [2, 5, 6, 10]],
    ['two', 2, 2, [2, 6, 10]],
    ['a lab that ends within a value takes all of it', 3, 1, [5, 6, 10]],
    ['more than there are', 2, 9, [2, 10]],
  ])('%s', (_, lab, every, expected) => {
    expect(starts(10, lab, { kind: 'time', every, times })).toEqual(expected);
  });

  it('a lab that ends within the last value leaves nothing', () => {
    expect(starts(10, 7, { kind: 'time', every: 1, times })).toBeNull();
  });
});

it('every row after the lab comes once, whatever the batches', () => {
  for (let rows = 2; rows < 30; rows++)
    for (let per = 1; per < rows; per++) {
      const replay = replayOf(rows, 1, { kind: 'rows', per });
      if (replay === null) throw new Error('nothing to replay');
      expect(stepsOf(replay)).toBe(Math.ceil((rows - 1) / per));
      expect(largest(replay, 1000)).toBe(Math.min(per, rows - 1));
      expect(replay.starts.at(-1)).toBe(rows);
    }
});
