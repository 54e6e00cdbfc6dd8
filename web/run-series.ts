/** The lines of a run's charts. */

import { isNumber, sliceWord } from '../src/scenario/readers.js';
import { badness, isFactor, metricUnit, shareOf } from '../src/study/metric-words.js';
import { lastOf } from './chart-ends.js';
import type { ChartSeries, ChartSpec, SeriesKind } from './chart-spec.js';
import type { Looked } from './looked.js';
import type { RunData } from './run-data.js';

export { better, metricUnit } from '../src/study/metric-words.js';
export { marksOf } from './run-marks.js';

/** What is looked at: a metric from the three vantage points and in other models, or a number. */
export function lookedSeries(data: RunData, looked: Looked): ChartSeries[] {
  const { beside, metric, model, slice } = looked;
  const theory = theorySeries(data, ...namesOf(data, looked));
  const besides = (values: (name: string) => Float64Array): ChartSeries[] =>
    beside.map((name, k) => ({
      key: `beside ${name}`,
      label: isNumber(name) ? metricUnit(name) : name.replaceAll('_', ' '),
      kind: 'policy',
      index: BESIDE + k,
      values: values(name),
    }));
  if (isNumber(metric)) {
    const line = (which: 'run' | 'twin', kind: SeriesKind, label: string): ChartSeries => ({
      key: which,
      label,
      kind,
      values: data.numberColumn(metric, which).view,
    });
    return [
      line('run', 'actual', metricUnit(metric)),
      ...besides((name) => data.numberColumn(name).view),
      ...(data.hasTwin ? [line('twin', 'twin', twinLabel(data))] : []),
      ...theory,
    ];
  }
  return [
    ...vantageSeries(data, metric, model, slice).map((one) =>
      one.kind === 'actual' && beside.length > 0 ? { ...one, label: `${model.replaceAll('_', ' ')}, actual` } : one,
    ),
    ...besides((name) => data.metricColumn('actual', metric, 'run', name).view),
    ...theory,
  ];
}

/** The axis follows how the gap of a metric is told: as so many times, or in points. */
export const scaleOf = (metric: string): Pick<ChartSpec, 'scale'> =>
  isFactor(metric) ? { scale: 'ratio' } : shareOf(metric) === undefined ? {} : { scale: 'share' };

/** The first place in the scale whose line is solid and whose colour is none of a vantage point's. */
const BESIDE = 10;

/** The names in the trace of what is drawn. */
function namesOf(data: RunData, { beside, metric, model, slice }: Looked): string[] {
  if (isNumber(metric)) return [metric, ...beside];
  const whole = ['lab', 'observed', 'actual'].filter((vantage) => slice === null || vantage !== 'actual');
  return [
    ...(slice === null ? [] : [`slices.${sliceWord(slice)}.${metric}`]),
    ...whole.flatMap((vantage) => [
      ...(model === data.model ? [`${vantage}.${metric}`] : []),
      `${model}.${vantage}.${metric}`,
    ]),
    ...beside.map((name) => `${name}.actual.${metric}`),
  ];
}

/** A metric from the three vantage points, and what it would be in the twin. In a slice, what is actual is that of the slice. */
export function vantageSeries(
  data: RunData,
  metric: string,
  model = data.model,
  slice: string | null = null,
): ChartSeries[] {
  const line = (kind: 'lab' | 'observed' | 'actual'): ChartSeries => ({
    key: kind,
    label: kind,
    kind,
    values: data.metricColumn(kind, metric, 'run', model).view,
  });
  const actual =
    slice === null ? line('actual') : { ...line('actual'), label: slice, values: data.sliceColumn(slice, metric).view };
  const lines = [line('lab'), line('observed'), actual];
  if (!data.hasTwin) return lines;
  const { view: values } =
    slice === null ? data.metricColumn('actual', metric, 'twin', model) : data.sliceColumn(slice, metric, 'twin');
  return [...lines, { key: 'twin', label: twinLabel(data), kind: 'twin', values }];
}

/** `no feedback`; of a twin without one mechanism: `without gaming`. */
export function twinLabel(data: RunData): string {
  const name = data.steps.twin[0]?.twin;
  if (name === undefined || name === 'feedback') return 'no feedback';
  return `without ${name
    .split(/,\s*/)
    .map((id) => id.slice(id.indexOf('.') + 1))
    .join(', ')}`;
}

/** What theory says of a number, such as `actual.rmse` or `score.coef.x`, which may have more than one name. */
export function theorySeries(data: RunData, ...over: string[]): ChartSeries[] {
  // In expectations a measure goes by its bare name, too.
  const names = over.flatMap((name) => [name, name.replace(/^(measure|state)\./, '')]);
  const { theory = {} } = (data.header?.scenario ?? {}) as { theory?: Record<string, { over: string }> };
  return Object.entries(theory)
    .filter((entry) => names.includes(entry[1].over))
    .map(([name]) => ({
      key: `theory ${name}`,
      label: `theory: ${name.replaceAll('_', ' ')}`,
      kind: 'theory',
      values: data.column(`theory.${name}`, (record) => record.theory[name]).view,
    }));
}

/** The metric in each slice, the worst at the latest value first. A slice keeps its colour wherever it stands. */
export function sliceSeries(data: RunData, metric: string): ChartSeries[] {
  const names = Object.keys(data.steps.run.at(-1)?.slices ?? {});
  const series = names.map(
    (name, index): ChartSeries => ({
      key: `slice ${name}`,
      label: name,
      kind: 'slice',
      index,
      values: data.column(`slices.${name}.${metric}`, (record) => record.slices[name]?.[metric]).view,
    }),
  );
  const bad = new Map(series.map((one) => [one, badness(metric, lastOf(one)?.value ?? Number.NaN)]));
  return series.sort((a, b) => {
    const [x, y] = [bad.get(a) ?? 0, bad.get(b) ?? 0];
    return x === y ? 0 : y - x;
  });
}

/** A number that the scenario measures by formula. */
export function measureSeries(data: RunData, name: string): ChartSeries[] {
  const line = (which: 'run' | 'twin', kind: SeriesKind, label: string): ChartSeries => ({
    key: which,
    label,
    kind,
    values: data.column(`measure.${name}`, (record) => record.measure[name], which).view,
  });
  const run = line('run', 'actual', 'actual');
  return !data.hasTwin ? [run] : [run, line('twin', 'twin', twinLabel(data))];
}

const COSTS: Readonly<Record<string, string>> = {
  total: 'all',
  error: 'errors',
  label: 'labels',
  retrain: 'retraining',
  deploy: 'deployments',
  alarm: 'alarms',
};

/** The costs so far, all of them first. */
export function costSeries(data: RunData): ChartSeries[] {
  const costs = data.steps.run.at(-1)?.costs ?? {};
  const names = Object.keys(COSTS).filter((name) => costs[name] !== null && costs[name] !== undefined);
  return names.map((name, index) => ({
    key: `cost ${name}`,
    label: COSTS[name],
    kind: 'slice',
    index,
    values: data.column(`costs.${name}`, (record) => record.costs[name]).view,
  }));
}
