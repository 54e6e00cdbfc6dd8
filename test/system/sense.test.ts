/** What the pipeline makes of what people show: closed forms and identities of each member. */
import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { hashOf, parse, records, stepsOf } from '../support/scenario.js';

const N = 40_000;
/** x is N(0, 4), z is N(10, 1), and g one of three; the model is given: 1 * x. */
const world = (sense: string, more = '') => `
name: sense
steps: 6
population:
  size: ${N}
  turnover: 0
  fields: { x: "normal(0, 2)", z: "normal(10, 1)", g: { choice: { a: 1, b: 1, c: 2 } }, born: t }
outcome: { field: y, value: x }
lab: { size: ${N} }
models: { m: { learner: linear, features: [x], target: y, start: { coefficients: { x: 1 } } } }
sense: [${sense}]
measure:
  gap: mean(missing(seen.x))
  off: mean(seen.x - x)
  square: mean((seen.x - x) ^ 2)
  seen_low: min(seen.x)
  seen_high: max(seen.x)
  seen_x: mean(seen.x)
  seen_z: mean(seen.z)
  true_x: mean(x)
  true_z: mean(z)
  was_b: share(seen.g == "b")
  is_a: share(g == "a")
${more}`;
const run = async (sense: string, more = '') => stepsOf(records(await parse(world(sense, more))));
const first = async (sense: string, more = '') => (await run(sense, more))[0].measure;
const near = (value: number | null, expected: number, tolerance: number) =>
  expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThan(tolerance);

describe('noise', () => {
  it('adds its variance, and no more', async () => {
    const { off, square } = await first('{ name: n, field: x, noise: 3 }');
    near(off, 0, (4 * 3) / Math.sqrt(N));
    near(square, 9, 4 * 9 * Math.sqrt(2 / N));
  });
  it('of a spread that depends on what is seen', async () => {
    const { square } = await first('{ name: n, field: x, noise: abs(x) }');
    // E x^2 = 4; sd of x^2 e^2 is sqrt(9 * 16 - 16).
    near(square, 4, (4 * Math.sqrt(8 * 16)) / Math.sqrt(N));
  });
});

describe('outliers', () => {
  it('hit their share, by their size, up and down alike', async () => {
    const { off, square } = await first('{ name: o, field: x, outliers: 50, share: 0.1 }');
    near(square, 0.1 * 2500, 4 * 2500 * Math.sqrt(0.09 / N));
    near(off, 0, 4 * Math.sqrt(250 / N));
  });
});

describe('unit change', () => {
  it('is scale * x + offset', async () => {
    const { seen_x: seen, true_x: x } = await first('{ name: u, field: x, scale: 2.54, offset: 7 }');
    near(seen, 2.54 * (x ?? 0) + 7, 1e-9);
  });
});

describe('clipping', () => {
  it('tells the end of the range for what is beyond', async () => {
    const measure = await first('{ name: c, field: x, clip: { low: -1, high: 2 } }');
    expect(measure).toMatchObject({ seen_low: -1, seen_high: 2 });
  });
});

describe('a stale value', () => {
  const moving = (turnover: number) => `
name: stale
steps: 8
population: { size: 2000, turnover: ${turnover}, fields: { born: t, x: 0 } }
drift: [{ name: clock, field: x, becomes: t }]
outcome: { field: y, value: x }
lab: { size: 10, holdout: 0 }
models: { m: { learner: mean } }
sense: [{ name: old, field: x, stale: 3, from: 5 }]
measure: { wrong: "sum(abs(seen.x - if(t < 5, t, max(born, t - 3))))" }
`;
  it.each([0, 0.3])('is what was to be seen then, of newcomers what was first (turnover %d)', async (turnover) => {
    for (const { measure } of stepsOf(records(await parse(moving(turnover))))) expect(measure.wrong).toBe(0);
  });
  it('does not exist where nobody stays', async () => {
    await expect(parse(moving(1))).rejects.toThrow(ScenarioError);
  });
});

describe('schema breaks', () => {
  it('two columns change places', async () => {
    const { seen_x: x, seen_z: z, true_x: trueX, true_z: trueZ } = await first('{ name: s, field: x, swap: z }');
    expect([x, z]).toEqual([trueZ, trueX]);
  });
  it('for a share: the same individuals in both', async () => {
    const {
      seen_x: x,
      seen_z: z,
      true_x: trueX,
      true_z: trueZ,
    } = await first('{ name: s, field: x, swap: z, share: 0.3 }');
    near((x ?? 0) + (z ?? 0), (trueX ?? 0) + (trueZ ?? 0), 1e-9);
    near(x, 3, 0.2);
  });
  it('a value arrives under the name of another, or of none', async () => {
    const renamed = await first('{ name: r, field: g, rename: { a: b, b: B2 } }');
    expect(renamed.was_b).toBe(renamed.is_a);
  });
});

describe('missing values', () => {
  it('at random: their share, and what is left is as before', async () => {
    const { gap, off } = await first('{ name: m, field: x, missing: 0.3 }');
    near(gap, 0.3, 4 * Math.sqrt(0.21 / N));
    expect(off).toBe(0);
  });
  it('depending on the value itself: exactly those', async () => {
    const { gap, seen_high: high } = await first('{ name: m, field: x, missing: x > 0 }');
    near(gap, 0.5, 4 * Math.sqrt(0.25 / N));
    expect(high).toBeLessThanOrEqual(0);
  });
});

