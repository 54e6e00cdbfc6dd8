import { describe, expect, it } from 'vitest';
import type { LoadedScenario } from '../../src/scenario/load.js';
import { policyOverrides } from '../../src/scenario/policy.js';
import { runOf } from '../../src/scenario/simulate.js';
import { reacts } from '../../src/study/feedback.js';
import { exactOracle, scheduleOf } from '../../src/study/oracle.js';
import { hashOf, parse, records, stepsOf } from '../support/scenario.js';

/** A slope that walks off, and a chain: the decision reads a model that reads the one that is retrained. */
const WALK = `
name: a walk
steps: 9
state: { slope: { start: 1, becomes: slope - 0.4 } }
population: { size: 300, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "slope * x + normal(0, 1)" }
lab: { size: 600 }
models:
  m: { learner: linear, features: [x] }
  n: { learner: linear, features: [m], retrain: { when: never } }
decide: { order: n + 0.5 * n.sd }
costs: { error: "max(9 * (y - order), order - y)", retrain: 150, deploy: 20 }
`;

const costOf = (loaded: LoadedScenario, steps: readonly number[], seed: number): number => {
  const variant = loaded.with(policyOverrides(loaded, scheduleOf(steps)));
  return stepsOf([...runOf(variant, { seed, hash: false })]).at(-1)?.costs.total ?? Number.NaN;
};
const subsets = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, code) => Array.from({ length: n }, (_, t) => t).filter((t) => (code >> t) & 1));

describe('the exact oracle', () => {
  it.each([0, 2])(
    'is the cheapest of all schedules, and costs what a run of it costs (lag %i)',
    async (lag) => {
      const loaded = await parse(`${WALK}retrain: { deploy: { lag: ${lag} } }`);
      for (const seed of [1, 2]) {
        const { cost, steps } = exactOracle(loaded, seed);
        expect(costOf(loaded, steps, seed)).toBeCloseTo(cost, 6);
        // What is trained at the end of the last step serves nobody.
        const all = subsets(8).map((schedule) => costOf(loaded, schedule, seed));
        expect(Math.min(...all)).toBeCloseTo(cost, 6);
        expect(steps.length).toBeGreaterThan(0);
      }
    },
    60_000,
  );

  it('leaves the world as it was', async () => {
    const loaded = await parse(`${WALK}retrain: { when: { every: 1 } }`);
    const plain = records(loaded);
    const versions: NonNullable<Parameters<Parameters<typeof audit>[0]['costWith']>[0][number]>[] = [];
    const audit = (world: import('../../src/loop/world.js').World) => {
      const newest = world.newest();
      if (newest !== null) versions.push(newest);
      world.costWith(versions);
    };
    expect(hashOf(records(loaded, { audit }))).toBe(hashOf(plain));
  });
});

describe('a world reacts to the model', () => {
  const of = async (more: string) => reacts(await parse(`${WALK.replace('costs:', `${more}\ncosts:`)}`));

  it('where people respond', async () => {
    expect(await of('')).toBe(false);
    const gaming = '{ name: gaming, strategic: { model: m, fields: [x], strength: 1 } }';
    expect(await of(`respond: [${gaming}]`)).toBe(true);
    expect(await of(`respond: [${gaming.replace('name: gaming', 'name: gaming, off: true')}]`)).toBe(false);
  });

  it('where what people do depends on it, and not where they change by themselves', async () => {
    const moves = (becomes: string) =>
      `respond: [{ name: m, field: x, when: after, moves: true, becomes: ${becomes} }]`;
    expect(await of(moves('x + y'))).toBe(false);
    expect(await of(moves('x + order'))).toBe(true);
    expect(await of('respond: [{ name: push, field: y, defeat: { model: m, strength: 1 } }]')).toBe(true);
  });

  it('where the outcome or the records depend on it, and not where only the name does', async () => {
    expect(await of('collect: [{ name: order m n, delay: 2 }]')).toBe(false);
    expect(await of('collect: [{ name: selective, only: order > 1 }]')).toBe(true);
    expect(await of('drift: [{ name: push, field: x, becomes: x + m.coef.x }]')).toBe(true);
  });
});
