/** What gets recorded: closed forms and identities of each member. */
import { describe, expect, it } from 'vitest';
import { parse, records, stepsOf } from '../support/scenario.js';

const run = async (text: string) => stepsOf(records(await parse(text)));
const near = (value: number | null | undefined, expected: number, tolerance: number) =>
  expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThan(tolerance);
const N = 40_000;
const binary = (collect: string, more = '') => `
name: collect
steps: 3
population: { size: ${N}, fields: { g: { choice: { a: 1, b: 1 } }, p: "uniform(0, 1)" } }
outcome: { field: y, probability: 0.3 }
lab: { size: 100, holdout: 0 }
models: { m: { learner: mean, target: y, start: { intercept: 0.6, sd: 1 } } }
collect: [${collect}]
retrain: { when: { every: 1 }, window: { last: 1 } }
measure: { a: 'mean(recorded.y where g == "a")', b: 'mean(recorded.y where g == "b")', y: mean(y) }
${more}`;

describe('label noise', () => {
  it('flips with a probability that differs by group', async () => {
    const [{ measure }] = await run(binary(`{ name: f, flip: 'if(g == "a", 0.1, 0.4)' }`));
    near(measure.a, 0.3 * 0.9 + 0.7 * 0.1, 0.015);
    near(measure.b, 0.3 * 0.6 + 0.7 * 0.4, 0.015);
    near(measure.y, 0.3, 0.01);
  });
  it('of numbers is a normal error', async () => {
    const [{ observed }] = await run(
      binary('{ name: n, noise: 2 }').replace('probability: 0.3', 'value: "normal(0.6, 1)"'),
    );
    near((observed.rmse ?? 0) ** 2, 5, (4 * 5 * Math.sqrt(2)) / Math.sqrt(N));
  });
});

describe('the label source', () => {
  it('model: the label is what the model says', async () => {
    const [{ measure, observed }] = await run(binary('{ name: l, label: { from: model, model: m } }'));
    expect([measure.a, measure.b, observed.accuracy]).toEqual([1, 1, 1]);
  });
  it('sampled: it is drawn from what the model believes', async () => {
    const [{ measure }] = await run(binary('{ name: l, label: { from: sampled, model: m } }'));
    near(measure.a, 0.6, 0.02);
  });
  it('adopted: the truth, or what is flagged, by who trusts it', async () => {
    const [{ measure }] = await run(
      binary(`{ name: l, label: { from: adopted, model: m, trust: 'if(g == "a", 1, 0.5)' } }`),
    );
    expect(measure.a).toBe(1);
    near(measure.b, 0.3 + 0.7 * 0.5, 0.02);
  });
});

describe('censoring at the decision', () => {
  it('records no more than the decision let happen', async () => {
    const [, { models }] = await run(
      binary('{ name: c, censor: 0 }').replace('probability: 0.3', 'value: "normal(0, 1)"'),
    );
    // E min(z, 0) = -1 / sqrt(2 pi)
    near(models.m.intercept, -1 / Math.sqrt(2 * Math.PI), 0.02);
  });
});

describe('which records are kept', () => {
  const recorded = (collect: string) =>
    run(binary(collect).replace('probability: 0.3', 'value: p').replace('start: { intercept: 0.6, sd: 1 }', 'ddof: 1'));
  it('with a probability: a biased sample', async () => {
    const [{ observed }, { models }] = await recorded('{ name: k, keep: p }');
    near(observed.n, N / 2, 4 * Math.sqrt(N / 6));
    near(models.m.intercept, 2 / 3, 0.01);
  });
  it('and weights undo it', async () => {
    const [, { models }] = await recorded('{ name: k, keep: p, importance: 1 / p }');
    near(models.m.intercept, 0.5, 0.02);
  });
  it('or rejection does', async () => {
    const [, { models }] = await recorded('{ name: k, keep: 0.2 + 0.8 * p }, { name: r, keep: 0.2 / (0.2 + 0.8 * p) }');
    near(models.m.intercept, 0.5, 0.02);
  });
  it('over nodes by weight, exactly', async () => {
    const [, { models }] = await run(`
name: nodes
steps: 2
population: { nodes: { x: { values: [0, 1] } } }
outcome: { field: y, value: x }
lab: { holdout: 0 }
models: { m: { learner: mean } }
collect: [{ name: k, keep: 0.25 + 0.5 * x }]
retrain: { when: { every: 1 }, window: { last: 1 } }
`);
    near(models.m.intercept, 0.75, 1e-12);
  });
});

it.each([
  ['{ name: c, flip: 0.1, censor: 2 }', /both `flip` and `censor`/],
  ['{ name: c, noise: 0.1 }', /`y` is 0 or 1/],
  ['{ name: c, label: { from: model, model: n } }', /`n` is not a model/],
  ['{ name: c }', /does nothing/],
])('%s is refused', async (collect, message) => {
  await expect(parse(binary(collect))).rejects.toThrow(message);
});
