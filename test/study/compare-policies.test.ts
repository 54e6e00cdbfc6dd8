/** The library's `compare`. */
import { describe, expect, it } from 'vitest';
import { compare, PolicyError, ScenarioError } from '../../src/index.js';

const FILE = 'scenarios/monitoring/selective-blindness.yaml';
const SMALL = { set: { 'population.size': 200 }, seeds: 2, workers: 1 };

describe('compare', () => {
  it('holds the policies of a scenario against each other on the same draws', async () => {
    const told: number[] = [];
    const { baseline, policies, runs, seeds } = await compare(FILE, {
      ...SMALL,
      policies: ['never', 'every 20'],
      progress: (done) => told.push(done),
    });
    expect([seeds, baseline]).toEqual([[1, 2], 'never']);
    expect(policies.map(({ name }) => name).toSorted()).toEqual(['every 20', 'never']);
    const mean = (name: string) => {
      const totals = runs.filter(({ policy }) => policy === name).map(({ costs }) => costs?.total ?? Number.NaN);
      return totals.reduce((a, b) => a + b, 0) / totals.length;
    };
    const every = policies.find(({ name }) => name === 'every 20');
    expect(every?.cost?.mean).toBeCloseTo(mean('every 20'), 9);
    expect(every?.difference?.mean).toBeCloseTo(mean('every 20') - mean('never'), 9);
    expect(told).toEqual([1, 2, 3, 4]);
  });

  it('takes those of the scenario where nobody names any, and says what it cannot take', async () => {
    const { loaded, policies } = await compare(FILE, { ...SMALL, seeds: 1 });
    const own = Object.keys(loaded.scenario.policies ?? {});
    expect(own.length).toBeGreaterThan(0);
    expect(policies.map(({ name }) => name)).toEqual(expect.arrayContaining([...own, 'never']));
    await expect(compare(FILE, { ...SMALL, policies: ['evry 3'] })).rejects.toThrow(PolicyError);
    await expect(compare(FILE, { ...SMALL, policies: ['on nobody'] })).rejects.toThrow(ScenarioError);
  });
});
