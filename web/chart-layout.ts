/** Where everything of a chart is: one description that the live chart and the written file both draw. */
import { type Domain, extentOf, roundDomain, ticksOf } from './chart-domain.js';
import {
  type EndLabel,
  type EndPlan,
  type Gap,
  gapOf,
  type Last,
  lastOf,
  placeEnds,
  planEnds,
  type WrittenLast,
} from './chart-ends.js';
import { figure, tickFormat } from './chart-format.js';
import { LEGEND_ROW, type LegendItem, placeLegend } from './chart-legend.js';
import { DISC, type Lane, laneOf, type PlacedMark, placeMarks } from './chart-marks.js';
import { type Measure, shorten } from './chart-measure.js';
import type { ChartSpec } from './chart-spec.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The part that is looked at. */
export interface View {
  readonly range: Domain;
  readonly domain: Domain;
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Layout extends Size {
  readonly spec: ChartSpec;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly range: Domain;
  readonly domain: Domain;
  x(t: number): number;
  y(value: number): number;
  /** The step at a place. */
  t(x: number): number;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Baseline of the steps' numbers. */
  readonly stepY: number;
  /** The unit's text and baseline; empty in a small chart. */
  readonly unit: string;
  readonly unitY: number;
  readonly legend: readonly LegendItem[];
  readonly legendMore: number;
  readonly legendY: number;
  /** Where the gap's bracket stands. */
  readonly bracketX: number;
  /** What the bands are; null where nothing says it. */
  readonly bandKey: { readonly text: string; readonly x: number; readonly y: number } | null;
  readonly lanes: Readonly<Record<Lane, number>>;
  readonly marks: readonly PlacedMark[];
  readonly lasts: readonly Last[];
  readonly ends: readonly EndLabel[];
  readonly endPlan: EndPlan;
  readonly gap: Gap | null;
  /** What to say where there is nothing to draw. */
  readonly empty: string;
}

export const AXIS_SIZE = 12;
const LANE = 24;
/** Below the last lane: the number of the highest tick reaches above the plot. */
const CLEAR = 6;
/** Below the plot, for deployments: on the axis they would hide lines that run along it, and the lowest number. */
const AXIS_LANE = 18;
/** Of the piece of a band before its words. */
export const KEY_SWATCH = 24;

export const wholeRange = ({ steps }: ChartSpec): Domain => [0, Math.max(1, steps - 1)];

/** The view of a chart that nobody has touched. */
export function plainView(spec: ChartSpec): View {
  const range = wholeRange(spec);
  return { range, domain: spec.domain ?? roundDomain(extentOf(spec, ...range) ?? [0, 1], spec.scale) };
}

export function layOut(spec: ChartSpec, size: Size, view: View, measure: Measure, heading = 0): Layout {
  const { height, width } = size;
  const small = spec.small === true;
  const largest = Math.max(Math.abs(view.domain[0]), Math.abs(view.domain[1]));
  const lasts = spec.series.flatMap((series): WrittenLast[] => {
    const last = lastOf(series, view.range[1]);
    return last === null ? [] : [{ ...last, text: figure(last.value, 3, largest) }];
  });
  const marks = small ? [] : (spec.marks ?? []);
  const has = (lane: Lane): boolean => marks.some((mark) => laneOf(mark) === lane);

  const endPlan = planEnds(spec, lasts, width, height - heading - 120, measure);
  const legend =
    endPlan.mode === 'legend'
      ? placeLegend(
          lasts,
          spec.series,
          width - 8 - (endPlan.gapWidth === undefined || endPlan.gapWidth === 0 ? 0 : endPlan.gapWidth + 12),
          Math.max(1, Math.floor((height * 0.3) / LEGEND_ROW)),
          measure,
        )
      : { items: [], rows: 0, more: 0 };
  const rows = legend.rows + (legend.more > 0 ? 1 : 0);
  const unitY = heading + 13;
  const legendY = heading + 18 + 14;
  const unit = small ? '' : shorten(spec.unit, { size: AXIS_SIZE }, width - 4, measure);
  const bandKey = small
    ? null
    : placeBandKey(spec, unit, width, measure, { unitY, below: legendY + rows * LEGEND_ROW });
  const keyRows = bandKey === null || bandKey.y === unitY ? 0 : 1;
  let top = small ? heading + 8 : heading + 24 + (rows + keyRows) * LEGEND_ROW;
  const lanes = { events: 0, story: 0, axis: 0 };
  for (const lane of ['events', 'story'] as const) {
    if (!has(lane)) continue;
    lanes[lane] = top + LANE / 2;
    top += LANE;
  }
  if (has('events') || has('story')) top += CLEAR;
  const axisLane = has('axis') ? AXIS_LANE : 0;
  const bottom = Math.max(top + 20, height - (small ? 18 : 26) - axisLane);
  lanes.axis = bottom + 5 + DISC;

  const yStep = ticksOf(view.domain, small ? 3 : Math.max(2, Math.min(6, Math.round((bottom - top) / 56))));
  const write = tickFormat(yStep.step, largest);
  const texts = yStep.at.map(write);
  const left = Math.ceil(Math.max(small ? 22 : 34, ...texts.map((text) => measure(text, { size: AXIS_SIZE })))) + 8;
  const right = Math.max(left + 20, width - endPlan.width);

  const across = (right - left) / (view.range[1] - view.range[0]);
  const up = (bottom - top) / (view.domain[1] - view.domain[0]);
  const x = (t: number): number => left + (t - view.range[0]) * across;
  const y = (value: number): number => bottom - (value - view.domain[0]) * up;
  const gap = gapOf(spec, view.range[1]);
  const isCovered = (spec.bands ?? []).some(({ median }) => median !== undefined);
  const anything = lasts.length > 0 || (spec.bands ?? []).some(({ low }) => low.some(Number.isFinite));

  return {
    ...size,
    spec,
    left,
    right,
    top,
    bottom,
    range: view.range,
    domain: view.domain,
    x,
    y,
    t: (place) => view.range[0] + (place - left) / across,
    xTicks: stepTicks(view.range, right - left).map((t) => ({ at: x(t), text: tickText(t) })),
    stepY: bottom + 17 + axisLane,
    yTicks: yStep.at.map((value, k) => ({ at: y(value), text: texts[k] })),
    unit,
    unitY,
    legend: legend.items,
    legendMore: legend.more,
    legendY,
    bracketX: 7 + (isCovered || gap === null ? right : Math.min(right, x(gap.t))),
    bandKey,
    lanes,
    marks: placeMarks(marks, x, left, right, small ? null : measure),
    lasts,
    endPlan,
    ends: placeEnds(endPlan, lasts, gap, width, { x, y, top, bottom, left, right, legendY: legendY + 2, isCovered }),
    gap,
    empty: anything ? '' : emptySentence(spec),
  };
}

/** At the right of the unit, or where there is no room in a row of its own. */
function placeBandKey(
  { bandWords }: ChartSpec,
  unit: string,
  width: number,
  measure: Measure,
  { below, unitY }: { readonly unitY: number; readonly below: number },
): Layout['bandKey'] {
  if (bandWords === undefined) return null;
  const style = { size: AXIS_SIZE };
  const text = shorten(bandWords, style, width - KEY_SWATCH - 4, measure);
  const wide = KEY_SWATCH + measure(text, style) + 4;
  return measure(unit, style) + 24 + wide <= width ? { text, x: width - wide, y: unitY } : { text, x: 2, y: below };
}

/** Whole steps only. */
const stepTicks = (range: Domain, width: number): number[] =>
  ticksOf(range, Math.max(2, Math.min(10, Math.round(width / 80)))).at.filter(Number.isInteger);

const tickText = (t: number): string => (t >= 1e5 ? tickFormat(1000, t)(t) : t.toLocaleString('en-US'));

function emptySentence(spec: ChartSpec): string {
  if (spec.series.length === 0) return 'Nothing is measured here.';
  return spec.series.every(({ values }) => values.length === 0)
    ? 'No steps yet. The lines begin with the first one.'
    : 'This number does not exist in the steps so far.';
}
