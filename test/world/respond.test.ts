/** How people and the world react once the model has spoken: closed forms and identities of each member. */
import { describe, expect, it } from 'vitest';
import { hashOf, parse, records, stepsOf } from '../support/scenario.js';

const run = async (text: string) => stepsOf(records(await parse(text)));
const near = (value: number | null | undefined, expected: number, tolerance: number) =>
  expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThan(tolerance);

const loop = (respond: string, outcome = 'value: "normal(10, 1)"', extra = '') => `
name: loop
steps: 12
population: { size: 20000, turnover: 0, fields: { x: 0 } }
outcome: { field: y, ${outcome} }
lab: { size: 100, holdout: 0 }
models: { m: { learner: mean, start: { intercept: 4, sd: 1 } } }
respond: [${respond}]
retrain: { when: { every: 1 }, window: { last: 1 } }
${extra}`;

describe('adherence', () => {
  it('moves the outcome its share of the way to the prediction', async () => {
    const steps = await run(loop('{ name: a, adherence: { model: m, pull: 0.5 } }'));
    // m' = (1 - pull) 10 + pull m
    let m = 4;
    for (const { models } of steps) {
      near(models.m.intercept, m, 0.05);
      m = 5 + 0.5 * m;
    }
  });
  it('of a share, with noise of its own', async () => {
    const [{ measure }] = await run(
      loop(
        '{ name: a, adherence: { model: m, noise: 0.5 }, share: 0.3 }',
        undefined,
        'measure: { v: sd(y), e: mean(y) }',
      ),
    );
    near(measure.e, 0.3 * 4 + 0.7 * 10, 0.1);
    near((measure.v ?? 0) ** 2, 0.3 * 0.25 + 0.7 * 1 + 0.21 * 36, 0.2);
  });
  it('of a binary outcome, moves the probability: exactly, over nodes', async () => {
    const steps = await run(`
name: nodes
steps: 6
population: { nodes: { x: gauss-hermite 3 } }
outcome: { field: y, probability: 0.2 }
lab: { holdout: 0 }
models: { m: { learner: mean, start: { intercept: 0.8 } } }
respond: [{ name: a, adherence: { model: m, pull: 0.25 } }]
retrain: { when: { every: 1 }, window: { last: 1 } }
`);
    let m = 0.8;
    for (const { models } of steps) {
      near(models.m.intercept, m, 1e-12);
      m = 0.75 * 0.2 + 0.25 * m;
    }
  });
  it('refuses halves of an outcome that is 0 or 1', async () => {
    const text = loop('{ name: a, adherence: { model: m } }', 'kind: binary, value: bernoulli(0.5)');
    await expect(parse(text)).rejects.toThrow(/nothing between/);
  });
});

describe('a self-defeating prediction', () => {
  it.each([0.5, 1])('swings by -strength around its fixed point (%d)', async (strength) => {
    const steps = await run(loop(`{ name: d, defeat: { model: m, strength: ${strength}, usual: 2 } }`));
    const fixed = (10 + 2 * strength) / (1 + strength);
    for (const { models, t } of steps) near(models.m.intercept, fixed + (4 - fixed) * (-strength) ** t, 0.1);
  });
});

describe('the general form', () => {
  it('may move the outcome as it happens', async () => {
    const [{ population }] = await run(loop('{ name: g, field: y, becomes: y + 2 * m }', 'value: 10'));
    expect(population.y.mean).toBe(18);
  });
});

describe('delayed impact', () => {
  const lending = (more = '') => `
name: lending
steps: 2
population: { size: 40000, turnover: 0, fields: { score: 600, open: "uniform(0, 1) < 0.5" } }
outcome: { field: repaid, probability: 0.7 }
lab: { size: 100, holdout: 0 }
models: { m: { learner: mean } }
respond: [{ name: i, field: score, impact: { gain: 75, loss: 150, high: 650 }, where: open == 1${more} }]
measure: { chosen: mean(score where open), rest: mean(score where not open) }
`;
  it('is p gain - (1 - p) loss for the chosen, within the range', async () => {
    const [, { measure }] = await run(lending());
    near(measure.chosen, 0.7 * 650 + 0.3 * 450, 4 * 100 * Math.sqrt(0.21 / 20000) * 1.2);
    expect(measure.rest).toBe(600);
  });
  it('is felt after its delay', async () => {
    const steps = await run(lending(', delay: 2').replace('steps: 2', 'steps: 5'));
    expect(steps.slice(0, 3).map(({ measure }) => measure.chosen)).toEqual([600, 600, 600]);
    near(steps[3].measure.chosen, 0.7 * 650 + 0.3 * 450, 5);
  });
});

describe('exposure and preference', () => {
  it('settles between what is shown and what one came with', async () => {
    const steps = await run(
      loop('{ name: p, field: x, preference: { toward: 1, speed: 0.05, anchor: 0.1 } }').replace(
        'steps: 12',
        'steps: 150',
      ),
    );
    near(steps[1].population.x.mean, 0.05, 1e-12);
    near(steps[149].population.x.mean, 0.05 / 0.15, 1e-6);
  });
});

