/** The deployed version through the world: where it says yes, the boundary, or its line. */
import { contours, line } from 'd3';
import type { ViewFrame } from '../src/loop/view.js';
import type { DecodedFrame } from './world-frame.js';
import type { Group, Plane } from './world-plane.js';

type Model = NonNullable<ViewFrame['model']>;
type Boundary = Extract<Model, { kind: 'boundary' }>;

/** Paths in the plane's pixels. */
export interface ModelShape {
  /** The region of the yes; empty where there is none. */
  readonly region: string;
  /** The boundary, or the line. */
  readonly stroke: string;
  /** Corners in which the model says yes and no, for their names. */
  readonly yes: Corner | null;
  readonly no: Corner | null;
}

interface Corner {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

const NONE: ModelShape = { region: '', stroke: '', yes: null, no: null };

export function shapeOf({ frame, model: values }: DecodedFrame, plane: Plane): ModelShape {
  const { model } = frame;
  if (model === null || values === null) return NONE;
  return model.kind === 'line' ? { ...NONE, stroke: lineOf(values, plane) } : boundaryOf(model, values, plane);
}

/** Evenly from the left to the right. */
function lineOf(values: Float32Array, { left, right, y }: Plane): string {
  return (
    line<number>()
      .defined(Number.isFinite)
      .x((_, k) => left + (k / (values.length - 1)) * (right - left))
      .y((value) => y(value))(Array.from(values)) ?? ''
  );
}

function boundaryOf({ height, threshold, width }: Boundary, values: Float32Array, plane: Plane): ModelShape {
  const found = contours()
    .size([width + 2, height + 2])
    .contour(extended(values, width, height), threshold);
  const { bottom, left, right, top } = plane;
  const point = ([u, v]: number[]) =>
    `${(left + ((u - 1) / width) * (right - left)).toFixed(1)},${(bottom - ((v - 1) / height) * (bottom - top)).toFixed(1)}`;
  // What runs beyond the plane is cut off where it is drawn: the edge of the grid is no boundary of the model.
  const path = found.coordinates
    .flat()
    .map((ring) => `M${ring.map(point).join('L')}Z`)
    .join('');
  return {
    region: path,
    stroke: path,
    yes: corner(values, width, height, plane, (value) => value > threshold, [0, 1, 2, 3]),
    no: corner(values, width, height, plane, (value) => value <= threshold, [3, 2, 1, 0]),
  };
}

/** One more cell on each side, going on as the last two do: contours bend at the edge of what they are given. */
function extended(values: Float32Array, width: number, height: number): number[] {
  const wide = width + 2;
  const out = new Array<number>(wide * (height + 2));
  for (let v = 0; v < height; v++) {
    const row = (v + 1) * wide;
    for (let u = 0; u < width; u++) out[row + u + 1] = values[v * width + u];
    out[row] = 2 * out[row + 1] - out[row + 2];
    out[row + wide - 1] = 2 * out[row + wide - 2] - out[row + wide - 3];
  }
  const last = (height + 1) * wide;
  for (let u = 0; u < wide; u++) {
    out[u] = 2 * out[u + wide] - out[u + 2 * wide];
    out[last + u] = 2 * out[last + u - wide] - out[last + u - 2 * wide];
  }
  return out;
}

/** The first corner, from the upper right, in which the model says so. */
function corner(
  values: Float32Array,
  width: number,
  height: number,
  { bottom, left, right, top }: Plane,
  says: (value: number) => boolean,
  order: readonly number[],
): Corner | null {
  const inset = 3;
  const corners = [
    { u: width - 1 - inset, v: height - 1 - inset, at: { x: right - 8, y: top + 18, anchor: 'end' as const } },
    { u: inset, v: height - 1 - inset, at: { x: left + 8, y: top + 18, anchor: 'start' as const } },
    { u: width - 1 - inset, v: inset, at: { x: right - 8, y: bottom - 10, anchor: 'end' as const } },
    { u: inset, v: inset, at: { x: left + 8, y: bottom - 10, anchor: 'start' as const } },
  ];
  const found = order.map((k) => corners[k]).find(({ u, v }) => says(values[v * width + u]));
  return found?.at ?? null;
}

/** The region goes under the people, the rest over them. */
export function drawRegion(group: Group, plane: Plane, shape: ModelShape): void {
  one(window(group, plane), 'path', 'world-region').attr('d', shape.region).attr('fill-rule', 'evenodd');
}

export function drawModel(group: Group, plane: Plane, shape: ModelShape, words: { yes: string; no: string }): void {
  const inner = window(group, plane);
  one(inner, 'path', 'world-halo').attr('d', shape.stroke);
  one(inner, 'path', 'world-line').attr('d', shape.stroke);
  label(group, 'world-yes', shape.yes, words.yes);
  label(group, 'world-no', shape.no, words.no);
}

/** An inner picture shows the plane and nothing beyond it. */
function window(group: Group, { bottom, left, right, top }: Plane): Group {
  return one(group, 'svg', 'world-window')
    .attr('x', left)
    .attr('y', top)
    .attr('width', right - left)
    .attr('height', bottom - top)
    .attr('viewBox', `${left} ${top} ${right - left} ${bottom - top}`);
}

function label(group: Group, name: string, at: Corner | null, text: string): void {
  one(group, 'text', name)
    .attr('x', at?.x ?? 0)
    .attr('y', at?.y ?? 0)
    .attr('text-anchor', at?.anchor ?? 'start')
    .text(at === null ? '' : text);
}

function one(group: Group, tag: 'path' | 'svg' | 'text', name: string): Group {
  const found = group.select<SVGGraphicsElement>(`.${name}`);
  return found.empty() ? group.append<SVGGraphicsElement>(tag).attr('class', name) : found;
}
