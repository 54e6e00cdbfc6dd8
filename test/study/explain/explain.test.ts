import { describe, expect, it } from 'vitest';
import { type Explanation, explain } from '../../../src/study/explain/index.js';
import { meanInterval } from '../../../src/study/statistics.js';
import { EVERYTHING, parse, records, stepsOf } from '../../support/scenario.js';

/** The model says 2 x: what is added to the outcome or to what the model sees of x adds to the error. */
const gaussian = (mechanisms: string) => `
name: a line
steps: 6
population: { nodes: { x: gauss-hermite 4, w: gauss-hermite 4 } }
outcome: { field: y, value: 2 * x + 0.5 * w }
models: { m: { learner: linear, features: [x], target: y } }
measure: { squared: "mean((m - y) ^ 2)" }
${mechanisms}`;

const shareOf = ({ shares }: Explanation, name: string) => {
  const share = shares.find(({ mechanism }) => mechanism === name);
  if (share === undefined) throw new Error(`no share of ${name}`);
  return share;
};

const sumOf = ({ shares }: Explanation) => shares.reduce((sum, { share }) => sum + share, 0);

describe('shares of a squared error', () => {
  // y - m = 0.5 w + a + b t - 2 c, so that the error grows by (a + b t - 2 c)^2 = s^2, of which e has e s: its own square, and half
  // of each product with another.
  const [a, b, c] = [3, 0.5, 1];
  const loaded = parse(
    gaussian(`
drift:
  - { name: a, field: y, becomes: y + ${a} }
  - { name: b, field: y, becomes: y + ${b} * t }
sense: [{ name: c, field: x, becomes: x + ${c}, at: serving }]`),
  );
  const closed = (t: number) => {
    const sum = a + b * t - 2 * c;
    return { a: a * sum, b: b * t * sum, c: -2 * c * sum, total: sum * sum };
  };

  it('are the closed form, at the last step', async () => {
    const told = await explain(await loaded, { metric: 'squared' });
    const expected = closed(5);
    expect(Math.abs(told.total.mean - expected.total)).toBeLessThan(1e-9);
    expect(Math.abs(shareOf(told, 'drift.a').share - expected.a)).toBeLessThan(1e-9);
    expect(Math.abs(shareOf(told, 'drift.b').share - expected.b)).toBeLessThan(1e-9);
    expect(Math.abs(shareOf(told, 'sense.c').share - expected.c)).toBeLessThan(1e-9);
    expect(shareOf(told, 'sense.c').share).toBeLessThan(0);
    expect(told.none).toBeCloseTo(0.25, 9);
    expect(told.all).toBeCloseTo(0.25 + expected.total, 9);
  });

  it('are the closed form at each step, and their mean over some', async () => {
    const told = await explain(await loaded, { metric: 'measure.squared', over: { from: 1, to: 4 } });
    for (let t = 0; t < 6; t++) {
      const expected = closed(t);
      const at = told.overTime.shares.map(({ share }) => share[t] ?? Number.NaN);
      for (const [k, key] of (['a', 'b', 'c'] as const).entries())
        expect(Math.abs(at[k] - expected[key])).toBeLessThan(1e-9);
      expect(Math.abs((told.overTime.total[t] ?? Number.NaN) - expected.total)).toBeLessThan(1e-9);
    }
    const mean = [1, 2, 3, 4].reduce((sum, t) => sum + closed(t).b, 0) / 4;
    expect(Math.abs(shareOf(told, 'drift.b').share - mean)).toBeLessThan(1e-9);
  });

  it('need one seed where nothing is drawn, and have no interval', async () => {
    const told = await explain(await loaded, { metric: 'squared', seeds: 5 });
    expect(told).toMatchObject({ drawn: false, runs: 8, seeds: [1], method: 'exact' });
    expect(shareOf(told, 'drift.a')).toMatchObject({ low: null, high: null, samplingError: null });
  });

  it('are the same from one pair of orders: no three act on each other', async () => {
    const told = await explain(await loaded, { metric: 'squared', orders: 2, seeds: 3 });
    const expected = closed(5);
    expect(told).toMatchObject({ method: 'sampled', orders: 2 });
    for (const key of ['a', 'b'] as const)
      expect(Math.abs(shareOf(told, `drift.${key}`).share - expected[key])).toBeLessThan(1e-9);
    // Orders of three seeds share runs, as nothing is drawn.
    expect(told.runs).toBeLessThanOrEqual(8);
  });
});

