/** The legend: rows above the plot, for where there is no room at the ends of the lines. */
import type { WrittenLast } from './chart-ends.js';
import { type Measure, shorten } from './chart-measure.js';
import type { ChartSeries } from './chart-spec.js';

export interface LegendItem {
  readonly series: ChartSeries;
  readonly text: string;
  readonly x: number;
  /** From 0 at the top. */
  readonly row: number;
}

export const LEGEND_ROW = 17;
const SWATCH = 22;

/** In columns above the plot: a piece of the line, its name, its value. `more` counts those that find no room in `rows`. */
export function placeLegend(
  lasts: readonly WrittenLast[],
  series: readonly ChartSeries[],
  width: number,
  rows: number,
  measure: Measure,
): { items: LegendItem[]; rows: number; more: number } {
  if (series.length === 0) return { items: [], rows: 0, more: 0 };
  const style = { size: 12 };
  const texts = series.map((one) => {
    const last = lasts.find((candidate) => candidate.series === one);
    return shorten(last === undefined ? one.label : `${one.label} ${last.text}`, style, width - SWATCH - 6, measure);
  });
  // As wide as with any value, so that the legend does not reflow at each step.
  const widest = Math.max(
    ...series.map(({ label }, k) => Math.max(measure(texts[k], style), measure(`${label} 0.000`, style))),
  );
  const wide = SWATCH + widest + 16;
  const columns = Math.max(1, Math.min(series.length, Math.floor((width + 16) / wide)));
  const needed = Math.ceil(series.length / columns);
  // One row of those that there are says how many lines have no place in the others.
  const used = needed <= rows ? needed : Math.max(1, rows - 1);
  const items = series.slice(0, used * columns).map((one, k) => ({
    series: one,
    text: texts[k],
    x: (k % columns) * wide,
    row: Math.floor(k / columns),
  }));
  return { items, rows: used, more: series.length - items.length };
}
