/** `POST /api/seeds`: the same bands as the library's, a line a run, with hands and with limits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeedsLine, SeedsRequest } from '../../src/server/protocol.js';
import { quantileBands } from '../../src/study/statistics.js';
import { type Served, serve } from '../support/browser.js';
import { EVERYTHING, parse, records, stepsOf } from '../support/scenario.js';

const EXPECTED = `${EVERYTHING}
expect:
  - { that: "first(actual.accuracy) > 0", because: it is a share }
  - { that: "final(actual.accuracy) > 0.68", because: it does with some seeds }
  - { that: "final(actual.accuracy) > 0", because: it is a share, with: { respond.gaming.off: true } }
`;
const SEEDS = [4, 5, 6, 7, 8];

type End = Extract<SeedsLine, { type: 'end' }>;

describe('POST /api/seeds', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve({ limits: { allWork: 1e7 } });
  });
  afterAll(() => served.close());

  const ask = (request: SeedsRequest | object, signal?: AbortSignal) =>
    fetch(`${served.address}/api/seeds`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      ...(signal === undefined ? {} : { signal }),
    });
  const lines = async (request: SeedsRequest): Promise<SeedsLine[]> => {
    const response = await ask(request);
    expect(response.status).toBe(200);
    return (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SeedsLine);
  };
  const endOf = async (request: SeedsRequest): Promise<End> => (await lines(request)).at(-1) as End;
  const accuracies = async (seeds: readonly number[], more = '') => {
    const loaded = await parse(EVERYTHING + more);
    return seeds.map((seed) => stepsOf(records(loaded, { seed })).map(({ actual }) => actual.accuracy ?? Number.NaN));
  };
  const quantiles = (runs: readonly number[][]) => {
    const [low, median, high] = quantileBands(runs, [0.1, 0.5, 0.9]).map((band) => Array.from(band));
    return { low, median, high };
  };

  it('tells each run, bands of those so far, and at the end the bands, the means and what held', async () => {
    const told = await lines({ text: EXPECTED, seeds: 5, seed: 4, metric: 'accuracy' });
    expect(told[0]).toMatchObject({ type: 'begin', seeds: 5, steps: 20, shown: { actual: 'score.actual.accuracy' } });
    const runs = told.slice(1, -1) as Extract<SeedsLine, { type: 'run' }>[];
    expect(runs.map(({ done, total, type }) => [type, done, total])).toEqual(SEEDS.map((_, k) => ['run', k + 1, 5]));
    const expected = await accuracies(SEEDS);
    const name = 'score.actual.accuracy';
    expect(runs[2].bands?.[name]).toEqual(quantiles(expected.slice(0, 3)));
    const end = told.at(-1) as End;
    expect(end).toMatchObject({ type: 'end', seeds: 5, firstSeed: 4, drawn: true, diverged: [], unjudged: 1 });
    expect(end.bands[name]).toEqual(quantiles(expected));
    expect(Object.keys(end.bands)).toEqual(['score.lab.accuracy', 'score.observed.accuracy', name]);
    const last = expected.map((values) => values[19]);
    expect(end.final[name].mean).toBeCloseTo(last.reduce((a, b) => a + b) / 5, 12);
    const some = last.filter((value) => value > 0.68).length;
    expect(end.expectations.map(({ held, of }) => [held, of])).toEqual([
      [5, 5],
      [some, 5],
    ]);
    // Otherwise it would show nothing.
    expect(some % 5).not.toBe(0);
  });

  it('makes the runs with their hands', async () => {
    const interventions = [{ at: 2, set: { 'respond.gaming.off': true } }];
    const [bare, handed] = [{}, { interventions }].map((more) => endOf({ text: EVERYTHING, seeds: 2, ...more }));
    const medians = (await Promise.all([bare, handed])).map(({ bands, shown }) => bands[shown.actual].median);
    expect(medians[1].slice(0, 2)).toEqual(medians[0].slice(0, 2));
    expect(medians[1].slice(2)).not.toEqual(medians[0].slice(2));
  });

  it('takes what is looked at: a number, and others beside it', async () => {
    const measures = 'measure: { level: mean(income), double: 2 * mean(income) }';
    const text = EVERYTHING.replace('measure: { approved: share(approve) }', measures);
    const end = await endOf({ text, seeds: 2, metric: 'measure.level', beside: ['measure.double'] });
    expect(end.shown).toEqual({ lab: null, observed: null, actual: 'measure.level', beside: ['measure.double'] });
    const [one, two] = ['measure.level', 'measure.double'].map((name) => end.bands[name].median);
    two.forEach((value, t) => {
      expect(value).toBeCloseTo(2 * (one[t] ?? Number.NaN), 9);
    });
  });

  it('runs once what draws nothing', async () => {
    const text =
      'name: still\nsteps: 3\npopulation: { nodes: { x: gauss-hermite 3 } }\noutcome: { field: y, value: x }\nmodels: { m: { learner: mean } }\n';
    expect(await endOf({ text, seeds: 9 })).toMatchObject({ seeds: 1, drawn: false });
  });

  it('refuses what it cannot do, in words', async () => {
    const refused = async (request: object, why: RegExp) => {
      const response = await ask(request);
      expect(response.status).toBe(400);
      expect(((await response.json()) as { error: string }).error).toMatch(why);
    };
    await refused({ text: EVERYTHING, metric: 'acuracy' }, /There is no `acuracy`; did you mean `accuracy`\?/);
    await refused({ text: EVERYTHING, model: 'scor' }, /There is no model `scor`; did you mean `score`\?/);
    await refused({ text: EVERYTHING, seeds: 201 }, /`seeds` is a whole number from 1 to 200/);
    await refused({ text: EVERYTHING, seeds: 200, set: { 'population.size': 20_000 } }, /more than this server takes/);
    await refused({ text: EVERYTHING, interventions: [{ at: 99, retrain: true }] }, /There is no step 99/);
  });

  it('makes no run more for who leaves', async () => {
    const leaving = new AbortController();
    const before = served.app.threads();
    const response = await ask({ text: EVERYTHING, seeds: 200, set: { 'population.size': 2000 } }, leaving.signal);
    await response.body?.getReader().read();
    leaving.abort();
    await expect.poll(() => served.app.threads(), { timeout: 10_000 }).toBeLessThanOrEqual(Math.max(1, before));
  });
});
