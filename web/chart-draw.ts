/** The parts of a chart but its lines, as shapes: for the page and for the file. */
import { type EndLabel, gapTerms } from './chart-ends.js';
import { AXIS_SIZE, KEY_SWATCH, type Layout } from './chart-layout.js';
import { LEGEND_ROW } from './chart-legend.js';
import { number, type Shape, shape } from './chart-shape.js';
import { medianOf, strokeOf } from './chart-stroke.js';
import type { Palette } from './palette.js';

/** A halo in the colour of the ground, so that text can be read across lines. */
export const halo = (palette: Palette, width = 4) => ({
  stroke: palette.panel,
  'stroke-width': width,
  'stroke-linejoin': 'round',
  'paint-order': 'stroke',
});

/** Behind everything: spans with a name, the grid, the axes. */
export function groundShapes(layout: Layout, palette: Palette): Shape[] {
  const { bottom, left, right, spec, stepY, top } = layout;
  const text = { fill: palette.quiet, 'font-size': AXIS_SIZE };
  const shades = (spec.shades ?? []).flatMap(({ from, label, to }) => {
    const start = Math.max(left, layout.x(from));
    const end = Math.min(right, layout.x(to));
    if (end <= start) return [];
    const box = shape('rect', {
      x: start,
      y: top,
      width: end - start,
      height: bottom - top,
      fill: palette.rule,
      'fill-opacity': 0.35,
    });
    const name = shape('text', { ...text, x: start + 6, y: bottom - 8, ...halo(palette) }, label);
    return spec.small === true || end - start < 60 ? [box] : [box, name];
  });
  return [
    ...shades,
    ...layout.yTicks.flatMap(({ at, text: value }) => [
      shape('line', { x1: left, x2: right, y1: at, y2: at, stroke: palette.rule, 'shape-rendering': 'crispEdges' }),
      shape('text', { ...text, class: 'figure', x: left - 8, y: at + 4, 'text-anchor': 'end' }, value),
    ]),
    shape('line', {
      x1: left,
      x2: right,
      y1: bottom,
      y2: bottom,
      stroke: palette.quiet,
      'shape-rendering': 'crispEdges',
    }),
    ...layout.xTicks.flatMap(({ at, text: value }) => [
      shape('line', {
        x1: at,
        x2: at,
        y1: bottom,
        y2: bottom + 4,
        stroke: palette.quiet,
        'shape-rendering': 'crispEdges',
      }),
      shape('text', { ...text, class: 'figure', x: at, y: stepY, 'text-anchor': 'middle' }, value),
    ]),
    ...(spec.small === true ? [] : [shape('text', { ...text, x: left - 8, y: stepY, 'text-anchor': 'end' }, 'step')]),
    ...(layout.unit === '' ? [] : [shape('text', { ...text, x: 2, y: layout.unitY }, layout.unit)]),
    ...legendShapes(layout, palette),
    ...bandKeyShapes(layout, palette),
    ...emptyShapes(layout, palette),
  ];
}

function emptyShapes({ bottom, empty, left, right, spec, top }: Layout, palette: Palette): Shape[] {
  if (empty === '') return [];
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 + 4, 'text-anchor': 'middle' };
  const size = spec.small === true ? 11 : 14;
  return [
    shape(
      'text',
      { ...middle, fill: palette.quiet, 'font-size': size, ...halo(palette, 6) },
      spec.small === true ? 'none yet' : empty,
    ),
  ];
}

/** A piece of a series' line. */
export function swatch(layout: Pick<Layout, 'spec'>, key: string, x: number, y: number, palette: Palette): Shape {
  const series = layout.spec.series.find((one) => one.key === key);
  const { colour, dash, width } = strokeOf(series?.kind ?? 'lab', series?.index ?? 0, palette);
  return shape('line', {
    x1: x,
    x2: x + 18,
    y1: y,
    y2: y,
    stroke: colour,
    'stroke-width': width,
    'stroke-dasharray': dash.length === 0 ? undefined : dash.join(' '),
  });
}

