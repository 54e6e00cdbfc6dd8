/** True, shown, seen: outcomes read what is true, models what is seen. And who enters, stays and is recorded. */
import { describe, expect, it } from 'vitest';
import { parse, records, stepsOf } from '../support/scenario.js';

const run = async (text: string) => stepsOf(records(await parse(text)));

/** x is 3 for everybody; people show 5 more; the pipeline sees ten times what is shown. */
const LAYERS = `
name: layers
steps: 2
population: { size: 100, fields: { x: 3 } }
outcome: { field: y, value: 2 * x }
lab: { size: 10, holdout: 0 }
models: { m: { learner: linear, features: [x], target: y, start: { coefficients: { x: 1 } } } }
respond: [{ name: show more, field: x, becomes: x + 5, moves: shown }]
sense: [{ name: unit, field: x, becomes: 10 * x }]
measure: { true_x: mean(x), shown_x: mean(shown.x), seen_x: mean(seen.x), prediction: mean(m) }
`;

describe('the three layers of a field', () => {
  it('outcomes read what is true, models what is seen', async () => {
    const [, { measure, population }] = await run(LAYERS);
    expect(measure).toEqual({ true_x: 3, shown_x: 8, seen_x: 80, prediction: 80 });
    expect(population.y.mean).toBe(6);
  });

  it('what moves the truth moves all three', async () => {
    const [, { measure, population }] = await run(LAYERS.replace('moves: shown', 'moves: true'));
    expect(measure).toEqual({ true_x: 8, shown_x: 8, seen_x: 80, prediction: 80 });
    expect(population.y.mean).toBe(16);
  });

  it('a lab that is curated sees what is true; one that is not sees as the field does', async () => {
    const text = LAYERS.replace(', start: { coefficients: { x: 1 } }', ', intercept: false');
    expect((await run(text))[0].models.m.coef?.x).toBeCloseTo(2, 12);
    const field = await run(text.replace('holdout: 0', 'holdout: 0, curated: false'));
    expect(field[0].models.m.coef?.x).toBeCloseTo(0.2, 12);
  });

  it('missing values go missing in what is seen only, and the model fills in the mean of its training', async () => {
    const [step] = await run(
      LAYERS.replace('becomes: 10 * x', 'missing: 1').replace(', moves: shown', ', moves: shown, off: true'),
    );
    expect(step.measure).toMatchObject({ true_x: 3, shown_x: 3, seen_x: null });
    expect(step.measure.prediction).toBe(3);
  });
});

describe('a response after the outcome', () => {
  /** Everybody gains 100 after each step; the outcome is x itself. */
  const carriedOn = (turnover: number) => `
name: after
steps: 6
population: { size: 400, turnover: ${turnover}, fields: { x: "uniform(0, 10)", born: t } }
outcome: { field: y, value: x }
lab: { size: 100 }
models: { m: { learner: linear, features: [x], target: y } }
respond: [{ name: up, field: x, becomes: x + 100, when: after }]
retrain: { when: { every: 1 }, window: { last: 1 } }
measure: { new: "mean(x where born == t)", old: "min(x - 100 * (t - born))" }
`;

  it.each([0, 0.5])('is taken up at the next step: what is recorded is this one (turnover %d)', async (turnover) => {
    for (const { actual, models, population, t } of await run(carriedOn(turnover))) {
      // With y = x nothing is to be learnt but that, whenever it is learnt.
      expect(models.m.coef?.x).toBeCloseTo(1, 9);
      expect(actual.rmse).toBeLessThan(1e-6);
      if (turnover === 0) expect(population.x.mean).toBeGreaterThan(100 * t);
      expect(population.x.mean).toBe(population.y.mean);
    }
  });

  it('leaves newcomers as they enter, and moves who stays', async () => {
    for (const { measure, t } of await run(carriedOn(0.5))) {
      expect(measure.new).toBeGreaterThan(0);
      expect(measure.new).toBeLessThan(10);
      if (t > 0) expect(measure.old).toBeGreaterThanOrEqual(0);
    }
  });
});

it('takes nobody into the lab of whom the condition is not known', async () => {
  // sqrt of a negative is missing; of x in -1, 0, ... 9 one is left out.
  const text = `
name: lab
steps: 1
population: { nodes: { x: { values: [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9] } } }
outcome: { field: y, value: x }
lab: { holdout: 0, where: 1 + sqrt(x) }
models: { m: { learner: mean } }
`;
  expect((await run(text))[0].models.m.intercept).toBeCloseTo(4.5, 12);
});

