/** The small charts below the stage: slices, the worst first; costs; measures, state and coefficients under a theory. */
import type { StepRecord } from '../src/loop/trace.js';
import type { RunFacts } from '../src/server/protocol.js';
import type { ChartSeries, ChartSpec } from './chart-spec.js';
import { number } from './numbers.js';
import type { RunData } from './run-data.js';
import { metricUnit, sliceSeries, theorySeries } from './run-series.js';

export interface Panel {
  readonly key: string;
  readonly title: string;
  readonly note?: string;
  readonly spec: ChartSpec;
}

export function panels(data: RunData, facts: RunFacts, cursor: number | null): Panel[] {
  const last = data.steps.run.at(-1);
  if (last === undefined) return [];
  const { steps } = facts;
  const chart = (key: string, title: string, unit: string, series: readonly ChartSeries[], note?: string): Panel => ({
    key,
    title,
    ...(note === undefined ? {} : { note }),
    spec: { title, unit, steps, series, cursor, small: true },
  });
  const single = (block: 'measure' | 'state' | 'costs', name: string, title: string): Panel => {
    const read = (record: StepRecord) => record[block][name];
    const twin = data.steps.twin.length > 0 ? [line(data, `${block}.${name}`, read, 'twin')] : [];
    return chart(`${block}.${name}`, title, '', [
      ...twin,
      line(data, `${block}.${name}`, read, 'run'),
      ...theorySeries(data, `${block}.${name}`),
    ]);
  };
  const slices = sliceSeries(data, data.metric).map((series, k) =>
    chart(
      `slice.${series.key}`,
      series.label,
      metricUnit(data.metric),
      [series],
      k === 0 ? 'the worst slice' : undefined,
    ),
  );
  const shared = sharedDomain(slices);
  return [
    ...slices.map((panel) => ({ ...panel, spec: { ...panel.spec, ...(shared === null ? {} : { domain: shared }) } })),
    ...Object.keys(last.measure).map((name) => single('measure', name, plain(name))),
    ...coefficients(data, facts, chart),
    ...(facts.hasCosts ? [single('costs', 'total', `Cost so far: ${number(last.costs.total)}`)] : []),
    ...Object.keys(last.state)
      .filter((name) => varies(data, name))
      .map((name) => single('state', name, `State: ${plain(name)}`)),
  ];
}

/** A coefficient, a spread or another series that a theory speaks of. */
function coefficients(
  data: RunData,
  { theory }: RunFacts,
  chart: (key: string, title: string, unit: string, series: readonly ChartSeries[]) => Panel,
): Panel[] {
  const others = [...new Set(theory.map(({ over }) => over))].filter(
    (over) => !/^(actual|observed|lab|measure|state|costs|slices)\./.test(over),
  );
  return others.flatMap((over) => {
    const read = readerOf(over);
    return read === null
      ? []
      : [chart(`theory.${over}`, over, '', [line(data, over, read, 'run'), ...theorySeries(data, over)])];
  });
}

/** Reads `score.coef.income`, `score.sd`, `score.intercept`, `score.gap`. */
function readerOf(over: string): ((record: StepRecord) => number | null | undefined) | null {
  const [model, what, ...rest] = over.split('.');
  if (what === 'coef') return (record) => record.models[model]?.coef?.[rest.join('.')];
  const key = (['sd', 'intercept', 'norm', 'gap', 'objective', 'version'] as const).find((name) => name === what);
  return key === undefined ? null : (record) => record.models[model]?.[key];
}

function line(
  data: RunData,
  key: string,
  read: (record: StepRecord) => number | null | undefined,
  which: 'run' | 'twin',
): ChartSeries {
  return {
    key: `${which}:${key}`,
    label: which === 'twin' ? 'no feedback' : plain(key.slice(key.indexOf('.') + 1)),
    kind: which === 'twin' ? 'twin' : 'actual',
    values: data.column(key, read, which).view,
  };
}

function varies(data: RunData, name: string): boolean {
  const values = data.column(`state.${name}`, (record) => record.state[name]).view;
  return values.some((value) => value !== values[0]);
}

function sharedDomain(slices: readonly Panel[]): readonly [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { spec } of slices)
    for (const { values } of spec.series)
      for (const value of values) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
  return low < high ? [low, high] : null;
}

const plain = (name: string): string => name.replaceAll('_', ' ');
