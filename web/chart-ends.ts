/** The names at the ends of the lines, instead of a legend: moved apart, inside the chart, or a row above where there is no room. */
import { signed } from './chart-format.js';
import { type Measure, shorten, type TextStyle } from './chart-measure.js';
import type { ChartSeries, ChartSpec } from './chart-spec.js';
import { spread } from './chart-spread.js';

export interface Last {
  readonly series: ChartSeries;
  /** The last step that has a value. */
  readonly t: number;
  readonly value: number;
}

/** With its value as it is written beside what the chart shows. */
export interface WrittenLast extends Last {
  readonly text: string;
}

export interface Gap {
  readonly t: number;
  /** What the first version promised, wherever the lab's line has gone since. */
  readonly lab: number;
  readonly actual: number;
  readonly text: string;
  /** Of which lab, where its line has gone elsewhere by step `t`. */
  readonly from: 'lab' | 'first lab';
}

export interface EndLabel {
  readonly key: string;
  /** Null is the gap's number. */
  readonly series: ChartSeries | null;
  readonly name: string;
  readonly value: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** The end of its line. */
  readonly fromX: number;
  readonly fromY: number;
}

export type EndMode = 'full' | 'name' | 'legend' | 'none';
export interface EndPlan {
  readonly mode: EndMode;
  /** Of the margin on the right. */
  readonly width: number;
  /** Of the gap's number beside the legend. */
  readonly gapWidth?: number;
  readonly names: ReadonlyMap<string, string>;
  /** Keys of the series whose value stands beside the name. */
  readonly valued?: ReadonlySet<string>;
}

export const END_SIZE = 13;
const END_HEIGHT = 17;
const BRACKET = 14;
export const gapSize = (width: number): number => (width < 520 ? 18 : 24);

/** The last finite value at or before step `until`. */
export function lastOf(series: ChartSeries, until = Number.POSITIVE_INFINITY): Last | null {
  for (let t = Math.min(series.values.length - 1, Math.floor(until)); t >= 0; t--) {
    if (Number.isFinite(series.values[t])) return { series, t, value: series.values[t] };
  }
  return null;
}

/** Between what the lab promised when the first version was deployed and what is, at the last step that has it. */
export function gapOf(spec: ChartSpec, until = Number.POSITIVE_INFINITY): Gap | null {
  if (spec.small === true) return null;
  const lab = spec.series.filter(({ kind }) => kind === 'lab');
  const actual = spec.series.filter(({ kind }) => kind === 'actual');
  if (lab.length !== 1 || actual.length !== 1) return null;
  const promised = promisedIn(spec);
  const last = lastOf(actual[0], until);
  if (!Number.isFinite(promised) || last === null) return null;
  return {
    t: last.t,
    lab: promised,
    actual: last.value,
    text: spec.gap?.(promised, last.value) ?? signed(last.value - promised),
    from: labName(spec, last.t),
  };
}

/** What the lab promised of the first version, which is what the gap is held against; NaN where nothing did. */
export const promisedIn = ({ series }: ChartSpec): number =>
  series.find(({ kind }) => kind === 'lab')?.values.find(Number.isFinite) ?? Number.NaN;

/** Which lab the gap is of, at a step where the line of the lab may be a later version's. */
export function labName(spec: ChartSpec, t: number): Gap['from'] {
  const now = spec.series.find(({ kind }) => kind === 'lab')?.values[t] ?? Number.NaN;
  return Number.isFinite(now) && now !== promisedIn(spec) ? 'first lab' : 'lab';
}

/** `actual − lab`: what the gap's number is, where it stands apart from the lines. */
export const gapTerms = ({ from, text }: Gap): string => `actual ${text.startsWith('×') ? '÷' : '−'} ${from}`;

