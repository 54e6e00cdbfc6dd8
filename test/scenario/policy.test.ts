import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { PolicyError, policyOf, policyOverrides } from '../../src/scenario/policy.js';
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
    [
      'never, labels 500, labels 20 a step',
      { 'retrain.when': 'never', 'retrain.labels.budget': 500, 'retrain.labels.perStep': 20 },
    ],
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

  it.each([
    ['every 20, lst 40', 10, 'lst', 'last'],
    ['evry 3', 0, 'evry', 'every'],
    ['never,  since alrm', 8, 'since alrm', 'alarm'],
    ['accuracy abov 0.8', 0, 'accuracy abov 0.8', 'above'],
  ])('tells where: %s', (text, offset, words, near) => {
    let error: unknown;
    try {
      policyOf(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ offset, nearest: near, complaint: expect.stringContaining(words) });
  });

  it('says the form of a part that is right in its first word', () => {
    expect(() => policyOf('last ten')).toThrow(/`last ten` means nothing; expected `last N` or `last N with lab`$/);
    expect(() => policyOf('never,')).toThrow(/a part is empty/);
  });

  it('that contradicts itself is refused', () => {
    expect(() => policyOf('every 20, never')).toThrow(/`never` contradicts what is before it/);
  });
});

describe('the policies of a scenario', () => {
  const diagnosticsOf = async (policies: string) => {
    const error: unknown = await parse(`${EVERYTHING}policies:\n${policies}`).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return error instanceof ScenarioError ? error.diagnostics : [];
  };
  const line = EVERYTHING.split('\n').length + 1;

  it('are read when it is checked: each with its place, and the nearest word', async () => {
    expect(await diagnosticsOf('  calendar: evry 3\n  late: "every 3, lst 4"\n  right: every 3\n')).toMatchObject([
      { file: 'test.yaml', line, column: 13, message: '`evry 3` means nothing', nearest: 'every' },
      { file: 'test.yaml', line: line + 1, column: 19, message: '`lst 4` means nothing', nearest: 'last' },
    ]);
  });

  it('must be such as it can take', async () => {
    expect(await diagnosticsOf('  a: on nothing\n  b: acuracy below 0.8\n  c: every 0\n')).toMatchObject([
      { line, column: 6 },
      { line: line + 1, nearest: 'accuracy' },
      { line: line + 2, message: '`0` is too small', expected: 'at least 1' },
    ]);
  });
});
