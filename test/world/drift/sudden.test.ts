import { expect, it } from 'vitest';
import { driftSteps } from '../../support/drifting.js';

it('is x, then F from one step to the next, and x again where it ends', async () => {
  const steps = await driftSteps('{ name: d, field: x, becomes: x * 2 + t, from: 5, to: 9 }');
  for (const { measure, t } of steps) expect(measure.x).toBe(t < 5 || t >= 9 ? 10 : 20 + t);
});

it('acts on a share of people, the same for as long as they stay', async () => {
  const steps = await driftSteps('{ name: d, field: x, becomes: 0, share: 0.3, from: 1 }');
  const [, first, ...rest] = steps.map(({ measure }) => measure.x);
  // 4 sqrt(0.21 / n) of a share, times 10.
  expect(Math.abs((first ?? 0) - 7)).toBeLessThan(10 * 4 * Math.sqrt(0.21 / 10_000));
  for (const x of rest) expect(x).toBe(first);
});
