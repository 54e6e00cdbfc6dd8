/** The chart as a file: the same picture as on the page, on its own, with nothing to run. */

import { endShapes, groundShapes } from './chart-draw.js';
import { markLines, markShape } from './chart-draw-marks.js';
import { layOut, plainView, type Size, type View } from './chart-layout.js';
import { spokenMark } from './chart-marks.js';
import { estimate } from './chart-measure.js';
import { dashOf, depthOrder, gapEdges, pieces } from './chart-paths.js';
import { type Shape, shape, toMarkup } from './chart-shape.js';
import { type ChartSpec, hasGapShade } from './chart-spec.js';
import { medianOf, strokeOf } from './chart-stroke.js';
import { summary } from './chart-words.js';
import type { Palette } from './palette.js';

const HEADING = 30;
/** Where the palette's font is not installed, something like it is. */
const FALLBACK = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** `view` is the part that is looked at; the whole run by default. */
export function chartSvg(spec: ChartSpec, size: Size, palette: Palette, view: View = plainView(spec)): string {
  const { height, width } = size;
  const small = spec.small === true;
  const heading = small ? 0 : HEADING;
  const layout = layOut(spec, size, view, estimate, heading);
  const clip = {
    x: layout.left - 2,
    y: layout.top - 2,
    width: layout.right - layout.left + 4,
    height: layout.bottom - layout.top + 4,
  };
  const marks = layout.marks.map((placed) =>
    shape('g', {}, shape('title', {}, spokenMark(placed)), ...markShape(placed, layout, palette)),
  );
  const title: Shape[] = small
    ? []
    : [shape('text', { x: 2, y: 18, 'font-size': 16, 'font-weight': 700, fill: palette.ink }, spec.title)];
  return toMarkup(
    shape(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        role: 'img',
        'aria-labelledby': 'title desc',
        'font-family': palette.font || FALLBACK,
      },
      shape('title', { id: 'title' }, spec.title),
      shape('desc', { id: 'desc' }, summary(spec)),
      shape('style', {}, 'text{font-variant-numeric:tabular-nums}'),
      shape('defs', {}, shape('clipPath', { id: 'plot' }, shape('rect', clip))),
      shape('rect', { width, height, fill: palette.panel }),
      ...title,
      ...groundShapes(layout, palette),
      ...markLines(layout, palette),
      shape('g', { 'clip-path': 'url(#plot)' }, ...lineShapes()),
      ...endShapes(layout, palette),
      ...cursorShape(),
      ...marks,
    ),
  );

  function lineShapes(): Shape[] {
    const areas = (spec.bands ?? []).map((band) =>
      shape('path', {
        d: pieces(layout).area(band.low, band.high),
        fill: strokeOf(band.kind, band.index ?? 0, palette).colour,
        'fill-opacity': band.opacity ?? 0.16,
      }),
    );
    const edges = hasGapShade(spec) ? gapEdges(layout) : null;
    if (edges !== null) {
      const d = pieces(layout).area(edges.promised, edges.actual);
      areas.push(shape('path', { d, fill: palette.actual, 'fill-opacity': 0.09 }));
    }
    const medians = (spec.bands ?? []).flatMap(({ index = 0, kind, median }) => {
      if (median === undefined) return [];
      const { colour, width: thin } = medianOf(strokeOf(kind, index, palette));
      const d = pieces(layout).line(median).line;
      return [shape('path', { d, fill: 'none', stroke: colour, 'stroke-width': thin, 'stroke-linejoin': 'round' })];
    });
    const lines = depthOrder(spec.series).flatMap((series) => {
      const stroke = strokeOf(series.kind, series.index ?? 0, palette);
      const { colour, width: thick } = stroke;
      const dash = dashOf(series.values, stroke, layout);
      const { dots, line } = pieces(layout).line(series.values);
      const path = shape('path', {
        d: line,
        fill: 'none',
        stroke: colour,
        'stroke-width': small ? Math.min(2, thick) : thick,
        'stroke-linejoin': 'round',
        'stroke-dasharray': dash.length === 0 ? undefined : dash.join(' '),
      });
      return [path, ...dots.map(([cx, cy]) => shape('circle', { cx, cy, r: Math.max(2, thick * 0.9), fill: colour }))];
    });
    return [...areas, ...medians, ...lines];
  }

  function cursorShape(): Shape[] {
    const { cursor } = spec;
    if (cursor === null || cursor < layout.range[0] || cursor > layout.range[1]) return [];
    const x = layout.x(cursor);
    return [shape('line', { x1: x, x2: x, y1: layout.top, y2: layout.bottom, stroke: palette.ink })];
  }
}
