import { describe, expect, it } from 'vitest';
import { policyOverrides } from '../../src/study/compare.js';
import { PolicyError, policyOf } from '../../src/study/policy.js';
import { EVERYTHING, parse } from '../support/scenario.js';

describe('a policy as a person writes it', () => {
  it.each([
    ['never', { 'retrain.when': 'never' }],
    ['every 20, last 40', { 'retrain.when': { every: 20 }, 'retrain.window': { last: 40 } }],
    ['at 3 20 45', { 'retrain.when': { at: [3, 20, 45] } }],
    [
      'on input drift, since warning',
      { 'retrain.when': { alarm: 'input drift' }, 'retrain.window': { since: 'warning' } },
    ],
    [
      'rmse above 1.5, cool 10, budget 3',
      { 'retrain.when': { metric: 'rmse', above: 1.5 }, 'retrain.cool': 10, 'retrain.budget': 3 },
    ],
    ['accuracy below 0.8', { 'retrain.when': { metric: 'accuracy', below: 0.8 } }],
    ['cost-aware', { 'retrain.when': { staleness: 'cumulative' } }],
    ['cost-aware now, half-life 8', { 'retrain.when': { staleness: 'now' }, 'retrain.window': { halfLife: 8 } }],
    ['every  5 steps ,  last 10 with lab', { 'retrain.when': { every: 5 }, 'retrain.window': { last: 10, lab: true } }],
    [
      'random 0.1, gate 0.2, lag 2, canary 0.1 for 5, rollback 3',
      {
        'retrain.when': { random: 0.1 },
        'retrain.gate': { holdout: 0.2 },
        'retrain.deploy.lag': 2,
        'retrain.deploy.canary': { share: 0.1, steps: 5 },
        'retrain.deploy.rollback': 3,
      },
    ],
  ])('%s', (text, set) => {
    expect(policyOf(text)).toEqual({ name: text, set });
  });

  it('is read in time, whoever wrote it', () => {
    const start = performance.now();
    expect(() => policyOf(`at ${'1'.repeat(190)}x`)).toThrow(PolicyError);
    // A pattern that looks back for each digit would take years.
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('is taken by a scenario, whatever it says', async () => {
    const loaded = await parse(EVERYTHING);
    for (const text of ['reservoir 500, every 3', 'newest 200, at 2 5', 'shadow 2, every 4', 'manual, all'])
      expect(loaded.with(policyOverrides(loaded, policyOf(text))).scenario.name).toBe('everything');
  });

  it('that means nothing says which part, and the nearest word', () => {
    expect(() => policyOf('every 20, lst 40')).toThrow(PolicyError);
    expect(() => policyOf('every 20, lst 40')).toThrow(/`lst 40` means nothing.*did you mean `last`\?/);
    expect(() => policyOf('')).toThrow(PolicyError);
  });

  it('that contradicts itself is refused', () => {
    expect(() => policyOf('every 20, never')).toThrow(/`never` contradicts what is before it/);
  });
});
