/** The deployed version through the world: where it says yes, the boundary, or its line. */
import { contours, line } from 'd3';
import type { ViewFrame } from '../src/loop/view.js';
import type { DecodedFrame } from './world-frame.js';
import type { Places } from './world-motion.js';
import type { Group, Plane } from './world-plane.js';

type Model = NonNullable<ViewFrame['model']>;
type Boundary = Extract<Model, { kind: 'boundary' }>;

/** Paths in the plane's pixels. */
export interface ModelShape {
  /** The region of the yes; empty where there is none. */
  readonly region: string;
  /** The boundary, or the line. */
  readonly stroke: string;
  /** Where the names of yes and no stand: in their own region, off people where there is room; null where it has none. */
  readonly yes: Spot | null;
  readonly no: Spot | null;
}

interface Spot {
  readonly text: string;
  /** Of the text's baseline. */
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

/** The names of the two sides of the boundary, of each the longest first: the first that has room is said. */
export interface SideNames {
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

const NONE: ModelShape = { region: '', stroke: '', yes: null, no: null };

export function shapeOf(
  { frame, model: values }: DecodedFrame,
  plane: Plane,
  names: SideNames,
  /** Also where nobody stands yet: a name should stay where it is. */
  people: Places,
): ModelShape {
  const { model } = frame;
  if (model === null || values === null) return NONE;
  if (model.kind === 'line') return { ...NONE, stroke: lineOf(values, plane) };
  return boundaryOf(model, values, plane, names, people);
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

function boundaryOf(
  { height, threshold, width }: Boundary,
  values: Float32Array,
  plane: Plane,
  names: SideNames,
  people: Places,
): ModelShape {
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
  const isIn = (box: Box, says: (value: number) => boolean): boolean => {
    const [u0, u1] = [box.left, box.right].map((x) => Math.floor(((x - left) / (right - left)) * width));
    const [v0, v1] = [box.bottom, box.top].map((y) => Math.floor(((bottom - y) / (bottom - top)) * height));
    for (let v = Math.max(0, v0); v <= Math.min(height - 1, v1); v++)
      for (let u = Math.max(0, u0); u <= Math.min(width - 1, u1); u++) if (!says(values[v * width + u])) return false;
    return true;
  };
  return {
    region: path,
    stroke: path,
    yes: firstOf(names.yes, (text) => spotOf(text, plane, people, (box) => isIn(box, (value) => value > threshold))),
    no: firstOf(names.no, (text) =>
      spotOf(text, plane, people, (box) => isIn(box, (value) => value <= threshold), true),
    ),
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

function firstOf(texts: readonly string[], find: (text: string) => Spot | null): Spot | null {
  for (const text of texts) {
    const found = find(text);
    if (found !== null) return found;
  }
  return null;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Of a letter of a name, and of its lines above and below the baseline. */
const LETTER = 7.6;
const ASCENT = 13;
const DESCENT = 5;
/** Between a name and the edge, or the boundary. */
const GAP = 8;
/** Of the largest of people. */
const RADIUS = 10;
/** Of so many people one may stand under a name, up to two: it need not flee from each. */
const CROWD = 200;
const FEW = 2;
const COLUMNS = 5;
const ROWS = 8;

/**
 * Where a name of a region stands: at the first place that lies in it whole and has few people, else where there are fewest.
 * Corners come first, from the upper right, or `fromBelow` from the lower left; then the places between them.
 */
function spotOf(
  text: string,
  plane: Plane,
  people: Places,
  isIn: (box: Box) => boolean,
  fromBelow = false,
): Spot | null {
  const { bottom, left, right, top } = plane;
  const width = LETTER * text.length;
  const columns = Array.from({ length: COLUMNS }, (_, k) => k / (COLUMNS - 1));
  const rows = Array.from({ length: ROWS }, (_, k) => k / (ROWS - 1));
  const isEnd = (share: number) => share === 0 || share === 1;
  const shares = rows.flatMap((v) => columns.map((u) => (fromBelow ? { u, v: 1 - v } : { u: 1 - u, v })));
  const corners = shares.filter(({ u, v }) => isEnd(u) && isEnd(v));
  const spots = [...corners, ...shares.filter((one) => !corners.includes(one))].map(({ u, v }) => {
    const from = left + GAP + u * Math.max(0, right - left - 2 * GAP - width);
    const y = top + GAP + ASCENT + v * Math.max(0, bottom - top - 2 * GAP - ASCENT - DESCENT);
    const box = { left: from, right: from + width, top: y - ASCENT, bottom: y + DESCENT };
    return {
      box,
      spot: { text, x: u === 1 ? box.right : from, y, anchor: u === 1 ? ('end' as const) : ('start' as const) },
    };
  });
  const free = spots
    .filter(({ box }) =>
      isIn({ left: box.left - GAP, right: box.right + GAP, top: box.top - GAP / 2, bottom: box.bottom + GAP / 2 }),
    )
    .map(({ box, spot }) => ({ spot, under: countIn(people, box) }));
  const least = Math.min(...free.map(({ under }) => under));
  const few = Math.min(FEW, Math.floor(people.x.length / CROWD));
  return free.find(({ under }) => under <= Math.max(few, least))?.spot ?? null;
}

function countIn({ x, y }: Places, { bottom, left, right, top }: Box): number {
  const isUnder = (px: number, py: number) =>
    px >= left - RADIUS && px <= right + RADIUS && py >= top - RADIUS && py <= bottom + RADIUS;
  let n = 0;
  for (let i = 0; i < x.length; i++) if (isUnder(x[i], y[i])) n++;
  return n;
}

/** The region goes under the people, the rest over them. */
export function drawRegion(group: Group, plane: Plane, shape: ModelShape): void {
  one(window(group, plane), 'path', 'world-region').attr('d', shape.region).attr('fill-rule', 'evenodd');
}

export function drawModel(group: Group, plane: Plane, shape: ModelShape): void {
  const inner = window(group, plane);
  one(inner, 'path', 'world-halo').attr('d', shape.stroke);
  one(inner, 'path', 'world-line').attr('d', shape.stroke);
  label(group, 'world-yes', shape.yes);
  label(group, 'world-no', shape.no);
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

function label(group: Group, name: string, at: Spot | null): void {
  one(group, 'text', name)
    .attr('x', at?.x ?? 0)
    .attr('y', at?.y ?? 0)
    .attr('text-anchor', at?.anchor ?? 'start')
    .text(at?.text ?? '');
}

function one(group: Group, tag: 'path' | 'svg' | 'text', name: string): Group {
  const found = group.select<SVGGraphicsElement>(`.${name}`);
  return found.empty() ? group.append<SVGGraphicsElement>(tag).attr('class', name) : found;
}
