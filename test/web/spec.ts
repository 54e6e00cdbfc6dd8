/** Charts to try things on. */
import type { ChartMark, ChartSeries, ChartSpec } from '../../web/chart-spec.js';
import type { Palette } from '../../web/palette.js';

export const line = (
  key: string,
  values: readonly number[],
  kind: ChartSeries['kind'] = 'policy',
  index = 0,
): ChartSeries => ({
  key,
  label: key,
  kind,
  index,
  values: Float64Array.from(values),
});

const KINDS: readonly string[] = ['lab', 'observed', 'actual', 'twin', 'theory'];

/** A series by name; one that is called after a kind is of it. */
export function spec(series: Readonly<Record<string, readonly number[]>>, more: Partial<ChartSpec> = {}): ChartSpec {
  return {
    title: 'A chart',
    unit: 'share of predictions that are right',
    steps: 100,
    series: Object.entries(series).map(([key, values], k) =>
      line(key, values, KINDS.includes(key) ? (key as ChartSeries['kind']) : 'policy', k),
    ),
    cursor: null,
    ...more,
  };
}

export const mark = (t: number, kind: ChartMark['kind'] = 'respond', label = 'gaming begins'): ChartMark => ({
  t,
  kind,
  label,
  text: 'People respond: they learn.',
});

export const PALETTE: Palette = {
  ground: '#faf9f6',
  panel: '#ffffff',
  ink: '#1b1f23',
  quiet: '#57606a',
  rule: '#dcd8d0',
  lab: '#6a717a',
  observed: '#1c6aa8',
  actual: '#c03a12',
  twin: '#767d86',
  theory: '#7a3fa0',
  right: '#2b7a9e',
  wrong: '#d9480f',
  font: 'system-ui, sans-serif',
  scale: ['#c03a12', '#0b6fb0', '#00795a', '#8a5f00', '#9c3a78', '#2a2f35', '#3d86a8', '#6f6a10'],
};
