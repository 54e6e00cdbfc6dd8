import { expect, it } from 'vitest';
import { driftSteps } from '../../support/drifting.js';

const N = 10_000;

it('is F with probability min(1, (t - from) / over), x otherwise, and nothing between', async () => {
  const steps = await driftSteps('{ name: d, field: x, becomes: x + 1, gradual: { over: 20 }, from: 10 }');
  for (const { measure, t } of steps) {
    const p = Math.min(1, Math.max(0, (t - 10) / 20));
    expect(Math.abs((measure.x ?? 0) - 10 - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / N) + 1e-9);
    expect([measure.low, measure.high]).toEqual([p < 1 ? 10 : 11, p > 0 ? 11 : 10]);
  }
});

it('alternates: who has the new value is drawn anew at each step', async () => {
  // z is 1 for who had the new value a step ago.
  const steps = await driftSteps(
    '{ name: d, field: x, becomes: x + 1, gradual: { over: 20 } }',
    'respond: [{ name: keep, field: z, when: after, becomes: x - 10 }]\n',
    0,
    'mean(z * (x - 10))',
  );
  for (const t of [5, 10, 15]) {
    // Independent of one another, the new value twice in a row has the product of the two probabilities.
    const both = ((t - 1) / 20) * (t / 20);
    expect(Math.abs((steps[t].measure.more ?? 0) - both)).toBeLessThan(4 * Math.sqrt((both * (1 - both)) / N));
  }
});

it('takes categories too', async () => {
  const steps = await driftSteps(`{ name: d, field: g, becomes: '"b"', gradual: { over: 20 } }`);
  // 0.25 + 0.75 p, at p = 0.5; the share itself is a draw.
  expect(Math.abs((steps[10].measure.b ?? 0) - 0.625)).toBeLessThan(4 * Math.sqrt((0.625 * 0.375) / N));
  expect(steps[30].measure.b).toBe(1);
});
