/** The forms of a retraining policy, and what a hand sets to go from one to another. */
import { describe, expect, it } from 'vitest';
import type { Intervention } from '../../src/loop/trace.js';
import type { LoadedScenario } from '../../src/scenario/load.js';
import { factsOf } from '../../src/server/facts.js';
import { changeTo, formAfter, formOf, WHEN, WINDOW } from '../../web/retrain-forms.js';
import { EVERYTHING, parse, SHIPPED, shipped } from '../support/scenario.js';

const policyOf = (loaded: LoadedScenario) =>
  factsOf(loaded, 1, null).models[0].retrain as { when: unknown; window: unknown };

describe('the form of a policy', () => {
  it.each(SHIPPED)('is one of those on the page in %s', async (file) => {
    const loaded = await shipped(file);
    if (loaded === null) return;
    const { when, window } = policyOf(loaded);
    expect(WHEN.map(({ key }) => key)).toContain(formOf(when, WHEN).key);
    expect(WINDOW.map(({ key }) => key)).toContain(formOf(window, WINDOW).key);
  });

  it('has the number that the scenario says', () => {
    expect(formOf('all', WINDOW)).toEqual({ key: 'all', value: null });
    expect(formOf({ rows: 400 }, WINDOW)).toEqual({ key: 'rows', value: 400 });
    expect(formOf({ halfLife: 21.9 }, WINDOW)).toEqual({ key: 'halfLife', value: 21.9 });
    expect(formOf({ above: 3, metric: 'mae' }, WHEN)).toEqual({ key: 'metric', value: null });
    expect(formOf({ since: 'warning' }, WINDOW)).toEqual({ key: 'since', value: null });
  });
});

describe('a hand on the policy', () => {
  const path = 'retrain.window';
  /** Goes from form to form as the page does, each hand on what the ones before have made. */
  async function going(first: string, block: 'when' | 'window', way: readonly (readonly [string, number])[]) {
    const forms = block === 'when' ? WHEN : WINDOW;
    let loaded = await parse(EVERYTHING.replace(/^retrain:.*$/m, `retrain: { ${block}: ${first} }`));
    const spec = policyOf(loaded)[block];
    const hands: Intervention[] = [];
    for (const [key, value] of way) {
      const set = changeTo(key, value, formAfter(hands, `retrain.${block}`, forms, spec), `retrain.${block}`, forms);
      hands.push({ at: 1, set });
      loaded = loaded.with(set);
    }
    return { spec: policyOf(loaded)[block], said: formAfter(hands, `retrain.${block}`, forms, spec), hands };
  }

  it.each([
    ['{ rows: 400 }', 'window', [['last', 400]], { last: 20 }],
    ['{ rows: 400 }', 'window', [['rows', 500]], { rows: 500 }],
    ['{ last: 5, lab: true }', 'window', [['last', 6]], { last: 6, lab: true }],
    [
      '{ last: 5 }',
      'window',
      [
        ['rows', 5],
        ['last', 6],
        ['last', 7],
      ],
      { last: 7 },
    ],
    ['{ halfLife: 21.9 }', 'window', [['halfLife', 2.5]], { halfLife: 2.5 }],
    ['{ since: alarm }', 'window', [['last', 6]], { last: 20 }],
    [
      'all',
      'window',
      [
        ['last', 6],
        ['all', 0],
        ['last', 6],
      ],
      { last: 20 },
    ],
    [
      '{ at: [3, 5] }',
      'when',
      [
        ['every', 2],
        ['every', 3],
      ],
      { every: 3 },
    ],
    [
      '{ metric: brier, above: 3 }',
      'when',
      [
        ['every', 2],
        ['never', 3],
      ],
      'never',
    ],
  ] as const)('goes from %s (%s) over %o', async (first, block, way, last) => {
    const { said, spec } = await going(first, block, way);
    expect(spec).toEqual(last);
    const { key, value } = formOf(last, block === 'when' ? WHEN : WINDOW);
    expect(said).toMatchObject({ key, value });
  });

  it('sets one value where that is enough', async () => {
    const { hands } = await going('all', 'window', [
      ['last', 6],
      ['last', 8],
    ]);
    expect(hands.map(({ set }) => set)).toEqual([{ [`${path}.last`]: 20 }, { [`${path}.last`]: 8 }]);
  });
});
