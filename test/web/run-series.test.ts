/** The lines and the marks of a run. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../src/loop/trace.js';
import { loadScenario } from '../../src/scenario/load.js';
import { simulate } from '../../src/scenario/simulate.js';
import { badness, better } from '../../src/study/metric-words.js';
import { binaryMetrics, calibrationErrors, intervalMetrics, regressionMetrics } from '../../src/watch/metrics/index.js';
import { RunData } from '../../web/run-data.js';
import {
  costSeries,
  marksOf,
  measureSeries,
  metricUnit,
  sliceSeries,
  theorySeries,
  vantageSeries,
} from '../../web/run-series.js';

const record = (value: object): TraceRecord => value as unknown as TraceRecord;

async function dataOf(file: string, set: Record<string, unknown>, options: object = {}): Promise<RunData> {
  const data = new RunData();
  for await (const one of simulate(await loadScenario(file, { set }), options)) data.take(one);
  return data;
}

it('has no twin where feedback has nothing that could be switched off', async () => {
  const set = { 'population.size': 100, 'lab.size': 200, steps: 3 };
  const data = await dataOf('scenarios/lab-vs-field/noisy-inputs.yaml', set, { seed: 1, twin: 'feedback' });
  expect(data.steps.twin).toHaveLength(3);
  expect(data.hasTwin).toBe(false);
  expect(vantageSeries(data, 'rmse').map(({ kind }) => kind)).toEqual(['lab', 'observed', 'actual']);
});

it('has the metrics of every model, the primary first', async () => {
  const data = await dataOf('scenarios/published/p10a-cascade.yaml', {}, { seed: 1 });
  expect(data.models).toEqual(['downstream', 'upstream']);
  const actual = (model: string) => vantageSeries(data, 'rmse', model).find(({ kind }) => kind === 'actual')?.values;
  expect((actual('upstream')?.[9] ?? 0) ** 2).toBeCloseTo(0.27, 9);
  expect((actual('downstream')?.[9] ?? 0) ** 2).toBeCloseTo(0.5462962962962963, 9);
  expect(data.promised('rmse', 'upstream')).not.toBe(data.promised('rmse', 'downstream'));
  expect(data.metricsOf('upstream')).toContain('rmse');
});

describe('the strategic-credit run', () => {
  let data: RunData;
  beforeAll(async () => {
    const set = { 'population.size': 400, 'lab.size': 800 };
    const interventions = [
      { at: 50, set: { 'respond.gaming.strength': 5 } },
      { at: 70, retrain: true },
    ];
    data = await dataOf('scenarios/feedback/strategic-credit.yaml', set, { seed: 1, twin: 'feedback', interventions });
  });

  it('has the three vantage points and the twin, step by step', () => {
    const series = vantageSeries(data, 'accuracy');
    expect(series.map(({ kind, label }) => [kind, label])).toEqual([
      ['lab', 'lab'],
      ['observed', 'observed'],
      ['actual', 'actual'],
      ['twin', 'no feedback'],
    ]);
    for (const { values } of series) expect(values).toHaveLength(120);
    expect(series[2].values[40]).toBe(data.steps.run[40].actual.accuracy);
    // Labels arrive six steps late.
    expect(series[1].values[5]).toBeNaN();
    expect(series[1].values[6]).not.toBeNaN();
  });

  it('has its slices, the worst first, each with its colour for good', () => {
    const slices = sliceSeries(data, 'accuracy');
    const last = slices.map(({ values }) => values[119]);
    expect(last).toEqual([...last].sort((a, b) => a - b));
    const errors = sliceSeries(data, 'logLoss').map(({ values }) => values[119]);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    const index = (label: string, metric: string) =>
      sliceSeries(data, metric).find((one) => one.label === label)?.index;
    expect(index('group: rural', 'accuracy')).toBe(index('group: rural', 'logLoss'));
  });

  it('has its costs, which add up, and what the scenario measures', () => {
    const costs = costSeries(data);
    expect(costs.map(({ label }) => label)).toEqual(['all', 'errors', 'labels', 'retraining']);
    const [all, ...parts] = costs.map(({ values }) => values[119]);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(all, 6);
    expect(measureSeries(data, 'approved').map(({ kind }) => kind)).toEqual(['actual', 'twin']);
  });

  it('says what happened, and why it matters', () => {
    const marks = marksOf(data);
    expect(marks.map(({ t }) => t)).toEqual(marks.map(({ t }) => t).sort((a, b) => a - b));
    expect(marks).toContainEqual({
      t: 20,
      kind: 'respond',
      label: 'gaming begins',
      text: "People respond to the model: 60 of 100 applicants shift what they show along the score's weights, two fields they can move.",
    });
    expect(marks.find(({ kind }) => kind === 'drift')?.label).toBe('recession begins');
    expect(marks.find(({ kind }) => kind === 'deploy')).toMatchObject({ t: 20, label: 'score version 2 is deployed' });
    expect(marks.find(({ kind }) => kind === 'deploy')?.text).toMatch(/up to step 19\.$/);
    expect(marks.filter(({ kind }) => kind === 'hand').map(({ label }) => label)).toEqual([
      'by hand: How hard people game = 5',
      'by hand: retrain now',
    ]);
    expect(marks.filter(({ kind }) => kind === 'story').map(({ label }) => label)).toEqual([
      'Scene 1',
      'Scene 2',
      'Scene 3',
      'Scene 4',
      'Scene 5',
    ]);
  });

  it('tells no scene before its time', () => {
    const early = new RunData();
    if (data.header !== null) early.take(data.header);
    for (const step of data.steps.run.slice(0, 21)) early.take(step);
    expect(marksOf(early).map(({ t }) => t)).toEqual([0, 20]);
  });
});

it('draws theory over the number that it speaks of', async () => {
  const data = await dataOf('scenarios/published/p1a-mean.yaml', {}, { seed: 1 });
  const [theory] = theorySeries(data, 'm.intercept');
  expect(theory).toMatchObject({ kind: 'theory', label: 'theory: theta' });
  expect(theory.values[1]).toBeCloseTo(data.steps.run[1].theory.theta ?? Number.NaN, 12);
  expect(theorySeries(data, 'actual.rmse')).toEqual([]);
});

describe('other events', () => {
  const header = (scenario: object) =>
    record({ type: 'header', steps: 10, primary: { model: 'm', metric: 'rmse' }, scenario });
  const event = (kind: string, name: string, message: string, t = 3) =>
    record({ type: 'event', t, kind, name, message });

  it('are marks, too: kept versions, notes, divergence, and what the scenario has planned', () => {
    const data = new RunData();
    data.take(header({ schedule: [{ at: 3, set: { 'state.kappa': 2 } }] }));
    data.take(event('intervention', 'state.kappa', 'state.kappa = 2'));
    data.take(event('kept', 'm', 'no labels have arrived: the old version is kept'));
    data.take(event('note', 'm', 'a column does not vary'));
    data.take(event('divergence', 'm', 'the norm is beyond 1e12'));
    data.take(event('mechanism', 'sense.outage', 'ends'));
    data.take(event('train', 'm', 'trained'));
    const marks = marksOf(data);
    expect(marks.map(({ kind, label }) => [kind, label])).toEqual([
      ['note', 'as planned: state.kappa = 2'],
      ['note', 'm keeps its version'],
      ['note', 'a note on m'],
      ['note', 'm diverges'],
      ['sense', 'outage ends'],
    ]);
    for (const { text } of marks) expect(text).toMatch(/\.$/);
  });

  it('survive a trace without a scenario', () => {
    const data = new RunData();
    data.take(record({ type: 'header', steps: 10, primary: { model: 'm', metric: 'rmse' }, scenario: null }));
    data.take(event('mechanism', 'respond.gaming', 'begins'));
    expect(marksOf(data)).toHaveLength(1);
    expect([...theorySeries(data, 'x'), ...sliceSeries(data, 'rmse'), ...costSeries(data)]).toEqual([]);
  });
});

describe('metrics in words', () => {
  const one = new Float64Array([1]);
  const names = Object.keys({
    ...binaryMetrics(one, one, null, 1, 0.5),
    ...regressionMetrics(one, one, null, 1),
    ...intervalMetrics(one, one, one, null, 1, 0.9),
    ...calibrationErrors({}),
  });

  it.each(names)('%s has a unit that a reader understands', (name) => {
    expect(metricUnit(name)).not.toBe(name);
    expect(metricUnit(name)).toMatch(/^[a-z].{7,}/);
  });

  it('knows which way is worse', () => {
    expect(better('auc')).toBe('higher');
    expect(badness('accuracy', 0.5)).toBeGreaterThan(badness('accuracy', 0.9));
    expect(badness('rmse', 9)).toBeGreaterThan(badness('rmse', 1));
    expect(badness('bias', -9)).toBeGreaterThan(badness('bias', 1));
    expect(badness('rmse', Number.NaN)).toBeLessThan(badness('rmse', 0));
  });
});
