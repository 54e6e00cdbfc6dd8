/** Concept drift: the outcome itself changes, of a probability before it is drawn. */
import { expect, it } from 'vitest';
import { driftSteps } from '../../support/drifting.js';
import { parse, records, stepsOf } from '../../support/scenario.js';

const within = (p: number) => 4 * Math.sqrt((p * (1 - p)) / 10_000);

it('swings a probability, and takes what is beyond 1 as 1', async () => {
  const steps = await driftSteps('{ name: d, field: y, seasonal: { amplitude: 0.7, period: 8 } }');
  for (const { measure, t } of steps) {
    const p = Math.min(1, Math.max(0, 0.5 + 0.7 * Math.sin((2 * Math.PI * t) / 8)));
    expect(Math.abs((measure.y ?? 0) - p)).toBeLessThanOrEqual(within(p));
  }
});

it('over nodes is exact', async () => {
  const steps = stepsOf(
    records(
      await parse(`
name: nodes
steps: 5
population: { nodes: { x: gauss-hermite 5 } }
outcome: { field: y, probability: 0.2 }
lab: { holdout: 0 }
models: { m: { learner: logistic, features: [x], l2: 0.01 } }
drift: [{ name: d, field: y, becomes: y + 0.4, incremental: { over: 4 } }]
measure: { y: mean(y) }
`),
    ),
  );
  for (const { measure, t } of steps) expect(measure.y).toBeCloseTo(0.2 + 0.1 * t, 12);
});

it('comes before what the prediction does to the outcome', async () => {
  const steps = stepsOf(
    records(
      await parse(`
name: order
steps: 3
population: { size: 10 }
outcome: { field: y, value: 1 }
lab: { size: 5, holdout: 0 }
models: { m: { learner: mean, start: { intercept: 5 } } }
drift: [{ name: d, field: y, becomes: y + 2, where: y > 0 }]
respond: [{ name: pull, adherence: { model: m, pull: 1 } }]
measure: { y: mean(y) }
`),
    ),
  );
  // All of the way to the prediction, wherever the drift has put it.
  for (const { measure } of steps) expect(measure.y).toBe(5);
});

it('may read an outcome that comes before it, and not one that comes after', async () => {
  const text = (drift: string) => `
name: two
steps: 3
population: { size: 10, fields: { a: 1, early: m + 1 } }
outcome: { field: y, value: early * 2 }
lab: { size: 5, holdout: 0 }
models: { m: { learner: mean, start: { intercept: 5 } } }
drift: [${drift}]
measure: { y: mean(y), early: mean(early) }
`;
  const [step] = stepsOf(records(await parse(text('{ name: d, field: y, becomes: y + early }'))));
  expect(step.measure).toEqual({ y: 18, early: 6 });
  await expect(parse(text('{ name: d, field: early, becomes: y }'))).rejects.toThrow(/not yet happened/);
});
