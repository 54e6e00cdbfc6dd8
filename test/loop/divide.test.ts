import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/core/random/index.js';
import type { Rows } from '../../src/learn/uncertainty/index.js';
import { divide } from '../../src/loop/divide.js';

const draws = () => new Stream({ seed: 4, replicate: 0, component: 'divide', step: 0 });
const rows = (from: number, n: number, more: Partial<Rows> = {}): Rows => {
  const column = (times: number) => Float64Array.from({ length: n }, (_, i) => times * (from + i));
  return {
    n,
    features: [column(2), column(3)],
    target: column(1),
    weights: null,
    scale: null,
    ratio: null,
    ...more,
  };
};

describe('divide', () => {
  it('puts each row into one part, in their order, with all that is known of it', () => {
    const { kept, rest } = divide([rows(0, 300), rows(300, 1), rows(301, 699)], 0.25, draws());
    expect([kept.length, rest.length]).toEqual([1, 1]);
    for (const { features, n, target, weights } of [kept[0], rest[0]]) {
      expect([...target]).toEqual([...target].sort((a, b) => a - b));
      expect([...features[0]]).toEqual([...target].map((y) => 2 * y));
      expect([...features[1]]).toEqual([...target].map((y) => 3 * y));
      expect([target.length, weights]).toEqual([n, null]);
    }
    const all = [...kept[0].target, ...rest[0].target].sort((a, b) => a - b);
    expect(all).toEqual([...rows(0, 1000).target]);
    expect(Math.abs(kept[0].n - 250)).toBeLessThan(4 * Math.sqrt(1000 * 0.25 * 0.75));
  });

  it('parts the rows of many batches as those of one', () => {
    const many = divide([rows(0, 7), rows(7, 40), rows(47, 3)], 0.4, draws());
    const one = divide([rows(0, 50)], 0.4, draws());
    expect(many.kept[0].target).toEqual(one.kept[0].target);
    expect(many.rest[0].target).toEqual(one.rest[0].target);
  });

  it('counts rows without a weight as 1 beside rows that have one', () => {
    const { rest } = divide([rows(0, 2), rows(2, 2, { weights: Float64Array.of(0.5, 3) })], 0, draws());
    expect([...(rest[0].weights ?? [])]).toEqual([1, 1, 0.5, 3]);
  });

  it('leaves a part without rows out', () => {
    expect(divide([rows(0, 4)], 0, draws()).kept).toEqual([]);
    expect(divide([rows(0, 4)], 1, draws()).rest).toEqual([]);
    expect(divide([], 0.5, draws())).toEqual({ kept: [], rest: [] });
  });
});
