import { expect, it } from 'vitest';
import { mixed } from '../../../src/world/drift/index.js';
import { driftSteps } from '../../support/drifting.js';

const N = 10_000;
/** The share of b: 0.25 before, 0.75 after. */
const DRIFT = '{ name: d, field: g, mix: { shares: { a: 1, b: 3 }, over: 10 }, from: 10 }';
const newcomers = (t: number) => 0.25 + 0.5 * Math.min(1, Math.max(0, (t - 10) / 10));
const within = (p: number) => 4 * Math.sqrt((p * (1 - p)) / N);

it('with everybody new at each step has the shares that it says', async () => {
  for (const { measure, t } of await driftSteps(DRIFT, '', 1))
    expect(Math.abs((measure.b ?? 0) - newcomers(t))).toBeLessThan(within(newcomers(t)));
});

it('where people stay follows by s <- (1 - turnover) s + turnover m', async () => {
  let expected = 0.25;
  for (const { measure, t } of await driftSteps(DRIFT, '', 0.2)) {
    if (t > 0) expected = 0.8 * expected + 0.2 * newcomers(t);
    expect(Math.abs((measure.b ?? 0) - expected)).toBeLessThan(within(expected));
  }
});

it('changes who comes, not what they are: fields that follow from the group follow', async () => {
  const steps = await driftSteps(DRIFT, '', 0.5, 'sum(h != 1 + (g == "b"))');
  for (const { measure } of steps) expect(measure.more).toBe(0);
});

it('goes part of the way with a share, several in turn, and nowhere before it begins', () => {
  const mix = { id: 'd', off: false, from: 3, to: 9, where: null, chosen: 'fresh', field: 'g', over: 0 } as const;
  const half = { ...mix, share: 0.5, toward: [0, 2] };
  expect(mixed([3, 1], [half], 2)).toEqual([3, 1]);
  expect(mixed([3, 1], [half], 3)).toEqual([0.375, 0.625]);
  expect(mixed([3, 1], [half, { ...half, toward: [1, 0] }], 8)).toEqual([0.6875, 0.3125]);
  expect(mixed([3, 1], [half], 9)).toEqual([3, 1]);
});
