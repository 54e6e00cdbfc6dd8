import { expect, it } from 'vitest';
import { driftSteps } from '../../support/drifting.js';

it('is x + amplitude sin(2 pi (t - phase) / period)', async () => {
  const steps = await driftSteps('{ name: d, field: x, seasonal: { amplitude: 3, period: 12, phase: 2 }, from: 5 }');
  for (const { measure, t } of steps)
    expect(measure.low).toBeCloseTo(t < 5 ? 10 : 10 + 3 * Math.sin((2 * Math.PI * (t - 2)) / 12), 12);
  const year = steps.slice(6, 18).map(({ measure }) => (measure.low ?? 0) - 10);
  expect(year.reduce((sum, d) => sum + d, 0)).toBeCloseTo(0, 12);
  expect(year.reduce((sum, d) => sum + d * d, 0) / 12).toBeCloseTo(9 / 2, 12);
});

it('swings each individual as far as its own amplitude says', async () => {
  const [step] = await driftSteps(`{ name: d, field: x, seasonal: { amplitude: 'h', period: 4, phase: -1 } }`);
  expect([step.measure.low, step.measure.high]).toEqual([11, 12]);
});
