/** The lines and the bands, on a canvas: 20 lines of 5,000 steps at every frame. */
import { fillColumns, isNoise } from './chart-decimate.js';
import type { Layout } from './chart-layout.js';
import { DASH_REACH, DENSE, depthOrder, gapEdges } from './chart-paths.js';
import { type ChartBand, type ChartSeries, hasGapShade } from './chart-spec.js';
import { faint, medianOf, type Stroke, strokeOf } from './chart-stroke.js';
import type { Palette } from './palette.js';

/**
 * With more corners than these in all, or where steps are dense, columns of pixels are filled instead of paths being
 * stroked: a software renderer strokes some 5,000 corners in the time of a frame, and fills 20,000 columns.
 */
const CORNERS = 4000;
const COLUMNS = 20_000;
/** A long path costs a software renderer far more than its pieces. */
const PIECE = 64;

let low = new Float64Array(0);
let high = new Float64Array(0);

export function paint(context: CanvasRenderingContext2D, layout: Layout, palette: Palette, ratio: number): void {
  const { bottom, height, left, right, spec, top, width } = layout;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.save();
  context.beginPath();
  context.rect(left - 2, top - 2, right - left + 4, bottom - top + 4);
  context.clip();
  for (const band of spec.bands ?? []) paintBand(context, band, layout, palette);
  if (hasGapShade(spec)) paintGap(context, layout, palette);
  for (const { index = 0, kind, median } of spec.bands ?? [])
    if (median !== undefined) paintLine(context, median, medianOf(strokeOf(kind, index, palette)), layout, ratio);
  for (const series of depthOrder(spec.series)) {
    paintSeries(context, series, layout, palette, ratio);
  }
  context.restore();
}

function paintSeries(
  context: CanvasRenderingContext2D,
  series: ChartSeries,
  layout: Layout,
  palette: Palette,
  ratio: number,
): void {
  const stroke = strokeOf(series.kind, series.index ?? 0, palette);
  paintLine(
    context,
    series.values,
    layout.spec.small === true ? { ...stroke, width: Math.min(2, stroke.width) } : stroke,
    layout,
    ratio,
  );
}

function paintLine(
  context: CanvasRenderingContext2D,
  values: Float64Array,
  stroke: Stroke,
  layout: Layout,
  ratio: number,
): void {
  const steps = layout.range[1] - layout.range[0];
  const many = steps * layout.spec.series.length > CORNERS;
  if (many || steps > DENSE * (layout.right - layout.left)) paintColumns(context, values, stroke, layout, ratio);
  else paintPath(context, values, stroke, layout);
}

/** More than a software renderer can fill in the time of a frame. */
export function isHeavy({ left, range, right, spec }: Layout, ratio: number): boolean {
  const many = (range[1] - range[0]) * spec.series.length > CORNERS;
  return many && spec.series.length * (right - left) * ratio > COLUMNS;
}

/**
 * Every column of pixels from the line's lowest to its highest place in it. Dashes follow the axis, not the line, so that
 * they stand still while the line grows; a line that is noise in its columns has none.
 */
