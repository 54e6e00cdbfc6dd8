/** Slices from the lab's and the dashboard's point of view, where a scenario asks for them. */
import { describe, expect, it } from 'vitest';
import type { Metrics, StepRecord } from '../../src/loop/trace.js';
import { numbersOf } from '../../src/study/export/rows.js';
import { EVERYTHING, parse, records, stepsOf } from '../support/scenario.js';

const SLICES = EVERYTHING.replace(
  'slices: [group]',
  'slices: [group, { name: all, where: income > -1000 }, { name: approved, where: approve }, { name: turned away, where: not approve }]',
);
const ASKS = `
expect:
  - that: >-
      final(slices.all.lab.accuracy) > 0 and final(slices.all.observed.accuracy) > 0 and final(slices.approved.lab.n) > 0
      and final(slices.turned_away.observed.n) >= 0 and final(slices.group_a.lab.accuracy) > 0 and final(slices.group_b.lab.n) > 0
    because: they are asked for
`;
const run = async (text: string): Promise<StepRecord[]> => stepsOf(records(await parse(text)));
const of = ({ sliceVantages }: StepRecord, slice: string) => {
  const found = sliceVantages?.[slice];
  if (found === undefined) throw new Error(`nothing is said of ${slice}`);
  return found;
};
const n = (metrics: Metrics) => metrics.n ?? Number.NaN;

describe('slices', () => {
  it('are as everybody is where everybody is in them: of each version in the lab, and of the labels that arrive', async () => {
    const steps = await run(SLICES + ASKS);
    expect(new Set(steps.map(({ models }) => models.score.version)).size).toBeGreaterThan(2);
    for (const step of steps) {
      expect(of(step, 'all').lab).toEqual(step.lab);
      expect(of(step, 'all').observed).toEqual(step.observed);
    }
  });

  it('part the rows that are scored', async () => {
    for (const step of await run(SLICES + ASKS)) {
      for (const [one, other] of [
        ['group: a', 'group: b'],
        ['approved', 'turned away'],
      ])
        expect(n(of(step, one).lab) + n(of(step, other).lab)).toBe(n(step.lab));
      // Only who was approved is recorded.
      expect(n(of(step, 'approved').observed)).toBe(n(step.observed));
      expect(n(of(step, 'turned away').observed)).toBe(0);
    }
  });

  it('honour the weights of records', async () => {
    const weighted = SLICES.replace('only: approve, delay: 2', 'importance: 1 + income ^ 2 / 1000, delay: 2');
    for (const step of await run(weighted + ASKS)) {
      expect(of(step, 'all').observed).toEqual(step.observed);
      const [a, b] = [of(step, 'approved').observed, of(step, 'turned away').observed];
      expect(n(a) + n(b)).toBeCloseTo(n(step.observed), 8);
    }
  });

  it('say nothing of lab and dashboard where nobody asks, and change nothing else', async () => {
    const silent = await run(SLICES);
    expect(silent[0]).not.toHaveProperty('sliceVantages');
    const loud = await run(SLICES + ASKS);
    expect(loud.map(({ sliceVantages: _, ...rest }) => rest)).toEqual(silent);
  });

  it('have the names that expectations use in tables, too', async () => {
    const loaded = await parse(SLICES + ASKS);
    const [step] = stepsOf(records(loaded));
    const table = new Map(numbersOf(step));
    for (const name of ['slices.all.lab.accuracy', 'slices.group_a.observed.n']) {
      expect(table.get(name)).toBe(loaded.readers.get(name)?.(step));
      expect(table.has(name)).toBe(true);
    }
    expect(loaded.readers.get('slices.all.actual.accuracy')?.(step)).toBe(step.slices.all.accuracy);
  });
});
