/** The plane that people stand on: scales, axes, grid. */
import { axisBottom, axisLeft, type NumberValue, type ScaleLinear, type Selection, scaleLinear } from 'd3';
import type { ViewFrame } from '../src/loop/view.js';
import { PERSON } from '../src/loop/view-axes.js';
import { axisFormat } from './world-numbers.js';

export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  /** Axes that count people: there is nobody between two of them. */
  readonly counts: { readonly x: boolean; readonly y: boolean };
}

/** Something to draw in. */
export type Group = Selection<SVGGraphicsElement, unknown, null, undefined>;

interface Margin {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

const MARGIN: Margin = { top: 8, right: 10, bottom: 26, left: 46 };
/** With the axes' names in the picture. */
export const TITLED: Margin = { top: 26, right: 10, bottom: 44, left: 46 };

/** Of a letter of the axes' numbers. */
const LETTER = 6.8;
const PADDING = 8;

export function planeOf(width: number, height: number, frame: ViewFrame, margin: Margin = MARGIN): Plane {
  const { domain } = frame;
  const { top } = margin;
  const bottom = Math.max(top + 1, height - margin.bottom);
  const counts = { x: frame.x === PERSON, y: frame.y === PERSON };
  const y = scaleLinear(domain.y, [bottom, top]);
  // Long numbers need more room beside the plane.
  const left = Math.max(margin.left, Math.ceil(2 * PADDING + LETTER * longest(y, upOf({ bottom, counts, top, y }))));
  const right = Math.max(left + 1, width - margin.right);
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    x: scaleLinear(domain.x, [left, right]),
    y,
    counts,
  };
}

/** An axis of a yes or no has this span, and no other has. */
export const isYesNo = ([low, high]: readonly [number, number]): boolean => low === -0.25 && high === 1.25;

/** Values at which there are lines and numbers. */
export const gridOf = (plane: Plane): { x: number[]; y: number[] } => ({ x: acrossOf(plane), y: upOf(plane) });

function upOf({ bottom, counts, top, y }: Pick<Plane, 'bottom' | 'counts' | 'top' | 'y'>): number[] {
  return valuesOf(y, (bottom - top) / 55, counts.y);
}

/** As many as have room for their numbers, and none whose number would be cut off. */
function acrossOf({ counts, left, right, width, x }: Plane): number[] {
  const values = (room: number) => valuesOf(x, (right - left) / room, counts.x);
  const some = values(80);
  const size = LETTER * longest(x, some);
  const fitting = size + 2 * PADDING > 80 ? values(size + 2 * PADDING) : some;
  return fitting.filter((value) => x(value) + size / 2 <= width && x(value) - size / 2 >= 0);
}

function valuesOf(scale: Plane['x'], length: number, isCount: boolean): number[] {
  if (isYesNo(scale.domain() as [number, number])) return [0, 1];
  const ticks = scale.ticks(Math.max(2, Math.floor(length)));
  return isCount ? ticks.filter(Number.isInteger) : ticks;
}

/** Letters of the longest number. */
const longest = (scale: Plane['x'], values: readonly number[]): number =>
  Math.max(0, ...values.map((value) => formatOf(scale)(value).length));

/** `grid`: with lines across the plane; where people are on a canvas, the lines lie under them there. */
export function drawAxes(group: Group, plane: Plane, grid: boolean): void {
  const { bottom, left, right, top, x, y } = plane;
  const at = gridOf(plane);
  const across = axisBottom(x)
    .tickValues(at.x)
    .tickSize(grid ? top - bottom : 0);
  const up = axisLeft(y)
    .tickValues(at.y)
    .tickSize(grid ? left - right : 0);
  for (const [axis, scale] of [
    [across, x],
    [up, y],
  ] as const)
    axis.tickPadding(8).tickFormat(formatOf(scale));
  axisGroup(group, 'world-across').attr('transform', `translate(0,${bottom})`).call(across);
  axisGroup(group, 'world-up').attr('transform', `translate(${left},0)`).call(up);
}

function axisGroup(group: Group, name: string): Selection<SVGGElement, unknown, null, undefined> {
  const found = group.select<SVGGElement>(`g.${name}`);
  return found.empty() ? group.append('g').attr('class', `world-axis ${name}`) : found;
}

function formatOf(scale: Plane['x']): (value: NumberValue) => string {
  const span = scale.domain() as [number, number];
  if (isYesNo(span)) return (value) => (Number(value) === 1 ? 'yes' : 'no');
  const say = axisFormat(Math.max(Math.abs(span[0]), Math.abs(span[1])));
  return (value) => say(Number(value));
}