describe('contagion', () => {
  const spread = (rate: number, recover: number, within = '') => `
name: spread
steps: 30
population: { size: 40000, turnover: 0, fields: { g: { choice: { a: 1, b: 1 } }, ill: 'if(g == "a", bernoulli(0.1), 0)' } }
outcome: { field: y, value: ill }
lab: { size: 10, holdout: 0 }
models: { m: { learner: mean } }
respond: [{ name: c, field: ill, contagion: { rate: ${rate}, recover: ${recover}${within} } }]
measure: { b: 'share(ill where g == "b")' }
`;
  it('follows the mean field', async () => {
    const steps = await run(spread(0.6, 0.1));
    let i = steps[0].population.ill.mean ?? 0;
    for (const { population } of steps) {
      near(population.ill.mean, i, 0.02);
      i = i + (1 - i) * (1 - Math.exp(-0.6 * i)) - 0.1 * i;
    }
    near(i, 0.8, 0.1);
  });
  it('dies out below the threshold', async () => {
    expect((await run(spread(0.1, 0.5)))[29].population.ill.mean).toBeLessThan(0.001);
  });
  it('stays within its group', async () => {
    const steps = await run(spread(0.6, 0, ', within: g'));
    expect(steps[29].measure.b).toBe(0);
    expect(steps[29].population.ill.mean).toBeGreaterThan(0.4);
  });
});

describe('participation', () => {
  it('over nodes: w stay + arrive w0, exactly', async () => {
    const steps = await run(`
name: retention
steps: 10
population: { nodes: { g: { values: [-1, 1] } }, turnover: 0 }
outcome: { field: y, value: g }
lab: { holdout: 0 }
models: { m: { learner: mean, start: { intercept: 0.5 } } }
respond: [{ name: p, participation: { stay: "exp(-0.5 * (y - m) ^ 2)", arrive: 0.2 } }]
measure: { low: sum(g < 0), high: sum(g > 0) }
`);
    let low = 0.5;
    let high = 0.5;
    for (const { measure } of steps) {
      near(measure.low, low, 1e-12);
      near(measure.high, high, 1e-12);
      low = low * Math.exp(-0.5 * 2.25) + 0.1;
      high = high * Math.exp(-0.5 * 0.25) + 0.1;
    }
  });
  it('by people: who leaves is out, and newcomers take the places', async () => {
    const steps = await run(`
name: retention
steps: 60
population: { size: 20000, turnover: 0, weight: bernoulli(0.5), fields: { g: { choice: { a: 1, b: 1 } }, born: t } }
outcome: { field: y, value: 'if(g == "a", 0, 1)' }
lab: { size: 10, holdout: 0 }
models: { m: { learner: mean } }
respond: [{ name: p, participation: { stay: 'if(g == "a", 0.9, 0.8)', arrive: 1000 } }]
measure: { a: 'sum(g == "a")', b: 'sum(g == "b")', new: "sum(born == t)" }
`);
    // b / (1 - stay), sd about its square root.
    const last = steps.slice(40);
    const mean = (key: string) => last.reduce((sum, { measure }) => sum + (measure[key] ?? 0), 0) / last.length;
    near(mean('a'), 5000, 200);
    near(mean('b'), 2500, 120);
    near(mean('new'), 1000, 4 * Math.sqrt(1000 / 20));
    expect(steps.at(-1)?.actual.n).toBeLessThan(9000);
  });
  it('does not exist where nobody stays', async () => {
    const text = loop('{ name: p, participation: { stay: 0.5 } }').replace('turnover: 0', 'turnover: 1');
    await expect(parse(text)).rejects.toThrow(/nobody stays/);
  });
});

describe('a response with a delay', () => {
  const gaming = (delay: string) => `
name: late
steps: 8
population: { size: 2000, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: 2 * x + t }
lab: { size: 100, holdout: 0 }
models: { m: { learner: linear, features: [x], target: y, start: { coefficients: { x: 1 } } } }
respond:
  - { name: formula, field: x, becomes: x + m.version${delay} }
retrain: { when: { every: 1 }, window: { last: 1 } }
measure: { moved: mean(shown.x - x) }
`;
  it('is to the model as it was', async () => {
    const moved = async (delay: string) =>
      (await run(gaming(delay))).map(({ measure }) => Math.round(measure.moved ?? -1));
    expect(await moved('')).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await moved(', delay: 3')).toEqual([0, 0, 0, 1, 2, 3, 4, 5]);
  });
  it('also where it is strategic', async () => {
    const text = gaming('').replace(
      '{ name: formula, field: x, becomes: x + m.version }',
      '{ name: s, strategic: { model: m, fields: [x], strength: 1 }, delay: 2 }',
    );
    const steps = await run(text);
    for (const { measure, t } of steps) near(measure.moved, t < 2 ? 0 : (steps[t - 2].models.m.coef?.x ?? 0), 1e-9);
  });
});

it('is the same each time, and the untouched world when switched off', async () => {
  const all = `{ name: a, adherence: { model: m, noise: 1 }, share: 0.5 },
    { name: p, participation: { stay: 0.9, arrive: 10 } },
    { name: q, field: x, preference: { toward: m, speed: 0.1, anchor: 0.1 } }`;
  const loaded = await parse(loop(all));
  expect(hashOf(records(loaded))).toBe(hashOf(records(loaded)));
  const off = stepsOf(records(loaded.switchedOff(['respond'])));
  expect(off.map(({ actual }) => actual)).toEqual((await run(loop(''))).map(({ actual }) => actual));
});
