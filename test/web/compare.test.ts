import { describe, expect, it } from 'vitest';
import type { CompareLine } from '../../src/server/protocol.js';
import {
  batches,
  billOf,
  cheapest,
  excess,
  medalOf,
  oraclePolicies,
  oracleWords,
  type Run,
  suggestedPrice,
} from '../../web/challenge-oracle.js';
import { figure, metricWords, percent, range, signed } from '../../web/compare-figures.js';
import { choiceOf, freeName, nameOf, policyOf, presets, stepsOf, withChoice } from '../../web/compare-policy.js';
import { CompareResults } from '../../web/compare-results.js';
import { verdict } from '../../web/compare-verdict.js';
import { boxOf, meet, placeNames } from '../../web/pareto-names.js';

const run = (policy: string, seed: number, actual: (number | null)[], total: number | null, trainings = 0): Run => ({
  type: 'run',
  policy,
  seed,
  actual,
  mean: actual.some((value) => value === null)
    ? null
    : actual.reduce<number>((sum, x) => sum + (x ?? 0), 0) / actual.length,
  costs: total === null ? null : { error: total - 5 * trainings, label: 0, retrain: 5 * trainings, total },
  trainings,
});

function resultsOf(policies: string[], lines: CompareLine[], metric = 'accuracy'): CompareResults {
  const results = new CompareResults(policies);
  results.take({ type: 'begin', metric, steps: 2, seeds: [1, 2, 3] });
  for (const line of lines) results.take(line);
  return results;
}

describe('a chart of the Pareto front', () => {
  it('has names that meet neither each other nor the points', () => {
    const points = Array.from({ length: 8 }, (_, k) => ({
      name: `every ${k}, last 40`,
      x: 100 + 6 * k,
      y: 150 - 4 * k,
    }));
    const taken = points.map(({ x, y }) => boxOf(x, y, x, y, 7));
    const placed = placeNames(points, 11, taken, { left: 0, top: 0, width: 500, height: 300 });
    for (const [k, box] of placed.entries())
      for (const other of placed.slice(k + 1)) expect(meet(box, other)).toBe(false);
  });
});

describe('results', () => {
  const lines = [
    run('never', 1, [0.5, 0.7], 100),
    run('often', 1, [0.8, 0.8], 90, 2),
    run('never', 2, [0.6, 0.8], 200),
    run('often', 2, [0.9, 0.9], 188, 2),
  ];
  const results = resultsOf(['never', 'often'], lines);

  it('come to means, intervals, and paired differences to the first policy', () => {
    const [never, often] = results.summaries();
    expect([results.done, results.total]).toEqual([4, 6]);
    expect(never.costDifference).toBeNull();
    expect(never.metric?.mean).toBeCloseTo(0.65, 12);
    expect(never.error?.mean).toBeCloseTo(0.35, 12);
    expect(often.costDifference?.mean).toBe(-11);
    // Two differences, of -10 and -12: t for one degree of freedom is 12.7.
    expect(often.costDifference?.low).toBeCloseTo(-11 - 12.7062, 3);
    expect(often.costDifference?.verdict).toBe('unclear');
    expect(often.kinds).toEqual([
      { kind: 'error', mean: 129 },
      { kind: 'label', mean: 0 },
      { kind: 'retrain', mean: 10 },
    ]);
    expect(results.ranked().map(({ name }) => name)).toEqual(['often', 'never']);
  });

  it('pair the seeds that both have', () => {
    const uneven = resultsOf(['never', 'often'], lines.slice(0, 3));
    expect(uneven.summaries()[1].costDifference).toMatchObject({ mean: -10, n: 1, verdict: 'unclear' });
  });

  it('have bands over the seeds', () => {
    const { high, low, median } = results.bands('never');
    expect([...median].map((x) => x.toFixed(2))).toEqual(['0.55', '0.75']);
    expect([...low, ...high].map((x) => x.toFixed(2))).toEqual(['0.51', '0.71', '0.59', '0.79']);
  });

  it('leave out what diverged, and rank it last', () => {
    const some = resultsOf(
      ['never', 'often'],
      [run('never', 1, [null, null], null), run('often', 1, [2, 3], null)],
      'rmse',
    );
    expect(some.summaries()[0]).toMatchObject({ diverged: 1, metric: null });
    expect(some.ranked()[0].name).toBe('often');
    expect(verdict(some)).toBe(
      'Least error (RMSE): often, 2.5 (1 seed). One seed cannot tell luck from skill: take more.',
    );
  });

  it('say what they come to', () => {
    expect(verdict(resultsOf(['a'], []))).toBeNull();
    expect(verdict(results)).toMatch(/^Cheapest: often, 139 \(.*2 seeds\)\. never cannot be told apart from it\.$/);
    const clear = [1, 2, 3].flatMap((seed) => [
      run('a', seed, [0.5, 0.5], 100 + seed),
      run('b', seed, [0.5, 0.5], 50 + seed),
    ]);
    expect(verdict(resultsOf(['a', 'b'], clear))).toMatch(/^Cheapest: b, .* Every other policy does worse/);
    const alike = [1, 2].flatMap((seed) => [run('a', seed, [0.5, 0.5], seed), run('b', seed, [0.5, 0.5], seed)]);
    expect(verdict(resultsOf(['a', 'b'], alike))).toMatch(/b came to the same in every run\.$/);
  });
});

