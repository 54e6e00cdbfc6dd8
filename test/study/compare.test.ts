import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { policyOverrides } from '../../src/scenario/policy.js';
import { type ComparedLine, type ComparedRun, compare } from '../../src/study/compare.js';
import { meanInterval, pairedDifference, quantileBands, sampleSd, tCritical } from '../../src/study/statistics.js';
import { EVERYTHING, parse, records, stepsOf } from '../support/scenario.js';

const isRun = (line: ComparedLine): line is ComparedRun => line.type === 'run';

const NEVER = { name: 'never', set: { 'retrain.when': 'never' } };
const OFTEN = { name: 'every 5', set: { 'retrain.when': { every: 5 }, 'retrain.window': { last: 10 } } };
const OWN = { name: 'own', set: {} };

describe('compare', () => {
  it('runs seed by seed, each policy on the same seeds, and each run is the scenario with that policy', async () => {
    const loaded = await parse(EVERYTHING);
    const lines = [...compare(loaded, { policies: [NEVER, OWN], seed: 7, seeds: 3 })];
    expect(lines[0]).toEqual({ type: 'begin', metric: 'accuracy', steps: 20, seeds: [7, 8, 9] });
    expect(lines.at(-1)).toEqual({ type: 'end' });
    const runs = lines.filter(isRun);
    expect(runs.map(({ policy, seed }) => `${policy} ${seed}`)).toEqual(
      [7, 8, 9].flatMap((seed) => [`never ${seed}`, `own ${seed}`]),
    );
    const steps = stepsOf(records(loaded, { seed: 8 }));
    const own = runs[3];
    expect(own.actual).toEqual(steps.map(({ actual }) => actual.accuracy));
    expect(own.costs).toEqual(steps.at(-1)?.costs);
    expect(own.mean).toBeCloseTo(steps.reduce((sum, { actual }) => sum + (actual.accuracy ?? 0), 0) / 20, 12);
    // Every five of twenty steps: what is trained after the last step is neither paid nor counted.
    expect(own.trainings).toBe(3);
    expect(own.costs?.retrain).toBe(15);
  });

  it('gives every policy the same draws: they agree until the first of them acts', async () => {
    const loaded = await parse(EVERYTHING);
    const [never, often] = [...compare(loaded, { policies: [NEVER, OFTEN], seeds: 1 })].filter(isRun);
    expect(never.actual.slice(0, 5)).toEqual(often.actual.slice(0, 5));
    expect(never.actual).not.toEqual(often.actual);
    expect([never.trainings, often.trainings]).toEqual([0, 3]);
  });

  it('raises what is wrong with the policies before anything runs, all of it at once', async () => {
    const loaded = await parse(EVERYTHING);
    const policies = [
      NEVER,
      { name: 'wrong', set: { 'retrain.when': { every: 0 } } },
      { name: 'unknown', set: { 'retrain.windw': 'all' } },
      { name: 'longer', set: { steps: 30 } },
    ];
    const attempt = () => compare(loaded, { policies });
    expect(attempt).toThrow(ScenarioError);
    expect(attempt).toThrow(/policy wrong[\s\S]*policy unknown[\s\S]*window[\s\S]*policy longer[\s\S]*number of steps/);
  });

  it('keeps a run that diverged, without a mean or a cost that would flatter it', async () => {
    const loaded = await parse(`
name: runaway
steps: 400
population: { size: 4, turnover: 0, fields: { x: "1" } }
state: { level: { start: 1, becomes: level * 1e6 } }
outcome: { field: y, value: level }
models: { m: { learner: mean, features: [], target: y } }
costs: { error: 1, retrain: 1 }
`);
    const [run] = [...compare(loaded, { policies: [NEVER], seeds: 1 })].filter(isRun);
    expect(run.actual).toHaveLength(400);
    expect(run.actual.at(-1)).toBeNull();
    expect(run.mean).toBeNull();
    expect(run.costs).toEqual({ error: null, label: null, retrain: null, total: null });
  });
});

