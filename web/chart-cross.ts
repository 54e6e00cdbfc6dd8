/** What a hand draws over a chart: the crosshair with a dot on every line, and the span that is dragged over. */
import type { Layout } from './chart-layout.js';
import { type Shape, shape } from './chart-shape.js';
import { strokeOf } from './chart-stroke.js';
import type { Palette } from './palette.js';

export const isShown = ({ range }: Layout, t: number): boolean => t >= range[0] && t <= range[1];

export function crossShapes(layout: Layout, palette: Palette, t: number | null): Shape[] {
  if (t === null || !isShown(layout, t)) return [];
  const { bottom, spec, top } = layout;
  const x = layout.x(t);
  const line = shape('line', { key: 'line', x1: x, x2: x, y1: top, y2: bottom, stroke: palette.ink });
  const dots = spec.series.flatMap((series) => {
    const y = layout.y(series.values[t] ?? Number.NaN);
    if (!(y >= top - 1 && y <= bottom + 1)) return [];
    const { colour } = strokeOf(series.kind, series.index ?? 0, palette);
    const r = spec.small === true ? 3 : 4;
    return [
      shape('circle', {
        key: `dot ${series.key}`,
        cx: x,
        cy: y,
        r,
        fill: colour,
        stroke: palette.panel,
        'stroke-width': 1.5,
      }),
    ];
  });
  return [line, ...dots];
}

/** `span` in pixels from the left of the plot. */
export function dragShapes(layout: Layout, palette: Palette, span: readonly [number, number] | null): Shape[] {
  if (span === null) return [];
  const [from, to] = [Math.min(...span), Math.max(...span)];
  const box = { x: layout.left + from, y: layout.top, width: to - from, height: layout.bottom - layout.top };
  return [shape('rect', { key: 'drag', ...box, fill: palette.observed, 'fill-opacity': 0.14 })];
}
