import { expect, it } from 'vitest';
import { drifting, driftSteps } from '../../support/drifting.js';
import { parse, records, stepsOf } from '../../support/scenario.js';

const WALK = '{ name: d, field: x, randomWalk: { sd: 0.5, start: 2 }, from: 4, to: 30 }';
const small = (drift: string) => drifting(drift).replace('size: 10000', 'size: 3');

it('moves everybody alike, from its start on', async () => {
  for (const { measure, t } of await driftSteps(WALK)) {
    expect(measure.low).toBe(measure.high);
    if (t < 4 || t >= 30) expect(measure.x).toBe(10);
    if (t === 4) expect(measure.x).toBe(12);
  }
});

it('has steps N(0, sd^2) that are independent: after k of them a variance of k sd^2', async () => {
  const loaded = await parse(small(WALK));
  const runs = Array.from({ length: 400 }, (_, replicate) =>
    stepsOf(records(loaded, { replicate, hash: false })).map(({ measure }) => (measure.x ?? 0) - 12),
  );
  const R = runs.length;
  for (const k of [1, 25]) {
    const ends = runs.map((walk) => walk[4 + k]);
    const mean = ends.reduce((sum, w) => sum + w, 0) / R;
    const square = ends.reduce((sum, w) => sum + w * w, 0) / R;
    expect(Math.abs(mean)).toBeLessThan(4 * 0.5 * Math.sqrt(k / R));
    // The mean of R squares of a normal: sd sqrt(2 / R) of it.
    expect(Math.abs(square - 0.25 * k)).toBeLessThan(4 * 0.25 * k * Math.sqrt(2 / R));
  }
  const jumps = runs.map((walk) => [walk[11] - walk[10], walk[12] - walk[11]]);
  const product = jumps.reduce((sum, [a, b]) => sum + a * b, 0) / R;
  expect(Math.abs(product)).toBeLessThan((4 * 0.25) / Math.sqrt(R));
});

it('goes the same way whatever else happens, and begins anew where it is switched on again', async () => {
  const path = (text: string, hands = {}) =>
    parse(text).then((loaded) => stepsOf(records(loaded, hands)).map(({ measure }) => measure.x));
  const alone = await path(small(WALK));
  expect(await path(small(`{ name: other, field: z, becomes: "normal(0, 1)" }, ${WALK}`))).toEqual(alone);
  const again = await path(small(WALK), {
    interventions: [
      { at: 10, set: { 'drift.d.off': true } },
      { at: 12, set: { 'drift.d.off': false } },
    ],
  });
  expect(again.slice(0, 10)).toEqual(alone.slice(0, 10));
  expect(again.slice(10, 13)).toEqual([10, 10, 12]);
  // A hand on its steps changes those to come, by the same draws.
  const wilder = await path(small(WALK), { interventions: [{ at: 10, set: { 'drift.d.sd': 5 } }] });
  expect(wilder[9]).toBe(alone[9]);
  expect((wilder[10] ?? 0) - (wilder[9] ?? 0)).toBeCloseTo(10 * ((alone[10] ?? 0) - (alone[9] ?? 0)), 9);
});