describe('turnover', () => {
  const entering = (turnover: number) => `
name: turnover
steps: 6
population: { size: 20000, turnover: ${turnover}, fields: { born: t } }
outcome: { field: y, value: born }
lab: { size: 10, holdout: 0 }
models: { m: { learner: mean } }
measure: { new: share(born == t) }
`;

  it.each([0, 0.25, 1])('replaces a share of %d', async (turnover) => {
    const steps = await run(entering(turnover));
    expect(steps[0].measure.new).toBe(1);
    // Four standard errors of a share.
    const tolerance = 4 * Math.sqrt((turnover * (1 - turnover)) / 20000) + 1e-12;
    for (const { measure } of steps.slice(1)) expect(Math.abs((measure.new ?? -1) - turnover)).toBeLessThan(tolerance);
    const survivors = 20000 * (1 - turnover) ** 5;
    const mean = steps[5].population.born.mean ?? -1;
    if (turnover === 0) expect(mean).toBe(0);
    if (turnover === 1) expect(mean).toBe(5);
    else expect(mean).toBeLessThan(5 * (1 - survivors / 20000) + 1e-9);
  });

  it('keeps the same people under a mechanism that acts on a share of them', async () => {
    const [first, ...rest] = await run(`
name: trait
steps: 5
population: { size: 1000, turnover: 0, fields: { id: "uniform(0, 1)", x: 0 } }
outcome: { field: y, value: x * id }
lab: { size: 10, holdout: 0 }
drift: [{ name: some, field: x, becomes: 1, share: 0.3 }]
models: { m: { learner: mean } }
measure: { whose: sum(x * id) }
`);
    for (const { measure } of rest) expect(measure.whose).toBe(first.measure.whose);
  });
});

describe('what is recorded', () => {
  const COLLECT = `
name: collect
steps: 8
population: { size: 1000, fields: { x: "uniform(0, 1)" } }
outcome: { field: y, value: x }
lab: { size: 100, holdout: 0 }
models: { m: { learner: mean } }
decide: { chosen: x > 0.75 }
collect: [{ name: some, only: chosen, delay: 3 }]
retrain: { when: { every: 1 }, window: { last: 4 } }
`;

  it('arrives late, and holds the chosen only', async () => {
    const steps = await run(COLLECT);
    for (const { observed, t } of steps) {
      if (t < 3) expect(observed.n).toBe(0);
      // 250 of 1,000, four standard errors.
      else expect(Math.abs((observed.n ?? 0) - 250)).toBeLessThan(4 * Math.sqrt(1000 * 0.25 * 0.75));
    }
    // The mean of x above 0.75 is 0.875; sd 0.072 over 250 to 1,000 rows.
    expect(Math.abs((steps[7].models.m.intercept ?? 0) - 0.875)).toBeLessThan(0.02);
    expect(steps[7].actual.bias).toBeGreaterThan(0.3);
  });

  it('keeps the old version where nothing has arrived, and says so', async () => {
    const all = records(await parse(COLLECT));
    expect(all).toContainEqual(
      expect.objectContaining({ type: 'event', t: 0, kind: 'kept', message: expect.stringContaining('no labels') }),
    );
  });

  it('may carry another label than the true one', async () => {
    const text = COLLECT.replace(
      '{ name: some, only: chosen, delay: 3 }',
      '{ name: wrong, field: y, becomes: y + 10 }',
    );
    const steps = await run(text);
    expect(steps[0].observed.bias).toBeCloseTo((steps[0].actual.bias ?? 0) - 10, 9);
    expect(steps[5].models.m.intercept).toBeGreaterThan(10);
    expect(steps[5].population.y.mean).toBeLessThan(1);
  });
});

describe('schedule and state', () => {
  it('change values at a step, and carry numbers from one to the next', async () => {
    const steps = await run(`
name: schedule
steps: 6
population: { size: 10 }
state: { level: 2, total: { start: 1, becomes: total * level } }
outcome: { field: y, value: total }
lab: { size: 10, holdout: 0 }
models: { m: { learner: mean } }
schedule: [{ at: 3, set: { state.level: 10 } }]
`);
    expect(steps.map(({ population }) => population.y.mean)).toEqual([1, 2, 4, 8, 80, 800]);
  });
});
