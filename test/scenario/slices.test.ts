import { describe, expect, it } from 'vitest';
import { parse, records, stepsOf } from '../support/scenario.js';

const PEOPLE = `
name: people
steps: 2
population:
  size: 1000
  fields:
    x: normal(0, 1)
    kind: { choice: { common: 0.7, seldom: 0.28, odd: 0.02 } }
outcome: { field: y, probability: sigmoid(2 * x) }
lab: { size: 500 }
models: { m: { learner: logistic, features: [x], threshold: 0.4 }, line: { learner: linear, features: [x], target: x } }
`;
const slicesOf = async (slices: string, more = '') =>
  stepsOf(records(await parse(`${PEOPLE}slices: [${slices}]\n${more}`)))[1].slices;

describe('slices', () => {
  it('are a category’s values, or those for whom a formula holds', async () => {
    const found = await slicesOf('kind, { name: high, where: x > 1 }');
    expect(Object.keys(found)).toEqual(['kind: common', 'kind: seldom', 'kind: odd', 'high']);
    const n = Object.values(found).map((metrics) => metrics.n ?? 0);
    expect(n[0] + n[1] + n[2]).toBe(1000);
  });

  it('are as large as one another by quantiles, and hold everybody once', async () => {
    const found = await slicesOf('{ field: x, quantiles: 4 }');
    expect(Object.entries(found).map(([name, { n }]) => [name, n])).toEqual([
      ['x: 1 of 4', 250],
      ['x: 2 of 4', 250],
      ['x: 3 of 4', 250],
      ['x: 4 of 4', 250],
    ]);
    expect(found['x: 1 of 4'].baseRate ?? 1).toBeLessThan((found['x: 4 of 4'].baseRate ?? 0) - 0.5);
  });

  it('are the band around the threshold of a model', async () => {
    const [byName, byHand] = Object.values(
      await slicesOf('{ boundary: 0.1 }, { name: by hand, where: abs(m - 0.4) <= 0.1 }'),
    );
    expect(byName).toEqual(byHand);
    expect(Object.keys(await slicesOf('{ boundary: 0.1, model: line }'))).toEqual(['line: near the boundary']);
  });

  it('are rare cases: of a category what few hold, of a number both ends', async () => {
    const found = await slicesOf(
      '{ field: kind, rarer: 0.05 }, { name: odd, where: kind == "odd" }, { field: x, rarer: 0.1 }',
    );
    expect(found['kind: rare cases']).toEqual(found.odd);
    expect(found['x: rare cases'].n).toBe(100);
  });

  it('tell over- from under-prediction, where the scenario asks', async () => {
    const numeric = PEOPLE.replace('probability: sigmoid(2 * x)', 'value: "x + normal(0, 1)"').replace(
      'logistic',
      'linear',
    );
    const asks = 'expect: [{ that: final(slices.high.over) > 0 and final(actual.under) > 0, because: of it }]\n';
    const [step] = stepsOf(records(await parse(`${numeric}slices: [{ name: high, where: x > 1 }]\n${asks}`)));
    const { bias, mae, over, under } = step.slices.high;
    expect((over ?? 0) + (under ?? 0)).toBeCloseTo(mae ?? 0, 12);
    expect((over ?? 0) - (under ?? 0)).toBeCloseTo(bias ?? 0, 12);
    expect(stepsOf(records(await parse(numeric)))[0].actual).not.toHaveProperty('over');
  });

  it.each([
    ['{ field: kind, quantiles: 4 }', /it has no order/],
    ['{ field: kin, quantiles: 4 }', /`kin` is not a field.*did you mean `kind`|`kin` is not a field/],
    ['{ boundary: 0.1, model: lin }', /`lin` is not a model/],
    ['{ field: x, quantile: 4 }', /quantile/],
    ['x', /`x` is not a category/],
    ['kind, { name: "kind odd", where: x > 0 }', /have the same name in expectations/],
  ])('are checked: %s', (slices, message) => expect(slicesOf(slices)).rejects.toThrow(message));
});