describe('imputers', () => {
  it('constant', async () => {
    const { gap, seen_x: seen } = await first('{ name: m, field: x, missing: 1, impute: { constant: 5 } }');
    expect([gap, seen]).toEqual([0, 5]);
  });
  it('mean: the model puts in that of its lab', async () => {
    const [{ models, population, actual }] = await run('{ name: m, field: x, missing: 1, impute: mean }');
    expect(models.m.coef?.x).toBe(1);
    // What is left is the spread of x around the lab's mean.
    near(actual.rmse, population.x.sd ?? 0, 0.01);
  });
  it('last: what was seen before the outage', async () => {
    const all = await run('{ name: m, field: x, missing: 1, impute: last, from: 3 }');
    for (const { actual, measure } of all) {
      expect(measure.gap).toBe(0);
      expect(actual.rmse).toBe(0);
    }
  });
  it('last: nothing, where nothing was seen', async () => {
    const { gap } = await first('{ name: m, field: x, missing: 1, impute: last }');
    expect(gap).toBe(1);
  });
  it('fills what another mechanism has lost', async () => {
    const { gap } = await first('{ name: m, field: x, missing: 0.4 }, { name: i, field: x, impute: { constant: 0 } }');
    expect(gap).toBe(0);
  });
  it('indicator: a feature that says so, which a retrained model learns to use', async () => {
    const text = world('{ name: m, field: x, missing: x > 0, impute: indicator }', 'retrain: { when: { every: 1 } }\n')
      .replace(', start: { coefficients: { x: 1 } }', ', l2: 1e-9')
      .replace('retrain: { when: { every: 1 } }', 'retrain: { when: { every: 1 }, window: { last: 1 } }');
    const steps = stepsOf(records(await parse(text)));
    expect(steps[0].models.m.coef?.['x.missing']).toBeCloseTo(0, 6);
    // Who is missing is above 0 (mean 2 sqrt(2 / pi)), and stands at the lab's mean, 0.
    near(steps[5].models.m.coef?.['x.missing'] ?? null, 2 * Math.sqrt(2 / Math.PI), 0.05);
    near(steps[5].actual.bias, 0, 0.05);
  });
});

describe('where it acts', () => {
  const learning = (at: string) =>
    run(`{ name: u, field: x, scale: 2, at: ${at} }`, 'retrain: { when: { every: 1 }, window: { last: 1 } }\n');
  it('both: the model learns the new unit', async () => {
    const [before, after] = await learning('both');
    near(before.actual.rmse, before.population.x.sd ?? 0, 0.05);
    near(after.models.m.coef?.x ?? null, 0.5, 1e-9);
    near(after.actual.rmse, 0, 1e-9);
  });
  it('serving: it never does, and learns what is right in the records', async () => {
    const [, after] = await learning('serving');
    near(after.models.m.coef?.x ?? null, 1, 1e-9);
    near(after.actual.rmse, after.population.x.sd ?? 0, 0.05);
  });
  it('training: what was right is unlearnt', async () => {
    const [before, after] = await learning('training');
    near(before.actual.rmse, 0, 1e-9);
    near(after.models.m.coef?.x ?? null, 0.5, 1e-9);
  });
  it('what acts on both does the same to both', async () => {
    const noisy = '{ name: n, field: x, noise: 1 }';
    const retrain = 'retrain: { when: { every: 1 }, window: { last: 1 } }\n';
    const alone = await run(noisy, retrain);
    // A mechanism of another field makes the two ways part.
    const apart = await run(`${noisy}, { name: u, field: z, scale: 2, at: training }`, retrain);
    expect(apart.map(({ models }) => models.m.coef)).toEqual(alone.map(({ models }) => models.m.coef));
  });
  it('a lab that is not curated is what was recorded', async () => {
    const uncurated = (at: string) =>
      parse(
        world(`{ name: u, field: x, scale: 2, at: ${at} }`)
          .replace(', start: { coefficients: { x: 1 } }', '')
          .replace(`lab: { size: ${N} }`, `lab: { size: ${N}, curated: false }`),
      );
    const [serving] = stepsOf(records(await uncurated('serving')));
    near(serving.models.m.coef?.x ?? null, 1, 1e-9);
    const [training] = stepsOf(records(await uncurated('training')));
    near(training.models.m.coef?.x ?? null, 0.5, 1e-9);
  });
});

it('is the same trace each time, and that of the clean world when switched off', async () => {
  const all = `{ name: a, field: x, noise: 1, missing: 0.1, impute: last }, { name: b, field: z, outliers: 3, share: 0.1 },
    { name: c, field: g, rename: { a: b } }, { name: d, field: z, stale: 2, at: training }`;
  const loaded = await parse(world(all));
  expect(hashOf(records(loaded))).toBe(hashOf(records(loaded)));
  const off = stepsOf(records(loaded.switchedOff(['sense'])));
  const none = stepsOf(records(await parse(world(''))));
  expect(off.map(({ actual }) => actual)).toEqual(none.map(({ actual }) => actual));
});

describe('what is wrong is told', () => {
  it.each([
    ['{ name: a, field: x, noise: 1, scale: 2 }', /both `noise` and `scale`/],
    ['{ name: a, field: g, noise: 1 }', /`g` is a category/],
    ['{ name: a, field: x, rename: { a: b } }', /`x` is no category/],
    ['{ name: a, field: g, rename: { d: b } }', /`d` is not a value of `g`/],
    ['{ name: a, field: x, swap: g }', /not of the same kind/],
    ['{ name: a, field: x, swap: w }', /`w` is not a field/],
    ['{ name: a, field: x }', /does nothing/],
    ['{ name: a, field: x, clip: { low: 2, high: 1 } }', /range goes from 2 to 1/],
  ])('%s', async (sense, message) => {
    await expect(parse(world(sense))).rejects.toThrow(message);
  });
});
