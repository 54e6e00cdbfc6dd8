/** What the picture of the world says in words. */
import { describe, expect, it } from 'vitest';
import type { ViewFrame } from '../../src/loop/view.js';
import { decode } from '../../web/world-frame.js';
import { sized, sizedLooks } from '../../web/world-kinds.js';
import { countsOf, legendOf, notShown, personOf, summaryOf, type WorldNames } from '../../web/world-words.js';
import { floats, type People, viewFrame } from './world-frame.js';

const NAMES: WorldNames = { decision: 'approve', outcome: 'repaid', model: 'score' };

interface Said {
  readonly legend: string[];
  readonly summary: string;
  readonly note: string;
  readonly first: [string, string][];
}

const said = (people: People, names = NAMES, change: Partial<ViewFrame> = {}): Said => {
  const decoded = decode(viewFrame(people, change));
  const counts = countsOf(decoded);
  return {
    legend: legendOf(decoded, counts, names, 1).map(({ text }) => text),
    summary: summaryOf(decoded, counts, names),
    note: notShown(decoded, counts),
    first: personOf(decoded, 0, names),
  };
};

describe('who is judged', () => {
  // The first two are approved; the first and the last repay.
  const people: People = { decided: [1, 1, 0, 0], outcome: [1, 0, 0, 1] };

  it('is the decision where there is one', () => {
    const { legend, summary } = said(people);
    expect(legend).toContain('orange: the decision was wrong (2 of 4)');
    expect(summary).toBe('Step 3: the decision is wrong about 2 of 4 people shown.');
  });

  it('is the model where nothing is decided', () => {
    const { legend, summary } = said(people, { ...NAMES, decision: null });
    expect(legend).toContain('blue: score was right (score says yes, and repaid; or neither)');
    expect(legend).toContain('orange: score was wrong (2 of 4)');
    expect(summary).toBe('Step 3: score is wrong about 2 of 4 people shown.');
  });
});

describe('points that stand for more or fewer people', () => {
  // Two nodes, each as its two branches: yes with 0.9 and no with 0.1, then the other way round.
  const people: People = {
    decided: [0, 0, 1, 1],
    outcome: [1, 0, 1, 0],
    weight: [0.9, 0.1, 0.1, 0.9],
    x: [1, 1, 2, 12],
  };

  it('are told by their weight', () => {
    const { first, legend, note, summary } = said(people, NAMES, { individuals: 40 });
    expect(legend).toContain('filled: approve (50.0 %)');
    expect(legend).toContain('orange: the decision was wrong (90.0 %)');
    expect(legend).toContain('size: how many people a point stands for');
    expect(summary).toBe('Step 3: the decision is wrong about 90.0 % of those shown.');
    expect(note).toBe('4 of 40 points of the population are shown; 45.0 % stand outside the picture.');
    expect(first).toContainEqual(['weight', '45.0 % of those shown']);
  });

  it('are not told of where they stand for nobody', () => {
    const { legend, note } = said({ ...people, weight: [1, 1, 1, 0] });
    expect(legend).toContain('orange: the decision was wrong (33.3 %)');
    expect(note).toBe('');
  });

  it('have the area that they weigh, large ones below', () => {
    const { count, of } = sized({ count: 6, of: Uint8Array.of(4, 2, 3, 5) }, Float32Array.of(1, 0.25, 1e-9, 0));
    const looks = sizedLooks(
      [0, 1, 2, 3, 4, 5].map((k) => ({ colour: `colour ${k}`, filled: true, alpha: 1, size: 1 })),
      true,
    );
    expect(looks.length).toBe(count);
    const [whole, quarter, least] = [...of].map((kind) => looks[kind]);
    expect([whole.colour, quarter.colour, least.colour]).toEqual(['colour 4', 'colour 2', 'colour 3']);
    expect(quarter.size / whole.size).toBeCloseTo(0.5, 6);
    expect(least.size).toBeLessThan(whole.size / 10);
    expect(of[0]).toBeLessThan(of[1]);
    expect(of[1]).toBeLessThan(of[2]);
  });
});

it.each([
  [
    [0.2, 0.8],
    ['boundary', 'region'],
  ],
  [[0.7, 0.8], ['region']],
  [[0.2, 0.3], []],
])('tells of the line and the tint where they are drawn: %o', (values, marks) => {
  const model = { kind: 'boundary', threshold: 0.5, width: 2, height: 1, values: floats(values) } as const;
  const decoded = decode(viewFrame({ decided: [1], outcome: [1] }, { model }));
  const drawn = legendOf(decoded, countsOf(decoded), NAMES, 1).map(({ mark }) => mark);
  expect(drawn.filter((mark) => mark === 'boundary' || mark === 'region')).toEqual(marks);
});

describe('a decision that is an amount', () => {
  const people: People = { decided: [1, 0], outcome: [7, 8], prediction: [6, 7], amount: [120, 80] };

  it('is neither filled nor hollow, and is told as a number', () => {
    const { first, legend } = said(people, { ...NAMES, decision: 'bake' }, { binary: false });
    expect(legend.join()).not.toMatch(/filled|hollow/);
    expect(first).toContainEqual(['bake', '120']);
  });

  it('leaves the judgement to the model', () => {
    const { legend, summary } = said({ ...people, outcome: [0, 0] }, { ...NAMES, decision: 'bake' });
    expect(legend).toContain('filled: score says yes (1 of 2)');
    expect(legend).toContain('orange: score was wrong (1 of 2)');
    expect(summary).toBe('Step 3: score is wrong about 1 of 2 people shown.');
  });
});

it.each([
  [[1, 12], '1 stands outside the picture.'],
  [[12, 12], '2 stand outside the picture.'],
  [[Number.NaN, 1], '1 has no value here.'],
  [[Number.NaN, Number.NaN], '2 have no value here.'],
])('counts %o in its grammar: %s', (x, note) => {
  expect(said({ decided: [1, 1], outcome: [1, 1], x }).note).toBe(note);
});
