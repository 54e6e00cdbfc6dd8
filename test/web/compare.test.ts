import { describe, expect, it } from 'vitest';
import { namedPolicy } from '../../src/scenario/policy.js';
import type { CompareLine } from '../../src/server/protocol.js';
import { firstPolicies, withYardsticks } from '../../src/study/asked-policies.js';
import { comparisonColumns, runsOf } from '../../src/study/comparison-words.js';
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
import { figure, metricWords, percent } from '../../web/compare-figures.js';
import { type Choice, choiceOf, nameOf, policyOf, stepsOf, withChoice } from '../../web/compare-policy.js';
import { CompareResults } from '../../web/compare-results.js';
import { readCompare } from '../../web/compare-state.js';
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
  trained: [],
});

function resultsOf(policies: string[], lines: CompareLine[], metric = 'accuracy', names = policies): CompareResults {
  const results = new CompareResults(policies);
  results.take({ type: 'begin', metric, steps: 2, seeds: [1, 2, 3], policies: names, runs: 3 * names.length });
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

  it('come to what the study says of them, while they come', () => {
    expect([results.done, results.total]).toEqual([4, 6]);
    const { baseline, oracle, policies } = results.found();
    expect([baseline, oracle]).toEqual(['never', null]);
    expect(policies.map(({ name }) => name)).toEqual(['often', 'never']);
    const [often, never] = policies;
    expect(never.difference).toBeNull();
    expect(never.metric?.mean).toBeCloseTo(0.65, 12);
    expect(often.difference?.mean).toBe(-11);
    // Two differences, of -10 and -12: t for one degree of freedom is 12.7.
    expect(often.difference?.low).toBeCloseTo(-11 - 12.7062, 3);
    expect(often.difference?.verdict).toBe('unclear');
    expect(often.split).toEqual({ error: 129, label: 0, retrain: 10 });
    // Of errors 80 and 178, and of upkeep 10 in both.
    expect(results.place('often')).toMatchObject({ x: { mean: 129 }, y: { mean: 10, low: 10, high: 10 } });
  });

  it('pair the seeds that both have', () => {
    const uneven = resultsOf(['never', 'often'], lines.slice(0, 3));
    expect(uneven.found().policies[0].difference).toMatchObject({ mean: -10, n: 1, verdict: 'unclear' });
  });

  it('are what the server says in the end', () => {
    const end = { ...results.found(), bestFixed: 3, alike: 2 };
    const ended = resultsOf(['never', 'often'], [...lines, { type: 'end', ...end }]);
    expect(ended.found()).toMatchObject(end);
    expect(ended.count('never')).toBe(1);
  });

  it('count runs that are not shown, and give yardsticks the colours that are left', () => {
    const names = ['never', 'often', 'best fixed', 'oracle'];
    const some = resultsOf(
      ['often'],
      [{ type: 'tried' }, { type: 'tried' }, run('best fixed', 1, [1, 1], 3), run('oracle', 1, [1, 1], 2)],
      'accuracy',
      names,
    );
    expect(some.done).toBe(3);
    expect(names.map((name) => some.index(name))).toEqual([1, 0, 2, 3]);
    expect(names.map((name) => some.hue(name))).toEqual(['scale-1', 'scale-0', 'yardstick', 'yardstick']);
    expect(some.found()).toMatchObject({
      oracle: 'best found',
      policies: [{ name: 'oracle' }, { name: 'best fixed', regret: { mean: 1 } }],
    });
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
    expect(some.found().policies).toMatchObject([{ name: 'often' }, { name: 'never', diverged: 1, metric: null }]);
    expect(verdict(some)).toBe(
      'Least error (RMSE): often at 2.5 (1 seed). One seed cannot tell luck from skill: take more.',
    );
  });

  it('say what they come to', () => {
    expect(verdict(resultsOf(['a'], []))).toBeNull();
    expect(verdict(results)).toMatch(
      /^Cheapest: often at 139 ± \d+ \(2 seeds\)\. never cannot be told apart from it\.$/,
    );
    const clear = [1, 2, 3].flatMap((seed) => [
      run('a', seed, [0.5, 0.5], 100 + seed),
      run('b', seed, [0.5, 0.5], 50 + seed),
    ]);
    expect(verdict(resultsOf(['a', 'b'], clear))).toMatch(/^Cheapest: b at .* Every other policy does worse/);
    const alike = [1, 2].flatMap((seed) => [run('a', seed, [0.5, 0.5], seed), run('b', seed, [0.5, 0.5], seed)]);
    expect(verdict(resultsOf(['a', 'b'], alike))).toMatch(/b came to the same in every run\.$/);
  });
});

