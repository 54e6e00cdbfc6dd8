import { expect, it } from 'vitest';
import { recurs } from '../../../src/world/drift/index.js';
import { drifting, driftSteps } from '../../support/drifting.js';
import { parse, records } from '../../support/scenario.js';

const DRIFT = '{ name: d, field: x, becomes: x + t, recurring: { every: 10, for: 3 }, from: 5 }';

it('is F for some steps of every so many, x otherwise', async () => {
  for (const { measure, t } of await driftSteps(DRIFT)) {
    const isNew = t >= 5 && (t - 5) % 10 < 3;
    expect(measure.x).toBe(isNew ? 10 + t : 10);
    expect(recurs(t - 5, 10, 3)).toBe(isNew);
  }
});

it('says each time that it begins and ends', async () => {
  const all = records(await parse(drifting(DRIFT)));
  const marks = all.flatMap((r) => (r.type === 'event' && r.name === 'drift.d' ? [`${r.message} ${r.t}`] : []));
  expect(marks).toEqual(['begins 5', 'ends 8', 'begins 15', 'ends 18', 'begins 25', 'ends 28', 'begins 35', 'ends 38']);
});

it('comes back to the same people', async () => {
  const steps = await driftSteps('{ name: d, field: x, becomes: 0, recurring: { every: 10, for: 3 }, share: 0.5 }');
  const [first, ...rest] = [0, 10, 20].map((t) => steps[t].measure.x);
  expect(first).toBeLessThan(6);
  for (const x of rest) expect(x).toBe(first);
});
