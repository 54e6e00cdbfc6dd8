/** P9: the calendar that costs least is the one of the closed form, and no policy beats the oracle. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { policyOf } from '../../src/scenario/policy.js';
import { runOf } from '../../src/scenario/simulate.js';
import { oneRun, variantsOf } from '../../src/study/compare.js';
import { exactOracle, isExact, scheduleOf } from '../../src/study/oracle.js';
import { parse, stepsOf } from '../support/scenario.js';

const published = (name: string): Promise<LoadedScenario> =>
  loadScenario(join(import.meta.dirname, '../../scenarios/published', name));

/** Mean cost of a step over the whole periods of length T after the first, which the lab's version served. */
function costOf(loaded: LoadedScenario, period: number): number {
  const steps = stepsOf([...runOf(loaded.with({ 'retrain.when.every': period }), { seed: 1, hash: false })]);
  const whole = steps.slice(period, steps.length - (steps.length % period));
  return 0.5 / period + whole.reduce((sum, { measure }) => sum + (measure.behind ?? Number.NaN), 0) / whole.length;
}

const leastOf = (grid: readonly number[], cost: (period: number) => number): number =>
  grid.reduce((best, period) => (cost(period) < cost(best) ? period : best));

describe('the cheapest period of a grid', () => {
  it.each([
    // Readings without noise, which adds 1 / 48 to all alike: 32 is then 4 sd below its neighbours.
    ['p9a-random-walk.yaml', [8, 16, 24, 32, 40, 56, 80], 32, { steps: 800, 'outcome.value': 'level' }],
    ['p9b-linear-drift.yaml', [5, 10, 20, 30, 60], 20, { steps: 480, 'outcome.value': 'level' }],
  ])(
    'of %s is that of the closed form',
    async (name, grid, best, set) => {
      const loaded = (await published(name)).with(set);
      const costs = new Map(grid.map((period) => [period, costOf(loaded, period)]));
      expect(leastOf(grid, (period) => costs.get(period) ?? Number.NaN)).toBe(best);
    },
    120_000,
  );
});

describe('a slope that 50 rows a day determine', () => {
  const SLOPE = `
name: a slope that wanders
steps: 6000
population: { size: 50, fields: { x: "normal(0, 1)" } }
state: { slope: { start: 0, becomes: "slope + normal(0, sqrt(0.001))" }, yesterday: { start: 0, becomes: slope } }
outcome: { field: y, value: "slope * x + normal(0, 1)" }
lab: { size: 50, holdout: 0 }
models: { line: { learner: linear, features: [x], intercept: false } }
retrain: { when: { every: 5 }, window: { last: 1 } }
measure: { behind: (yesterday - line.coef.x) ^ 2 }
`;

  it('is known as closely as a level with readings of variance 1 / (n - 2)', async () => {
    // One period: 2 s2^2 + 4 s2 q 1.2 + 4.4 q^2 + the fourth moment of a slope's error, whose variance is chi-square: sd 0.033.
    expect(Math.abs(costOf(await parse(SLOPE), 5) - 0.122833)).toBeLessThan((4 * 0.033) / Math.sqrt(1199));
  }, 60_000);
});

describe('the oracle of P9a', () => {
  it('is exact, and never beaten: neither by a calendar, nor by a monitor, nor by a price of staleness', async () => {
    const loaded = (await published('p9a-random-walk.yaml')).with({
      steps: 120,
      'population.size': 60,
      'retrain.window.rows': 60,
      'costs.error': '(yesterday - forecast) ^ 2 / 60',
    });
    expect(isExact(loaded)).toBe(true);
    const policies = [
      'never',
      'every 8',
      'every 16',
      'every 32',
      'every 60',
      'on errors',
      'on errors, cool 10',
      'cost-aware',
    ];
    const variants = variantsOf(
      loaded,
      policies.map((text) => policyOf(text)),
    );
    for (const seed of [1, 2, 3]) {
      const { cost, steps } = exactOracle(loaded, seed);
      const [own] = variantsOf(loaded, [scheduleOf(steps)]);
      expect(oneRun(own, seed).costs?.total).toBeCloseTo(cost, 8);
      for (const variant of variants) {
        const total = oneRun(variant, seed).costs?.total ?? Number.NaN;
        expect(total, variant.name).toBeGreaterThanOrEqual(cost - 1e-9);
      }
    }
  }, 120_000);
});
