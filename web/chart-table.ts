/** The chart as a table, for who reads figures or hears them. */
import { make } from './chart-element.js';
import { figure } from './chart-format.js';
import type { ChartSpec } from './chart-spec.js';

export const MOST_ROWS = 200;

/** The steps that the table shows: all, or evenly spaced ones with the first and the last. */
export function tableSteps(length: number, most = MOST_ROWS): number[] {
  if (length <= most) return Array.from({ length }, (_, t) => t);
  return Array.from({ length: most }, (_, k) => Math.round((k * (length - 1)) / (most - 1)));
}

export function tableOf(spec: ChartSpec): HTMLTableElement {
  const table = make('table', 'chart-table');
  table.append(make('caption', '', `${spec.title}: ${spec.unit}`));
  const head = table.createTHead().insertRow();
  const bands = (spec.bands ?? []).flatMap(({ high, label, low, median }) =>
    median === undefined
      ? []
      : (
          [
            ['median', median],
            ['10 %', low],
            ['90 %', high],
          ] as const
        ).map(([what, values]) => ({ label: `${label}, ${what}`, values })),
  );
  const columns = [...spec.series, ...bands];
  for (const name of ['step', ...columns.map(({ label }) => label)]) {
    const cell = make('th', '', name);
    cell.scope = 'col';
    head.append(cell);
  }
  const body = table.createTBody();
  for (const t of tableSteps(Math.max(0, ...columns.map(({ values }) => values.length)))) {
    const row = body.insertRow();
    const step = make('th', '', String(t));
    step.scope = 'row';
    row.append(step);
    for (const { values } of columns) row.insertCell().textContent = figure(values[t] ?? Number.NaN);
  }
  return table;
}
