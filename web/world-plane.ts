/** The plane that people stand on: scales, axes, grid. */
import { axisBottom, axisLeft, format, type NumberValue, type ScaleLinear, type Selection, scaleLinear } from 'd3';
import type { ViewFrame } from '../src/loop/view.js';

export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
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

export function planeOf(width: number, height: number, { domain }: ViewFrame, margin: Margin = MARGIN): Plane {
  const { left, top } = margin;
  const right = Math.max(left + 1, width - margin.right);
  const bottom = Math.max(top + 1, height - margin.bottom);
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    x: scaleLinear(domain.x, [left, right]),
    y: scaleLinear(domain.y, [bottom, top]),
  };
}

/** An axis of a yes or no has this span, and no other has. */
export const isYesNo = ([low, high]: readonly [number, number]): boolean => low === -0.25 && high === 1.25;

/** Values at which there are lines and numbers. */
export function gridOf({ bottom, left, right, top, x, y }: Plane): { x: number[]; y: number[] } {
  const values = (scale: typeof x, length: number) =>
    isYesNo(scale.domain() as [number, number]) ? [0, 1] : scale.ticks(Math.max(2, Math.floor(length)));
  return { x: values(x, (right - left) / 80), y: values(y, (bottom - top) / 55) };
}

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

const short = format('~s');
const plain = format('~g');

function formatOf(scale: Plane['x']): (value: NumberValue) => string {
  const span = scale.domain() as [number, number];
  if (isYesNo(span)) return (value) => (Number(value) === 1 ? 'yes' : 'no');
  const isLarge = Math.max(Math.abs(span[0]), Math.abs(span[1])) >= 10_000;
  return (value) =>
    (isLarge ? short(Number(value)) : plain(Number(Number(value).toPrecision(6)))).replace('-', '\u2212');
}