describe('the table', () => {
  const lines = [1, 2].flatMap((seed) => [
    run('never', seed, [0.5, 0.7], 100 * seed),
    run('often', seed, [0.8, 0.8], 100 * seed - 10 - seed, 2),
  ]);
  const columns = comparisonColumns(resultsOf(['never', 'often'], lines).found(), true);

  it('has the columns of the command line', () => {
    expect(columns.map(({ head }) => head)).toEqual([
      'policy',
      'rank',
      'cost of a run',
      'less never',
      '',
      'errors',
      'retraining',
      'trainings',
      'accuracy',
      'front',
    ]);
  });

  it('has no ± where every seed gave the same', () => {
    const { policies } = resultsOf(['a'], [run('a', 1, [0.5, 0.5], 12)]).found();
    expect(columns[2].cell(policies[0])).toBe('12');
    expect(runsOf({ alike: 2, seeds: [1] }, 8)).toBe(
      'One run of each policy, 8 steps of replayed rows; each policy meets the same rows.',
    );
  });
});

describe('a link', () => {
  const read = (value: unknown) => readCompare(JSON.stringify(value));

  it('holds policies in words', () => {
    const state = { policies: ['never', 'on page-hinkley, cool 3'], seeds: 5, yardsticks: true };
    expect(read(state)).toEqual({ state, note: '' });
    expect(readCompare('')).toEqual({ note: '' });
  });

  it('of before is put into words, as far as it can be', () => {
    const { note, state } = read({
      seeds: 4,
      policies: [
        { name: 'mine', set: { 'retrain.when': { every: 20 }, 'retrain.window': { last: 40 } } },
        { name: 'a', set: {} },
        { name: 'b', set: { 'retrain.when': 'never' } },
        { name: 'c', set: { 'retrain.when': { at: [3, 9] }, 'retrain.window': 'all' } },
        { name: 'd', set: { 'retrain.deploy.lag': 2 } },
      ],
    });
    expect(state?.policies).toEqual(['every 20, last 40', "the scenario's own", 'never', 'at 3 9, all']);
    expect(state).toMatchObject({ seeds: 4, yardsticks: false });
    expect(note).toMatch(/older kind: 1 of its policies/);
    for (const words of state?.policies ?? []) expect(() => namedPolicy({}, words)).not.toThrow();
  });

  it.each([
    '{',
    'null',
    '{"policies":3,"seeds":1}',
    '{"policies":[1],"seeds":2}',
    `{"policies":${JSON.stringify(Array(9).fill('never'))},"seeds":2}`,
  ])('that says nothing says so: %s', (text) => {
    expect(readCompare(text)).toEqual({ note: expect.stringMatching(/cannot be understood/) });
  });
});

describe('the policies to begin with', () => {
  it('are those of the command line', () => {
    expect(firstPolicies({ never: 'never', alarm: 'on x' }, 100)).toEqual(['never', 'alarm']);
    expect(firstPolicies({}, 15)).toEqual(['never', "the scenario's own", 'every 5', 'every 10']);
    expect(withYardsticks(['alarm', 'every 5'], { alarm: 'on x' })).toEqual([
      'never',
      'alarm',
      'every 5',
      'random like alarm',
      'best fixed',
      'oracle',
    ]);
  });
});

describe('policies', () => {
  it('go to the scenario’s values and back', () => {
    const choice: Choice = { when: { kind: 'at', steps: [3, 9] }, window: { kind: 'last', steps: 4 } };
    expect(choiceOf(policyOf(choice))).toEqual(choice);
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
    expect([0.004, 0.083, 0.5, -0.21].map(percent)).toEqual(['0.4 %', '8.3 %', '50 %', '21 %']);
  });
});