function paintColumns(
  context: CanvasRenderingContext2D,
  values: Float64Array,
  { colour, dash, width }: Stroke,
  layout: Layout,
  ratio: number,
): void {
  const count = Math.max(1, Math.round((layout.right - layout.left) * ratio));
  if (low.length !== count) {
    low = new Float64Array(count);
    high = new Float64Array(count);
  }
  fillColumns(values, layout.range[0], layout.range[1], low, high);
  const scale = (layout.y(1) - layout.y(0)) * ratio;
  const isDense = layout.range[1] - layout.range[0] > DENSE * (layout.right - layout.left);
  const isWhole = isDense && isNoise(low, high, (DASH_REACH * width * ratio) / Math.abs(scale));
  const period = isWhole ? 0 : dash.reduce((sum, length) => sum + length, 0) * ratio;
  const shown = (column: number): boolean => {
    let rest = column % period;
    for (let k = 0; k < dash.length; k++) {
      rest -= dash[k] * ratio;
      if (rest < 0) return k % 2 === 0;
    }
    return true;
  };
  const half = (width * ratio) / 2;
  const pen = Math.max(1, Math.round(half));
  const x0 = Math.round(layout.left * ratio) - (pen >> 1);
  const y0 = layout.y(0) * ratio;
  context.fillStyle = colour;
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (let c = 0; c < count; c++) {
    if (Number.isNaN(low[c]) || (period > 0 && !shown(c))) continue;
    const rise = Math.abs((high[c] - low[c]) * scale);
    const middle = y0 + ((low[c] + high[c]) / 2) * scale;
    // A stroke's height at a slope; where the line goes up and down in one column, to its very ends.
    const reach = Math.min(half * Math.sqrt(1 + rise * rise), rise / 2 + half);
    context.fillRect(x0 + c, middle - reach, pen, 2 * reach);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

function paintPath(context: CanvasRenderingContext2D, values: Float64Array, stroke: Stroke, layout: Layout): void {
  const { range, x, y } = layout;
  context.strokeStyle = stroke.colour;
  context.fillStyle = stroke.colour;
  context.lineWidth = stroke.width;
  context.lineJoin = 'round';
  context.lineCap = stroke.dash.length === 0 ? 'round' : 'butt';
  context.setLineDash([...stroke.dash]);
  const first = Math.max(0, Math.floor(range[0]));
  const last = Math.min(values.length - 1, Math.ceil(range[1]));
  // The pieces of a dashed line go on with its pattern.
  let length = 0;
  let run = 0;
  let beforeX = 0;
  let beforeY = 0;
  context.beginPath();
  for (let t = first; t <= last + 1; t++) {
    const value = t <= last ? values[t] : Number.NaN;
    if (Number.isFinite(value)) {
      const px = x(t);
      const py = y(value);
      if (run > 0) length += Math.hypot(px - beforeX, py - beforeY);
      context.lineTo(px, py);
      run++;
      beforeX = px;
      beforeY = py;
      if (run % PIECE !== 0) continue;
      context.stroke();
      context.lineDashOffset = length;
      context.beginPath();
      context.moveTo(px, py);
    } else if (run > 0) {
      context.stroke();
      context.beginPath();
      if (run === 1) {
        // A step alone has no line: a dot.
        context.arc(beforeX, beforeY, Math.max(2, stroke.width * 0.9), 0, 2 * Math.PI);
        context.fill();
        context.beginPath();
      }
      run = 0;
      length = 0;
      context.lineDashOffset = 0;
    }
  }
  context.setLineDash([]);
}

/** Between two lines, where both are. */
function fillBetween(
  context: CanvasRenderingContext2D,
  above: Float64Array,
  below: Float64Array,
  layout: Layout,
): void {
  const { range, x, y } = layout;
  const first = Math.max(0, Math.floor(range[0]));
  const last = Math.min(above.length, below.length, Math.ceil(range[1]) + 1);
  // At most one corner a pixel: what lies behind the lines needs no more.
  const stride = Math.max(1, Math.floor((range[1] - range[0]) / (layout.right - layout.left)));
  const there = (t: number): boolean => Number.isFinite(above[t]) && Number.isFinite(below[t]);
  for (let t = first; t < last; ) {
    if (!there(t)) {
      t++;
      continue;
    }
    const steps: number[] = [];
    for (; t < last && there(t); t += stride) steps.push(t);
    context.beginPath();
    for (const s of steps) context.lineTo(x(s), y(above[s]));
    for (const s of steps.reverse()) context.lineTo(x(s), y(below[s]));
    context.fill();
  }
}

function paintBand(context: CanvasRenderingContext2D, band: ChartBand, layout: Layout, palette: Palette): void {
  context.fillStyle = strokeOf(band.kind, band.index ?? 0, palette).colour;
  context.globalAlpha = band.opacity ?? 0.16;
  fillBetween(context, band.high, band.low, layout);
  context.globalAlpha = 1;
}

/** The gap between the lab's promise and what is: faint, and least faint at the present. */
function paintGap(context: CanvasRenderingContext2D, layout: Layout, palette: Palette): void {
  if (layout.gap === null) return;
  const edges = gapEdges(layout);
  if (edges === null) return;
  const present = layout.x(layout.gap.t);
  const fade = context.createLinearGradient(layout.left, 0, Math.max(layout.left + 1, present), 0);
  fade.addColorStop(0, faint(palette.actual, 0.05));
  fade.addColorStop(0.6, faint(palette.actual, 0.08));
  fade.addColorStop(1, faint(palette.actual, 0.2));
  context.fillStyle = fade;
  fillBetween(context, edges.promised, edges.actual, layout);
}
