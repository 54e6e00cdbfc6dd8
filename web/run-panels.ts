/** The small charts below the stage: slices, the worst first; costs; monitors; measures, state and coefficients under a theory. */
import type { StepRecord } from '../src/loop/trace.js';
import { isNumber } from '../src/scenario/readers.js';
import type { RunFacts } from '../src/server/protocol.js';
import type { ChartSeries, ChartSpec } from './chart-spec.js';
import { LEVEL, monitorCharts } from './monitor-panels.js';
import type { RunData } from './run-data.js';
import { better, metricUnit, scaleOf, sliceSeries, theorySeries, twinLabel } from './run-series.js';

export interface Panel {
  readonly key: string;
  readonly title: string;
  readonly note?: string;
  readonly spec: ChartSpec;
}

/** A chart for each slice, the worst first, all on one axis. */
export function slicePanels(
  data: RunData,
  steps: number,
  { metric: wanted, model }: { metric: string; model: string },
  cursor: number | null,
): Panel[] {
  // Slices are of the primary model.
  const metric = model === data.model && data.metricsOf(model).includes(wanted) ? wanted : data.metric;
  const unit = metricUnit(metric);
  const twin = (name: string): ChartSeries[] => {
    if (!data.hasTwin) return [];
    const { view: values } = data.column(`slices.${name}.${metric}`, (record) => record.slices[name]?.[metric], 'twin');
    return [{ key: `twin ${name}`, label: twinLabel(data), kind: 'twin', values }];
  };
  // Each has a chart of its own: what is drawn is what is actual there.
  const worst = data.steps.run.at(-1)?.worst;
  return sliceSeries(data, metric).map((series) => ({
    key: `slice.${series.key}`,
    title: series.label,
    // The one that the trace names, where one is surely worse than everybody: three unlucky people are none.
    ...(series.label === worst && better(metric) !== 'none' ? { note: 'the worst slice now' } : {}),
    spec: {
      title: `${series.label}: ${unit}`,
      unit,
      steps,
      series: [...twin(series.label), { ...series, kind: 'actual' }],
      ...scaleOf(metric),
      cursor,
      small: true,
    },
  }));
}

/** Measures, what a theory speaks of, costs, monitors, and the state that changes: each on an axis of its own. */
export function numberPanels(data: RunData, facts: RunFacts, cursor: number | null): Panel[] {
  const last = data.steps.run.at(-1);
  if (last === undefined) return [];
  const chart = (key: string, title: string, series: readonly ChartSeries[]): Panel => ({
    key,
    title,
    spec: { title, unit: '', steps: facts.steps, series, cursor, small: true, domain: domainOf(series) },
  });
  const single = (block: 'measure' | 'state' | 'costs', name: string, title: string): Panel => {
    const key = `${block}.${name}`;
    const read = (record: StepRecord) => record[block][name];
    const twin = data.hasTwin ? [line(data, key, read, 'twin')] : [];
    return chart(key, title, [...twin, line(data, key, read, 'run'), ...theorySeries(data, key)]);
  };
  return [
    // Of a group that is empty here, and has people in a variant of the scenario only, there is nothing to show.
    ...Object.keys(last.measure)
      .map((name) => single('measure', name, plain(name)))
      .filter(({ spec }) => spec.series.some(({ values }) => values.some(Number.isFinite))),
    ...coefficients(data, facts, chart),
    ...(facts.hasCosts ? [single('costs', 'total', 'cost so far')] : []),
    ...monitorCharts(data, facts, cursor).map(({ bands, name, note, series, title }): Panel => {
      const { spec, ...panel } = chart(`monitor.${name}`, title, series);
      const domain = domainOf([...series, ...bands.flatMap(({ high, low }) => [{ values: low }, { values: high }])]);
      return { ...panel, note, spec: { ...spec, bands, domain } };
    }),
    ...Object.keys(last.state)
      .filter((name) => varies(data, name))
      .map((name) => single('state', name, plain(name))),
  ];
}

/** What the broken lines of the panels mean, where there are any. */
export function dashesOf(panels: readonly Panel[]): string {
  const series = panels.flatMap(({ spec }) => spec.series);
  const twin = series.find(({ kind }) => kind === 'twin');
  const isLevel = ({ key }: ChartSeries) => key.startsWith(LEVEL);
  return [
    ...(twin === undefined ? [] : [`Dots: ${twin.label}.`]),
    ...(series.some((one) => one.kind === 'theory' && !isLevel(one)) ? ['Dashes: what theory says.'] : []),
    ...(series.some(isLevel) ? ["Level dashes: where a monitor's alarm begins."] : []),
  ].join(' ');
}

/** What the series need, with a little room; a flat line has a height as well. */
function domainOf(series: readonly Pick<ChartSeries, 'values'>[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { values } of series)
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  if (low > high) return [0, 1];
  const room = high > low ? 0.06 * (high - low) : Math.max(0.05, Math.abs(high) * 0.05);
  return [low - room, high + room];
}

/** A coefficient, a spread or another series that a theory speaks of. */
function coefficients(
  data: RunData,
  { theory }: RunFacts,
  chart: (key: string, title: string, series: readonly ChartSeries[]) => Panel,
): Panel[] {
  const others = [...new Set(theory.map(({ over }) => over))].filter(
    (over) => !/^(actual|observed|lab|measure|state|costs|slices)\./.test(over),
  );
  return others
    .filter(isNumber)
    .map((over) =>
      chart(`theory.${over}`, metricUnit(over), [
        { key: `run:${over}`, label: metricUnit(over), kind: 'actual', values: data.numberColumn(over).view },
        ...theorySeries(data, over),
      ]),
    );
}

function line(
  data: RunData,
  key: string,
  read: (record: StepRecord) => number | null | undefined,
  which: 'run' | 'twin',
): ChartSeries {
  return {
    key: `${which}:${key}`,
    label: which === 'twin' ? twinLabel(data) : plain(key.slice(key.indexOf('.') + 1)),
    kind: which === 'twin' ? 'twin' : 'actual',
    values: data.column(key, read, which).view,
  };
}

function varies(data: RunData, name: string): boolean {
  const values = data.column(`state.${name}`, (record) => record.state[name]).view;
  return values.some((value) => value !== values[0]);
}

const plain = (name: string): string => name.replaceAll('_', ' ');
