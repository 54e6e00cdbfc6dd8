import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MetricHistory, type MetricRule } from '../../src/retrain/metric-rule.js';
import { missing, shared } from '../support/shared.js';

const asked = (rule: MetricRule, values: readonly number[], history = new MetricHistory()): number[] =>
  values.map((value) => (history.asks(rule, value) ? 1 : 0));

describe('a metric asks for a new version', () => {
  it('at a limit', () => {
    const rule: MetricRule = { kind: 'threshold', limit: 0.8, worse: 'low' };
    expect(asked(rule, [0.9, 0.81, 0.8, 0.79, 0.9])).toEqual([0, 0, 1, 1, 0]);
    expect(asked({ ...rule, worse: 'high' }, [0.9, 0.79, 0.8])).toEqual([1, 0, 1]);
  });

  it('beyond a quantile of the latest values', () => {
    const rule: MetricRule = { kind: 'quantile', quantile: 0.25, window: 5, worse: 'high' };
    // The upper quartile of 1 2 3 4 5 is 4; of 2 3 4 5 5 it is 5, which is not beyond itself.
    expect(asked(rule, [1, 2, 3, 4, 5, 5, 5]).slice(5)).toEqual([1, 0]);
  });

  it('at a deviation from the mean of the latest values', () => {
    const rule: MetricRule = { kind: 'average', deviation: 0.1, relative: true, window: 2, worse: 'low' };
    expect(asked(rule, [1, 0.91, 0.859, 0.7, 0.9]).slice(1)).toEqual([0, 1, 1, 0]);
  });

  it('not at the first value, where the lab has said what to expect', () => {
    const rule: MetricRule = { kind: 'average', deviation: 0.1, relative: false, window: 5, worse: 'low' };
    const history = new MetricHistory();
    history.remember(0.9);
    expect(asked(rule, [0.85, 0.7], history)).toEqual([0, 1]);
    expect(asked(rule, [0.85, 0.84])).toEqual([1, 0]);
  });
});

interface Case {
  readonly id: string;
  readonly reference: { readonly cls: string };
  readonly params: {
    readonly values: number[];
    readonly direction: 'lower' | 'higher';
    readonly threshold: number;
    readonly quantile: number;
    readonly window: number;
    readonly deviation: number;
    readonly absolute: boolean;
  };
  readonly result: { readonly trigger: number[] };
}

const FOLDER = 'vectors/retrain_triggers/expected.json';
const cases = missing(FOLDER) ? [] : (JSON.parse(readFileSync(shared(FOLDER), 'utf8')) as { cases: Case[] }).cases;

describe.skipIf(cases.length === 0)('the decision policies of Modyn', () => {
  it.each(cases.filter(({ reference }) => reference.cls.endsWith('Policy')))('$id', ({ params, reference, result }) => {
    const { absolute, deviation, direction, quantile, threshold, values, window } = params;
    const worse = direction === 'lower' ? 'low' : 'high';
    const rule: MetricRule =
      reference.cls === 'StaticThresholdDecisionPolicy'
        ? { kind: 'threshold', limit: threshold, worse }
        : reference.cls === 'DynamicQuantileThresholdPolicy'
          ? { kind: 'quantile', quantile, window, worse }
          : { kind: 'average', deviation, relative: !absolute, window, worse };
    expect(asked(rule, values)).toEqual(result.trigger);
  });
});
