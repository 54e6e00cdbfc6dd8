import { describe, expect, it } from 'vitest';
import { type Loss, lossOf, lowerBound, worstSlice } from '../../src/watch/worst-slice.js';
import { columnsOf, missing, shared, vector } from '../support/shared.js';

const share = (mean: number, n: number): Loss => ({ kind: 'share', mean, n, sd: Math.sqrt(mean * (1 - mean)) });

describe('the worst slice', () => {
  it('has no place for three unlucky people', () => {
    const everybody = share(0.1, 1000);
    const unlucky = { name: 'unlucky', loss: share(2 / 3, 3) };
    const bad = { name: 'bad', loss: share(0.2, 300) };
    expect(worstSlice(everybody, [unlucky], true)).toBeNull();
    expect(worstSlice(everybody, [unlucky, bad], true)).toBe('bad');
    expect(worstSlice(everybody, [{ name: 'one', loss: { kind: 'mean', mean: 9, n: 1, sd: 0 } }], true)).toBeNull();
  });

  it('is none where no bound is above the loss of everybody, and none of nobody', () => {
    expect(worstSlice(share(0.1, 1000), [{ name: 'a', loss: share(0.11, 500) }], true)).toBeNull();
    expect(worstSlice(share(0.1, 1000), [{ name: 'a', loss: null }], true)).toBeNull();
    expect(worstSlice(null, [], true)).toBeNull();
  });

  it('is that of the highest mean where nothing is drawn', () => {
    const slices = [
      { name: 'a', loss: share(0.11, 2) },
      { name: 'b', loss: share(0.12, 2) },
    ];
    expect(worstSlice(share(0.1, 4), slices, false)).toBe('b');
  });

  it('has the exact bound for shares: as many errors or more come there with the probability that is left', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    const x = lowerBound(share(0.3, 40), 0.95);
    let tail = 0;
    for (let k = 12; k <= 40; k++) tail += choose(40, k) * x ** k * (1 - x) ** (40 - k);
    expect(tail).toBeCloseTo(0.05, 6);
    expect(lowerBound(share(0, 5), 0.95)).toBe(0);
    expect(lowerBound(share(1, 3), 0.95)).toBeCloseTo(0.05 ** (1 / 3), 6);
  });

  it('has weighted losses, with the number of individuals that the weights are worth', () => {
    const truth = Float64Array.of(0, 0, 0, Number.NaN);
    const found = lossOf(truth, Float64Array.of(1, 2, 5, 1), Float64Array.of(1, 1, 0, 1), 4, null);
    expect(found).toMatchObject({ kind: 'mean', mean: 2.5, n: 2, sd: 1.5 });
    expect(lossOf(truth, truth, new Float64Array(4), 4, null)).toBeNull();
  });

  it.skipIf(missing('vectors/slices/expected.json'))('has the group metrics of the reference', () => {
    const input = columnsOf(shared('vectors/slices/input.csv'));
    const { by_group, overall, worst } = vector('slices', 'group-metrics') as {
      by_group: Record<string, number>;
      overall: number;
      worst: number;
    };
    const loss = (where: (i: number) => boolean) => {
      const weights = input.error.map((_, i) => (where(i) ? 1 : 0));
      return lossOf(new Float64Array(weights.length), input.error, weights, weights.length, 0.5);
    };
    const groups = Object.entries(by_group).map(([name, accuracy]) => {
      const found = loss((i) => input.f0[i] === Number(name.slice(3)));
      expect(1 - (found?.mean ?? Number.NaN)).toBeCloseTo(accuracy, 11);
      return { name, loss: found };
    });
    const everybody = loss(() => true);
    expect(1 - (everybody?.mean ?? Number.NaN)).toBeCloseTo(overall, 11);
    expect(by_group[worstSlice(everybody, groups, false) ?? '']).toBeCloseTo(worst, 11);
    // Its 75 rows, two standard errors off, are not enough to be sure among three slices.
    expect(worstSlice(everybody, groups, true)).toBeNull();
  });
});
