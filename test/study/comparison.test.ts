import { describe, expect, it } from 'vitest';
import type { ComparedRun } from '../../src/study/compare.js';
import { comparison } from '../../src/study/comparison.js';

/** Runs of a policy: its total cost for each seed, of which `upkeep` is for trainings. */
const runs = (policy: string, totals: readonly (number | null)[], upkeep = 0): ComparedRun[] =>
  totals.map((total, seed) => ({
    type: 'run',
    policy,
    seed,
    actual: [],
    mean: total === null ? null : 1,
    costs:
      total === null ? { error: null, retrain: null, total: null } : { error: total - upkeep, retrain: upkeep, total },
    trainings: upkeep,
    trained: [],
  }));
const of = (all: readonly ComparedRun[], more = {}) =>
  new Map(comparison(all, { higherIsBetter: false, ...more }).map((result) => [result.name, result]));

describe('a comparison', () => {
  it('is on the same draws: what all runs of a seed have in common is no noise', () => {
    // Seeds differ by hundreds, the two policies by 10, give or take 1.
    const results = of([...runs('a', [500, 100, 900, 300]), ...runs('b', [489, 91, 890, 290])]);
    expect(results.get('b')?.difference).toMatchObject({ mean: -10, verdict: 'lower' });
    // s = sqrt(2 / 3) and t = 3.182 with 3 degrees of freedom.
    expect((results.get('b')?.difference?.high ?? 0) + 10).toBeCloseTo((3.18245 * Math.sqrt(2 / 3)) / 2, 4);
    expect(results.get('b')?.rank).toEqual([1, 1]);
    expect(results.get('a')?.rank).toEqual([2, 2]);
    expect(results.get('a')?.difference).toBeNull();
  });

  it('says when two cannot be told apart', () => {
    const results = of([...runs('a', [10, 20, 30]), ...runs('b', [12, 17, 31]), ...runs('c', [90, 100, 110])]);
    expect(results.get('b')?.difference?.verdict).toBe('unclear');
    expect(['a', 'b', 'c'].map((name) => results.get(name)?.rank)).toEqual([
      [1, 2],
      [1, 2],
      [3, 3],
    ]);
  });

  it('has the cheapest first, and what diverges last', () => {
    const all = comparison([...runs('a', [30, 30]), ...runs('b', [null, null]), ...runs('c', [20, 20])], {
      higherIsBetter: false,
    });
    expect(all.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
    expect(all[2]).toMatchObject({ cost: null, diverged: 2, front: false });
  });

  it('has a front of those that nobody beats in both errors and upkeep', () => {
    const results = of([
      ...runs('none', [100, 100]),
      ...runs('some', [60, 60], 10),
      ...runs('wasteful', [90, 90], 30),
      ...runs('most', [70, 70], 40),
    ]);
    expect(
      [...results.values()]
        .filter(({ front }) => front)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['most', 'none', 'some']);
  });

  it('counts what is above the oracle', () => {
    const results = of([...runs('a', [30, 40]), ...runs('oracle', [25, 33])], { oracle: 'oracle' });
    expect(results.get('a')?.regret?.mean).toBe(6);
    expect(results.get('oracle')?.regret).toBeNull();
  });

  it('goes by the error where nothing has a price', () => {
    const free = (policy: string, means: number[]): ComparedRun[] =>
      runs(policy, means).map((run, k) => ({ ...run, costs: null, mean: means[k] }));
    const results = of([...free('a', [0.9, 0.9]), ...free('b', [0.8, 0.8])], { higherIsBetter: true });
    expect(results.get('a')?.cost?.mean).toBeCloseTo(0.1, 12);
    expect(results.get('b')?.difference?.verdict).toBe('higher');
  });
});