function legendShapes(layout: Layout, palette: Palette): Shape[] {
  const rows = layout.legend.flatMap(({ row, series, text, x }) => [
    swatch(layout, series.key, x + 2, layout.legendY + row * LEGEND_ROW - 4, palette),
    shape(
      'text',
      { class: 'figure', x: x + 24, y: layout.legendY + row * LEGEND_ROW, fill: palette.ink, 'font-size': 12 },
      text,
    ),
  ]);
  if (layout.legendMore === 0) return rows;
  const y = layout.legendY + ((layout.legend.at(-1)?.row ?? 0) + 1) * LEGEND_ROW;
  return [...rows, shape('text', { x: 2, y, fill: palette.quiet, 'font-size': 12 }, `and ${layout.legendMore} more`)];
}

/** A piece of the band that lies on top, and what all of them are. */
function bandKeyShapes({ bandKey, spec }: Layout, palette: Palette): Shape[] {
  const band = spec.bands?.at(-1);
  if (bandKey === null || band === undefined) return [];
  const { colour, width } = medianOf(strokeOf(band.kind, band.index ?? 0, palette));
  const { text, x, y } = bandKey;
  return [
    shape('rect', {
      x,
      y: y - 10,
      width: KEY_SWATCH - 6,
      height: 12,
      fill: colour,
      'fill-opacity': band.opacity ?? 0.16,
    }),
    shape('line', { x1: x, x2: x + KEY_SWATCH - 6, y1: y - 4, y2: y - 4, stroke: colour, 'stroke-width': width }),
    shape('text', { class: 'figure', x: x + KEY_SWATCH, y, fill: palette.quiet, 'font-size': AXIS_SIZE }, text),
  ];
}

/** Above the lines: the gap's bracket and number, and the names at the ends. */
export function endShapes(layout: Layout, palette: Palette): Shape[] {
  const { bottom, bracketX: x, gap, left, top } = layout;
  const shapes: Shape[] = [];
  const inside = (y: number): number => Math.max(top, Math.min(bottom, y));
  if (gap !== null && layout.x(gap.t) >= left - 0.5) {
    const [from, to] = [inside(layout.y(gap.lab)), inside(layout.y(gap.actual))];
    shapes.push(
      shape('path', {
        key: 'bracket',
        d: `M${number(x)},${number(from)}h5V${number(to)}h-5`,
        fill: 'none',
        stroke: palette.ink,
        'stroke-width': 1.5,
        'shape-rendering': 'crispEdges',
      }),
    );
  }
  for (const end of layout.ends) {
    if (Math.abs(end.y - end.fromY) > 4 && end.series !== null) shapes.push(leader(end, layout, palette));
  }
  for (const end of layout.ends) shapes.push(endText(end, palette));
  const beside = layout.endPlan.mode === 'legend' ? layout.ends.find(({ series }) => series === null) : undefined;
  if (beside !== undefined) {
    const at = { key: 'gap words', x: layout.width - 4, y: beside.y + 22, 'text-anchor': 'end' };
    shapes.push(shape('text', { ...at, 'font-size': 11, fill: palette.quiet }, gap === null ? '' : gapTerms(gap)));
  }
  return shapes;
}

/** From the end of a line to its name, where that had to move. */
function leader(end: EndLabel, { gap }: Layout, palette: Palette): Shape {
  const { colour } = strokeOf(end.series?.kind ?? 'lab', end.series?.index ?? 0, palette);
  const start = gap === null ? end.fromX + 2 : end.x - 8;
  return shape('path', {
    key: `leader ${end.key}`,
    d: `M${number(start)},${number(end.fromY)}L${number(end.x - 2)},${number(end.y)}`,
    fill: 'none',
    stroke: colour,
    'stroke-opacity': 0.6,
  });
}

function endText(end: EndLabel, palette: Palette): Shape {
  const fill = end.series === null ? palette.ink : strokeOf(end.series.kind, end.series.index ?? 0, palette).text;
  const common = {
    key: `end ${end.key}`,
    class: 'figure',
    x: end.x,
    y: end.y + end.size * 0.35,
    'font-size': end.size,
    fill,
  };
  const name = shape('tspan', { 'font-weight': end.series === null ? 700 : 600 }, end.name);
  if (end.value === '') return shape('text', { ...common, ...halo(palette) }, name);
  return shape('text', { ...common, ...halo(palette) }, name, shape('tspan', { dx: 6 }, end.value));
}