it('two equal mechanisms have equal shares, and one that does nothing has exactly 0', async () => {
  const loaded = await parse(
    gaussian(`
drift:
  - { name: one, field: y, becomes: y + 2 }
  - { name: idle, field: y, becomes: y }
  - { name: other, field: y, becomes: y + 2 }`),
  );
  const told = await explain(loaded, { metric: 'squared' });
  expect(Math.abs(shareOf(told, 'drift.one').share - shareOf(told, 'drift.other').share)).toBeLessThan(1e-12);
  expect(shareOf(told, 'drift.one').share).toBeCloseTo(8, 9);
  expect(shareOf(told, 'drift.idle').share).toBe(0);
  expect(shareOf(told, 'drift.one').part).toBeCloseTo(0.5, 9);
});

describe('with draws', () => {
  const everything = parse(EVERYTHING);

  it('divides accuracy lost among all mechanisms, with an interval over the seeds', async () => {
    const done: [number, number][] = [];
    const told = await explain(await everything, {
      seeds: 3,
      seed: 11,
      over: 'mean',
      progress: (...at) => done.push(at),
    });
    expect(told.explained).toEqual({
      name: 'score.actual.accuracy',
      metric: 'accuracy',
      vantage: 'actual',
      better: 'higher',
    });
    expect(told).toMatchObject({ drawn: true, runs: 3 * 64, seeds: [11, 12, 13], leftOut: [], method: 'exact' });
    expect(done.length).toBe(192);
    expect(done.at(-1)).toEqual([192, 192]);
    expect(Math.abs(sumOf(told) - told.total.mean)).toBeLessThan(1e-12);
    expect(told.none - told.all).toBeCloseTo(told.total.mean, 12);
    for (const { high, low, share } of told.shares) expect((low ?? 0) <= share && share <= (high ?? 0)).toBe(true);
    // What was lost is what `run` shows, and what it shows with everything switched off.
    const accuracy = async (off: readonly string[], seed: number) => {
      const steps = stepsOf(records((await everything).switchedOff(off), { seed }));
      return steps.reduce((sum, { actual }) => sum + (actual.accuracy ?? Number.NaN), 0) / steps.length;
    };
    const each = [];
    for (const seed of [11, 12, 13])
      each.push((await accuracy(['drift', 'sense', 'respond', 'collect'], seed)) - (await accuracy([], seed)));
    const interval = meanInterval(each);
    expect(told.total.mean).toBeCloseTo(interval.mean, 12);
    expect(told.total.low).toBeCloseTo(interval.low ?? Number.NaN, 12);
  });

  it('the mean of random orders is within 4 standard errors of the exact shares', async () => {
    const loaded = await everything;
    const mechanisms = ['drift.luck', 'sense.gaps', 'respond.gaming', 'collect.selective'];
    const options = { mechanisms, over: 'mean', seeds: 1, metric: 'logLoss' } as const;
    const exact = await explain(loaded, options);
    const sampled = await explain(loaded, { ...options, orders: 200 });
    expect(sampled.runs).toBe(exact.runs);
    expect(Math.abs(sumOf(sampled) - sampled.total.mean)).toBeLessThan(1e-12);
    for (const { mechanism, share } of exact.shares) {
      const own = shareOf(sampled, mechanism);
      expect(own.samplingError).toBeGreaterThan(0);
      expect(Math.abs(own.share - share)).toBeLessThan(4 * (own.samplingError ?? 0));
    }
  });

  it('takes blocks as one, and leaves the others as they are', async () => {
    const loaded = await everything;
    const told = await explain(loaded, { mechanisms: ['sense', 'drift.luck'], seeds: 1 });
    expect(told.shares.map(({ mechanism }) => mechanism)).toEqual(['sense', 'drift.luck']);
    expect(told.runs).toBe(4);
    const final = (off: readonly string[]) => stepsOf(records(loaded.switchedOff(off))).at(-1)?.actual.accuracy ?? 0;
    expect(told.all).toBeCloseTo(final([]), 12);
    expect(told.none).toBeCloseTo(final(['sense', 'drift.luck']), 12);
  });

  it('explains costs, numbers, slices and other vantage points', async () => {
    const loaded = await everything;
    const told = (metric: string, vantage?: 'lab' | 'observed') =>
      explain(loaded, {
        metric,
        mechanisms: ['drift', 'collect'],
        seeds: 1,
        ...(vantage === undefined ? {} : { vantage }),
      });
    const cost = await told('costs');
    expect(cost.explained).toMatchObject({ name: 'costs.total', better: 'lower' });
    expect(cost.total.mean).toBeCloseTo(cost.all - cost.none, 12);
    expect((await told('approved')).explained).toMatchObject({ name: 'approved', better: 'none' });
    expect((await told('logLoss', 'observed')).explained).toMatchObject({
      name: 'score.observed.logLoss',
      better: 'lower',
    });
    expect((await told('slices.group_a.accuracy')).explained).toMatchObject({ metric: 'accuracy', better: 'higher' });
    // Nothing that happens in the field changes what the lab says of the first version; of later ones it may.
    const lab = await explain(loaded, { metric: 'accuracy', vantage: 'lab', over: { from: 0, to: 4 }, seeds: 1 });
    for (const { mechanism, share } of lab.shares) if (!mechanism.startsWith('collect')) expect(share).toBe(0);
  });
});