/** Names, with their values where there is room, in less than a third of the width; else a legend. */
export function planEnds(
  spec: ChartSpec,
  lasts: readonly WrittenLast[],
  width: number,
  height: number,
  measure: Measure,
): EndPlan {
  const names = new Map(spec.series.map(({ key, label }) => [key, label]));
  if (spec.small === true || spec.series.length === 0) return { mode: 'none', width: 10, names };
  const style = { size: END_SIZE, bold: true };
  const gap = gapOf(spec);
  const bracket = gap === null ? 10 : 10 + BRACKET;
  // By the shape of the figures, and in steps of 8 pixels: the plot must not change its width at each value.
  const wide = (text: string, style: TextStyle): number => measure(text.replace(/\d/g, '0'), style);
  const calm = (margin: number): number => Math.ceil(margin / 8) * 8;
  const big = { size: gapSize(width), bold: true };
  const gapWidth = gap === null ? 0 : Math.max(wide('−0.000', big), wide(gap.text, big));
  const value = Math.max(
    0,
    ...lasts.map(({ text }) => wide(text, { size: END_SIZE })),
    wide('0.000', { size: END_SIZE }),
  );
  const room = width * (width < 520 ? 0.34 : 0.32) - bracket;
  const fits = spec.series.length * END_HEIGHT + (gap === null ? 0 : gapSize(width) + 6) <= height;
  const cutTo = (most: number) =>
    new Map(
      spec.series.map(({ key, label }) => [
        key,
        measure(label, style) <= room ? label : shorten(label, style, most, measure),
      ]),
    );
  const areUnique = (all: ReadonlyMap<string, string>): boolean =>
    new Set(all.values()).size === spec.series.length && ![...all.values()].includes('');
  // What is cut anyway leaves room for its value, where the names can still be told apart.
  const shorter = cutTo(room - 6 - value);
  const short = areUnique(shorter) ? shorter : cutTo(room);
  // On a phone a name that is cut says too little: there the legend has room for all of it.
  const cut = spec.series.some(({ key, label }) => short.get(key) !== label);
  if (fits && areUnique(short) && !(cut && width < 520)) {
    // A name that has no room for its value costs no other name its own.
    const ends = [...short].map(([key, name]) => {
      const own = measure(name, style);
      return own + 6 + value <= room ? { key, wide: own + 6 + value, valued: true } : { key, wide: own, valued: false };
    });
    const valued = new Set(ends.filter((end) => end.valued).map(({ key }) => key));
    const most = Math.max(gapWidth, ...ends.map((end) => end.wide));
    return { mode: valued.size > 0 ? 'full' : 'name', width: calm(bracket + most + 4), names: short, valued };
  }
  // The gap's number then stands beside the legend, and the plot is as wide as it can be.
  return {
    mode: 'legend',
    width: gap === null ? 12 : bracket,
    gapWidth: Math.max(gapWidth, gap === null ? 0 : measure(gapTerms(gap), { size: 11 })),
    names,
  };
}

/** Places the labels beside the present. */
export function placeEnds(
  plan: EndPlan,
  lasts: readonly WrittenLast[],
  gap: Gap | null,
  width: number,
  place: {
    x(t: number): number;
    y(value: number): number;
    top: number;
    bottom: number;
    left: number;
    right: number;
    legendY: number;
    /** Bands go on beyond the present: the names stand beside the plot. */
    isCovered: boolean;
  },
): EndLabel[] {
  const visible = lasts.filter(({ t }) => place.x(t) >= place.left - 0.5);
  // A line that goes on far beyond the present, such as theory, is named at its own end.
  const beyond = gap === null ? Number.POSITIVE_INFINITY : place.x(gap.t) + plan.width;
  const near = visible.filter(({ t }) => place.x(t) <= beyond);
  const present = place.isCovered
    ? place.right
    : Math.min(place.right, Math.max(place.left, ...near.map(({ t }) => place.x(t))));
  const clampY = (y: number): number => Math.max(place.top, Math.min(place.bottom, y));
  const x = present + 8 + (gap === null ? 0 : BRACKET);
  const labelled = plan.mode === 'full' || plan.mode === 'name' ? visible : [];
  const labels = labelled.map((last): EndLabel => {
    const y = clampY(place.y(last.value));
    return {
      key: last.series.key,
      series: last.series,
      name: plan.names.get(last.series.key) ?? last.series.label,
      value: plan.valued?.has(last.series.key) === true ? last.text : '',
      x: place.x(last.t) <= beyond ? x : Math.min(place.right, place.x(last.t)) + 8,
      y,
      size: END_SIZE,
      fromX: Math.min(place.right, place.x(last.t)),
      fromY: y,
    };
  });
  const number = (at: { x: number; y: number }): EndLabel => ({
    key: '(gap)',
    series: null,
    name: gap?.text ?? '',
    value: '',
    ...at,
    size: gapSize(width),
    fromX: at.x,
    fromY: at.y,
  });
  if (gap !== null && plan.mode === 'legend')
    return [number({ x: width - (plan.gapWidth ?? 0) - 4, y: place.legendY })];
  if (gap !== null && plan.mode !== 'none') {
    labels.push(number({ x, y: (clampY(place.y(gap.lab)) + clampY(place.y(gap.actual))) / 2 }));
  }
  const columns = [labels.filter((label) => label.x <= x), labels.filter((label) => label.x > x)];
  return columns.flatMap((column) => {
    const wishes = column.map(({ series, y }) => ({ y, height: series === null ? gapSize(width) + 4 : END_HEIGHT }));
    const centres = spread(wishes, place.top - 6, place.bottom + 8);
    return column.map((label, k) => ({ ...label, y: centres[k] }));
  });
}