describe('policies', () => {
  it('go to the scenario’s values and back', () => {
    for (const choice of presets(100)) {
      const { set } = policyOf(choice);
      expect(choiceOf({ set })).toEqual(choice);
    }
    const kept = withChoice(
      { 'retrain.deploy.lag': 2, 'retrain.when': 'never' },
      { when: { kind: 'every', steps: 3 }, window: { kind: 'own' } },
    );
    expect(kept).toEqual({ 'retrain.deploy.lag': 2, 'retrain.when': { every: 3 } });
    expect(withChoice({}, { when: { kind: 'at', steps: [] }, window: { kind: 'all' } })).toEqual({
      'retrain.when': 'never',
      'retrain.window': 'all',
    });
  });

  it('are called what they are', () => {
    expect(nameOf({ when: { kind: 'every', steps: 20 }, window: { kind: 'last', steps: 40 } })).toBe(
      'every 20, last 40',
    );
    expect(nameOf({ when: { kind: 'at', steps: [3, 9] }, window: { kind: 'all' } })).toBe('at 3, 9, all');
    expect(nameOf({ when: { kind: 'at', steps: [] }, window: { kind: 'all' } })).toBe('never');
    expect(nameOf({ when: { kind: 'own' }, window: { kind: 'own' } })).toBe("the scenario's own");
    expect(freeName('never', ['never', 'never (2)'])).toBe('never (3)');
    expect(stepsOf('30, 10 10; 99', 50)).toEqual([10, 30]);
  });
});

describe('the challenge', () => {
  const words = metricWords('rmse');

  it('lets the oracle choose from what it says', () => {
    const all = oraclePolicies(120);
    expect(all).toHaveLength(34);
    expect(new Set(all.map(({ name }) => name)).size).toBe(34);
    expect(oraclePolicies(10)).toHaveLength(1 + 3 * 5);
    expect(oraclePolicies(1).map(({ name }) => name)).toEqual(['never']);
    expect(oracleWords(4)).toBe(
      'never; every 1, 2, 3 steps, each on all records, on the last 10 and on the last 40 steps',
    );
  });

  it('asks in pieces that the server takes', () => {
    const all = oraclePolicies(120);
    expect(batches(all, 5000, 120).map(({ length }) => length)).toEqual([8, 8, 8, 8, 2]);
    expect(batches(all, 200_000, 5000).every(({ length }) => length <= 2)).toBe(true);
    expect(batches(all, 1, 1).flat()).toEqual(all);
  });

  it('bills by the scenario’s costs, else the error and a price for each training', () => {
    expect(billOf(run('a', 1, [1, 2], 12, 1), words, 100).total).toBe(12);
    const bill = billOf(run('a', 1, [1, 2], null, 3), words, 10);
    expect(bill.total).toBe(33);
    expect(bill.parts).toEqual([
      { name: 'errors', cost: 3 },
      { name: 'trainings', cost: 30 },
    ]);
    expect(billOf(run('a', 1, [0.75, 1], null), metricWords('accuracy'), 0).total).toBe(0.25);
    expect(billOf(run('a', 1, [1, null], null), words, 0).total).toBe(Number.POSITIVE_INFINITY);
    expect(suggestedPrice(run('never', 1, [123, 456], null), words)).toBe(5.8);
  });

  it('takes the cheapest, and of two alike the one that trains less', () => {
    const runs = [run('a', 1, [4, 4], null, 0), run('b', 1, [1, 1], null, 6), run('c', 1, [2, 2], null, 4)];
    expect(cheapest(runs, words, 1)?.policy).toBe('a');
    expect(cheapest(runs, words, 0)?.policy).toBe('b');
    expect(cheapest([], words, 0)).toBeNull();
  });

  it('gives its words where they are due', () => {
    expect([99, 100, 105, 106].map((mine) => medalOf(mine, 100))).toEqual(['beaten', 'equal', 'close', 'none']);
    expect(medalOf(Number.POSITIVE_INFINITY, 100)).toBe('none');
    // A gain, as costs below zero: less is still better.
    expect(medalOf(-110, -100)).toBe('beaten');
    expect(excess(-90, -100)).toBeCloseTo(0.1, 12);
  });
});

describe('figures', () => {
  it('have the digits that they need, and a true minus', () => {
    expect([61_234.4, 0.8731, 0.01234, 12.345, -3, 0].map(figure)).toEqual([
      '61,234',
      '0.873',
      '0.0123',
      '12.3',
      '−3',
      '0',
    ]);
    expect(figure(null)).toBe('–');
    expect(signed(5)).toBe('+5');
    expect([0.004, 0.083, 0.5, -0.21].map(percent)).toEqual(['0.4 %', '8.3 %', '50 %', '21 %']);
    expect(range({ mean: 1, low: null, high: null, n: 1 })).toBe('');
  });
});
