import { expect, it } from 'vitest';
import { driftSteps } from '../../support/drifting.js';

it('is x + (F - x) (t - from) / over, then F', async () => {
  const steps = await driftSteps('{ name: d, field: x, becomes: 2 * x + 4, incremental: { over: 8 }, from: 10 }');
  for (const { measure, t } of steps) {
    const expected = 10 + 14 * Math.min(1, Math.max(0, (t - 10) / 8));
    expect(measure.x).toBeCloseTo(expected, 12);
    expect(measure.low).toBe(measure.high);
  }
  expect(steps[18].measure.x).toBe(24);
});

it('moves the probability of an outcome, which is 1 as often as it says', async () => {
  const steps = await driftSteps('{ name: d, field: y, becomes: y + 0.4, incremental: { over: 20 }, from: 10 }');
  for (const { measure, t } of steps) {
    const p = 0.5 + 0.4 * Math.min(1, Math.max(0, (t - 10) / 20));
    expect(Math.abs((measure.y ?? 0) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 10_000));
  }
});
