/** What the picture of the world says in words. */
import { describe, expect, it } from 'vitest';
import { decode } from '../../web/world-frame.js';
import { countsOf, legendOf, summaryOf, type WorldNames } from '../../web/world-words.js';
import { type People, viewFrame } from './world-frame.js';

const NAMES: WorldNames = { decision: 'approve', outcome: 'repaid', model: 'score' };

const said = (people: People, names = NAMES): { legend: string[]; summary: string } => {
  const decoded = decode(viewFrame(people));
  const counts = countsOf(decoded);
  return {
    legend: legendOf(decoded, counts, names, 1).map(({ text }) => text),
    summary: summaryOf(decoded, counts, names),
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
