/** What a run costs: at each step, and so far. */
import { describe, expect, it } from 'vitest';
import { isExact } from '../../src/study/oracle.js';
import { parse, records, stepsOf } from '../support/scenario.js';

/** `rings` is raised at every fourth step; everybody's error costs t; the model is trained after steps 4, 9, 14 and 19. */
const world = (costs: string): string => `
name: bill
steps: 20
population: { size: 10, fields: { x: "t % 4 == 0" } }
outcome: { field: y, value: "x + normal(0, 1)" }
models: { m: { learner: mean, features: [] } }
retrain: { when: { every: 5 }, window: { last: 1 } }
monitor: [{ name: rings, threshold: { observe: mean(x) }, alarm: "> 0.5" }]
costs: ${costs}
`;
const ALL = '{ error: t, label: 0.5, retrain: 7, deploy: 2, alarm: 3 }';

describe('the bill', () => {
  it('has what each step costs, and at the next one what was trained at its end', async () => {
    const steps = stepsOf(records(await parse(world(ALL))));
    for (const { cost, t } of steps) {
      const trained = t > 0 && t % 5 === 0;
      const own = {
        error: 10 * t,
        label: 5,
        retrain: trained ? 7 : 0,
        deploy: trained ? 2 : 0,
        alarm: t % 4 === 0 ? 3 : 0,
      };
      expect(cost).toEqual({ ...own, total: own.error + own.label + own.retrain + own.deploy + own.alarm });
    }
  });

  it('so far is the sum of the steps', async () => {
    const steps = stepsOf(records(await parse(world(ALL))));
    for (const kind of ['error', 'label', 'retrain', 'deploy', 'alarm', 'total']) {
      let sum = 0;
      for (const { cost, costs } of steps) {
        sum += cost?.[kind] ?? Number.NaN;
        expect(costs[kind]).toBeCloseTo(sum, 9);
      }
    }
  });

  it('names alarms and deployments only where they have a price', async () => {
    const [step] = stepsOf(records(await parse(world('{ error: 1 }'))));
    expect(Object.keys(step.costs)).toEqual(['error', 'label', 'retrain', 'total']);
    expect(Object.keys(step.cost ?? {})).toEqual(['error', 'label', 'retrain', 'total']);
    const [free] = stepsOf(records(await parse(world('{ error: 1 }').replace(/^costs.*$/m, ''))));
    expect(free.costs).toEqual({});
    expect(free).not.toHaveProperty('cost');
  });

  it('can be asked for by expectations, step by step', async () => {
    const loaded = await parse(world(ALL));
    const read = (name: string) => stepsOf(records(loaded)).map((record) => loaded.readers.get(name)?.(record));
    expect(read('cost.alarm').slice(0, 5)).toEqual([3, 0, 0, 0, 3]);
    expect(read('costs.alarm').at(-1)).toBe(15);
  });

  it('of alarms leaves no exact oracle: they depend on what was trained before', async () => {
    expect(isExact(await parse(world('{ error: 1 }')))).toBe(true);
    expect(isExact(await parse(world(ALL)))).toBe(false);
  });
});