it('a mechanism that the schedule switches on takes part, and stays off where it is left out', async () => {
  const loaded = await parse(`${gaussian(`
drift:
  - { name: always, field: y, becomes: y + 1 }
  - { name: later, field: y, becomes: y + 2, off: true }
  - { name: never, field: y, becomes: y + 50, off: true }`)}
schedule: [{ at: 3, set: { drift.later.off: false } }]
`);
  const told = await explain(loaded, { metric: 'squared' });
  expect(told.shares.map(({ mechanism }) => mechanism)).toEqual(['drift.always', 'drift.later']);
  const at = told.overTime.shares.map(({ share }) => share);
  for (const [t, expected] of [
    [2, [1, 0]],
    [3, [3, 6]],
    [5, [3, 6]],
  ] as const)
    expected.forEach((value, k) => {
      expect(at[k][t]).toBeCloseTo(value, 9);
    });
});

it('a seed with which a run diverges is left out', async () => {
  const loaded = await parse(`
name: may blow up
steps: 60
population: { size: 20, turnover: 0, fields: { x: "normal(0, 1)" } }
state: { level: { start: 0, becomes: "if(mean(x) > 0, 1e40 * (1 + level), 0)" } }
outcome: { field: y, value: x + level }
models: { m: { learner: mean, target: y } }
drift: [{ name: up, field: y, becomes: y + 1 }]
`);
  const told = await explain(loaded, { metric: 'rmse', seeds: 8 });
  expect(told.leftOut.length).toBeGreaterThan(0);
  expect(told.seeds.length).toBeGreaterThan(0);
  expect([...told.seeds, ...told.leftOut].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

describe('what cannot be explained', () => {
  const refused = async (why: RegExp, options: Parameters<typeof explain>[1], text = EVERYTHING) =>
    expect(explain(await parse(text), options)).rejects.toThrow(why);

  it('says so, with the nearest word', async () => {
    await refused(/no mechanism `respond.gamin`; did you mean `respond.gaming`/, { mechanisms: ['respond.gamin'] });
    await refused(/no mechanism `respnd`; did you mean `respond`/, { mechanisms: ['respnd'] });
    await refused(/there is no `acuracy`; did you mean `accuracy`/, { metric: 'acuracy' });
    await refused(/takes no vantage point/, { metric: 'approved', vantage: 'observed' });
    await refused(/takes part twice/, { mechanisms: ['respond', 'respond.gaming'] });
    await refused(/the last step is 19/, { over: { from: 5, to: 20 } });
    await refused(/no step is from 5 to 4/, { over: { from: 5, to: 4 } });
  });

  it('no mechanism, none that is on, no costs, no value', async () => {
    await refused(/no mechanism that is on/, {}, gaussian(''));
    const off = gaussian('drift: [{ name: a, field: y, becomes: y + 1, off: true }]');
    await refused(/`drift.a` is switched off/, { mechanisms: ['drift.a'] }, off);
    const on = gaussian('drift: [{ name: a, field: y, becomes: y + 1 }]');
    await refused(/names no `costs:`/, { metric: 'cost' }, on);
    const late = gaussian('collect: [{ name: late, delay: 100 }]');
    await refused(/has no value there/, { metric: 'rmse', vantage: 'observed' }, late);
  });

  it('every subset of too many', async () => {
    const many = Array.from({ length: 13 }, (_, k) => `  - { name: d${k}, field: y, becomes: y + 1 }`).join('\n');
    await refused(/at most 12/, { exact: true }, gaussian(`drift:\n${many}`));
    const told = await explain(await parse(gaussian(`drift:\n${many}`)), { metric: 'squared', seeds: 2 });
    expect(told).toMatchObject({ method: 'sampled', orders: 16 });
    // (sum of 13 ones)^2 = 169, 13 for each.
    for (const { share } of told.shares) expect(share).toBeCloseTo(13, 9);
  });
});
