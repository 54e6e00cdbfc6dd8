/** What each monitor watches, with the level at which it alarms. */
import type { StepRecord } from '../src/loop/trace.js';
import { sliceWord } from '../src/scenario/readers.js';
import type { RunFacts } from '../src/server/protocol.js';
import type { ChartBand, ChartSeries } from './chart-spec.js';
import type { RunData } from './run-data.js';

type Own = NonNullable<StepRecord['monitors']>[string];

export interface MonitorChart {
  readonly name: string;
  readonly title: string;
  /** What it says now. */
  readonly note: string;
  readonly series: readonly ChartSeries[];
  readonly bands: readonly ChartBand[];
}

/** Keys of lines that mark a level begin so. */
export const LEVEL = 'level:';

/** Where the alarm of a monitor begins; nothing where the number is none that a monitor alarms on. */
export function alarmLevels(metric: string, { monitors }: RunFacts, steps: number): ChartSeries[] {
  return monitors.flatMap(({ alarm, name }) =>
    alarm !== null && metric === `monitor.${sliceWord(name)}.${alarm.on}` ? [levelLine(name, alarm, steps)] : [],
  );
}

const levelLine = (name: string, { relation, value }: Alarm, steps: number): ChartSeries => ({
  key: `${LEVEL}${name}`,
  label: `alarm ${relation} ${value}`,
  kind: 'theory',
  values: new Float64Array(steps).fill(value),
});

type Alarm = NonNullable<RunFacts['monitors'][number]['alarm']>;

/** A chart for each monitor, in the scenario's order: its p-value where that is what it alarms on, its statistic elsewhere. */
export function monitorCharts(data: RunData, facts: RunFacts, cursor: number | null): MonitorChart[] {
  const { run } = data.steps;
  const now = run[cursor ?? run.length - 1] ?? run.at(-1);
  return facts.monitors.flatMap(({ alarm, name }): MonitorChart[] => {
    if (now?.monitors?.[name] === undefined) return [];
    const level = now.monitors[name].level;
    const of = alarm?.on ?? 'statistic';
    const column = (key: 'statistic' | 'p' | 'lower' | 'upper') =>
      data.column(`monitor.${name}.${key}`, (record) => (record.monitors?.[name] as Own | undefined)?.[key]).view;
    const values = column(of);
    const label = of === 'p' ? 'p-value' : 'statistic';
    const line: ChartSeries = { key: `run:monitor.${name}`, label, kind: 'observed', values };
    const bound = alarm === null ? [] : [levelLine(name, alarm, values.length)];
    const hasBand = of === 'statistic' && now.monitors[name].lower !== undefined;
    return [
      {
        name,
        title: `monitor ${name.replaceAll('_', ' ')}${of === 'p' ? ': p-value' : ''}`,
        note: level === 'none' ? '' : level,
        series: [line, ...bound],
        bands: hasBand ? [{ label: 'its band', low: column('lower'), high: column('upper'), kind: 'observed' }] : [],
      },
    ];
  });
}