describe('policyOverrides', () => {
  const models = (own: string) => `
name: two models
steps: 6
population: { size: 50, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "x + normal(0, 1)" }
models:
  first: { learner: linear, features: [x], target: y${own} }
  second: { learner: linear, features: [x], target: y, retrain: { when: { every: 2 } } }
  third: { learner: linear, features: [x], target: y }
costs: { retrain: 5 }
`;

  it('changes the models that retrain as the scenario does, and leaves others theirs', async () => {
    const loaded = await parse(models(''));
    const overrides = policyOverrides(loaded, OFTEN);
    const retrain = { when: { every: 5 }, window: { last: 10 }, deploy: { every: 1, lag: 0 } };
    expect(overrides).toEqual({ 'models.first.retrain': retrain, 'models.third.retrain': retrain });
    // The scenario has no `retrain`, and a block that has one: `costs`.
    expect(loaded.with(overrides).scenario.costs?.retrain).toBe(5);
    expect(loaded.with(overrides).plan.models.map(({ trigger }) => trigger)).toMatchObject([
      { kind: 'every', steps: 5 },
      { kind: 'every', steps: 2 },
      { kind: 'every', steps: 5 },
    ]);
  });

  it("changes the primary model's own, and keeps what the policy does not speak of", async () => {
    const loaded = await parse(models(', retrain: { when: never, deploy: { lag: 2 } }'));
    expect(policyOverrides(loaded, { name: 'x', set: { 'retrain.when.every': 3, 'knob.x': 1 } })).toEqual({
      'knob.x': 1,
      'models.first.retrain': { when: { every: 3 }, window: 'all', deploy: { every: 1, lag: 2 } },
      'models.third.retrain': { when: { every: 3 }, window: 'all', deploy: { every: 1, lag: 0 } },
    });
  });

  it('takes a whole `retrain`, and null as the end of it', async () => {
    const loaded = await parse(models(''));
    const when = (set: Record<string, unknown>) =>
      loaded.with(policyOverrides(loaded, { name: 'x', set })).plan.models[0];
    expect(when({ retrain: { when: { at: [1, 3] } } }).trigger).toMatchObject({ kind: 'at' });
    expect(when({ retrain: null }).trigger).toMatchObject({ kind: 'never' });
  });
});

describe('statistics', () => {
  it('bands over runs of different lengths and with gaps', () => {
    const [low, middle, high] = quantileBands([[1, Number.NaN], [3, 5], [2]], [0, 0.5, 1], 3);
    expect([...low]).toEqual([1, 5, Number.NaN]);
    expect([...middle]).toEqual([2, 5, Number.NaN]);
    expect([...high]).toEqual([3, 5, Number.NaN]);
  });

  it("Student's t against its closed forms and the printed table", () => {
    for (const level of [0.5, 0.9, 0.95, 0.99]) {
      const p = (1 + level) / 2;
      // One degree of freedom is Cauchy's distribution; two and four have roots (Shaw 2006).
      expect(tCritical(level, 1)).toBeCloseTo(Math.tan((Math.PI * level) / 2), 8);
      expect(tCritical(level, 2)).toBeCloseTo((2 * p - 1) / Math.sqrt(2 * p * (1 - p)), 10);
      const a = 4 * p * (1 - p);
      const q = Math.cos(Math.acos(Math.sqrt(a)) / 3) / Math.sqrt(a);
      expect(tCritical(level, 4)).toBeCloseTo(2 * Math.sqrt(q - 1), 10);
    }
    expect(tCritical(0.95, 9)).toBeCloseTo(2.262157, 6);
    expect(tCritical(0.95, 49)).toBeCloseTo(2.009575, 6);
    expect(tCritical(0.95, 100_000)).toBeCloseTo(1.959988, 5);
  });

  it('intervals: two numbers by hand, one without ends', () => {
    expect(sampleSd([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3), 14);
    // s / sqrt(n) of 0 and 2 is 1; tan(0.475 pi) is t for one degree of freedom.
    const { high, low, mean } = meanInterval([0, 2]);
    expect(mean).toBe(1);
    expect(low).toBeCloseTo(1 - tCritical(0.95, 1), 12);
    expect(high).toBeCloseTo(1 + tCritical(0.95, 1), 12);
    expect(meanInterval([3])).toEqual({ mean: 3, low: null, high: null, n: 1 });
  });

  it('paired differences lose the noise that both have in common', () => {
    const noise = [100, -50, 30, 0, 70];
    const shifted = noise.map((x, i) => x + 1 + 0.01 * i);
    const paired = pairedDifference(shifted, noise);
    expect(paired.mean).toBeCloseTo(1.02, 12);
    expect(paired.verdict).toBe('higher');
    expect(pairedDifference(noise, shifted).verdict).toBe('lower');
    expect((paired.high ?? 0) - (paired.low ?? 0)).toBeLessThan(0.05);
    expect((meanInterval(noise).high ?? 0) - (meanInterval(noise).low ?? 0)).toBeGreaterThan(100);
  });

  it('says where nothing can be told apart, and where nothing differs', () => {
    expect(pairedDifference([1, -1, 0.5], [0, 0, 0]).verdict).toBe('unclear');
    expect(pairedDifference([1], [0]).verdict).toBe('unclear');
    expect(pairedDifference([1, 2], [1, 2]).verdict).toBe('same');
    expect(() => pairedDifference([1], [1, 2])).toThrow(RangeError);
  });
});
