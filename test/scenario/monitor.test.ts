/** Monitors in the scenario file: what is wrong is told where it is, and what they say can be expected. */
import { describe, expect, it } from 'vitest';
import type { ScenarioError } from '../../src/scenario/diagnostic.js';
import { numbersOf } from '../../src/study/export/rows.js';
import { parse, records, stepsOf } from '../support/scenario.js';

const scenario = (monitor: string, more = '') => `
name: watched
steps: 5
population: { size: 100, fields: { x: "normal(0, 1)", kind: { choice: { a: 1, b: 1, c: 1 } } } }
outcome: { field: y, value: "x + normal(0, 1)" }
models: { fit: { learner: linear, features: [x, kind], target: y } }
monitor:
  - ${monitor}
${more}`;
const problem = async (monitor: string): Promise<string> => {
  try {
    await parse(scenario(monitor));
    return '';
  } catch (error) {
    return (error as ScenarioError).diagnostics
      .map(({ expected, line, message }) => `${line}: ${message} (${expected})`)
      .join('; ');
  }
};

describe('a monitor', () => {
  it.each([
    ['{ name: m }', /^8: it watches nothing/],
    ['{ name: m, psi: { field: x }, ks: { field: x } }', /it has both `psi` and `ks`/],
    ['{ name: m, psi: {} }', /it does not say what it watches/],
    ['{ name: m, psi: { field: x, prediction: fit } }', /it has both `field` and `prediction`/],
    ['{ name: m, psi: { field: z } }', /`z` is not a field/],
    ['{ name: m, psi: { field: y } }', /`y` is not seen before the outcome/],
    ['{ name: m, ks: { field: kind } }', /`ks` takes numbers, and `kind` is a category \(chiSquare/],
    ['{ name: m, chiSquare: { field: x } }', /`chiSquare` takes categories/],
    ['{ name: m, jensenShannon: { field: x }, alarm: "p < 0.01" }', /it has no p-value/],
    ['{ name: m, ks: { field: x }, alarm: "p > 0.01" }', /a small p-value/],
    ['{ name: m, ks: { field: x }, alarm: "0.01" }', /such as "> 0.2"/],
    ['{ name: m, ddm: { error: fit } }', /`ddm` takes errors that are 0 or 1/],
    ['{ name: m, cusum: { field: x }, alarm: "> 3" }', /`cusum` alarms by thresholds of its own/],
    ['{ name: m, cusum: { field: x }, reference: lab }', /`cusum` has no `reference`/],
    ['{ name: m, cbpe: { model: fit } }', /`cbpe` is of probabilities/],
    ['{ name: m, threshold: { metric: rmse } }', /it never alarms/],
    ['{ name: m, threshold: { metric: accuracy }, alarm: "> 1" }', /`accuracy` is not a metric/],
    ['{ name: m, wasserstein: { error: fit }, reference: training }', /`error` has no training sample/],
  ])('%s', async (monitor, message) => {
    expect(await problem(monitor)).toMatch(message);
  });

  it('all fields are those that it can compare', async () => {
    const watched = async (kind: string) => {
      const { watches } = (await parse(scenario(`{ name: m, ${kind}: { fields: all } }`))).plan.monitors[0];
      return 'sources' in watches ? watches.sources.map(({ name }) => name) : [];
    };
    expect(await watched('ks')).toEqual(['x']);
    expect(await watched('chiSquare')).toEqual(['kind']);
    expect(await watched('psi')).toEqual(['x', 'kind']);
  });

  it('two of one name are told apart by nobody', async () => {
    expect(await problem('{ name: a b, psi: { field: x } }\n  - { name: a_b, psi: { field: x } }')).toMatch(
      /have the same name in expectations: `monitor.a_b`/,
    );
  });

  it('has numbers that can be expected and exported under the same name', async () => {
    const loaded = await parse(
      scenario(
        '{ name: input drift, psi: { field: x }, alarm: "> 100" }',
        'expect:\n  - { that: monitor.input_drift.alarm == 0 and final(monitor.input_drift.statistic) < 1, because: quiet }\n',
      ),
    );
    const [first] = stepsOf(records(loaded));
    const exported = new Map(numbersOf(first));
    for (const key of ['statistic', 'p', 'warning', 'alarm'])
      expect(exported.get(`monitor.input_drift.${key}`)).toBe(
        loaded.readers.get(`monitor.input_drift.${key}`)?.(first),
      );
    expect(exported.get('monitor.input_drift.alarm')).toBe(0);
  });
});
