/**
 * An axis of a sweep: the path of a parameter, and what it may be. Either levels, one of which is taken (numbers, words,
 * blocks), or a range of numbers, of which any may be taken.
 */

/** What the YAML of a scenario can hold at a path. */
export type Value = unknown;

export interface Levels {
  readonly kind: 'levels';
  readonly path: string;
  readonly levels: readonly Value[];
}

/** Both ends are in it. `whole`: whole numbers only. `log`: every decade is given the same room. */
export interface Range {
  readonly kind: 'range';
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly scale: 'linear' | 'log';
  readonly whole: boolean;
}

export type Axis = Levels | Range;

/** The value at a coordinate u on [0, 1) of the unit cube. */
export function valueAt(axis: Axis, u: number): Value {
  if (axis.kind === 'levels') return axis.levels[Math.floor(u * axis.levels.length)];
  const { from, scale, to, whole } = axis;
  if (!whole) return scale === 'log' ? from * (to / from) ** u : from + u * (to - from);
  // Each whole number has the room up to the next one.
  const end = to + 1;
  const x = scale === 'log' ? from * (end / from) ** u : from + u * (end - from);
  return Math.min(to, Math.floor(x));
}

const MOST_TRIED = 200;

/** What is tried before anything runs: the levels, of very many some all over them, or both ends of a range. */
export function extremes(axis: Axis): readonly Value[] {
  if (axis.kind === 'range') return [axis.from, axis.to];
  const { levels } = axis;
  if (levels.length <= MOST_TRIED) return levels;
  return Array.from({ length: MOST_TRIED }, (_, k) => levels[Math.round((k * (levels.length - 1)) / (MOST_TRIED - 1))]);
}

/**
 * Levels from `from` to `to` with `by` between two: the last is at most `to`. Each is worked out from the first, and rounded
 * to 12 digits, so that 0..1 by 0.1 has 0.3 and not 0.30000000000000004.
 */
export function stepped(from: number, to: number, by: number): number[] {
  const count = Math.floor((to - from) / by + 1e-9) + 1;
  return Array.from({ length: count }, (_, k) => rounded(from + k * by));
}

/** `points` levels with both ends, the same distance or the same ratio between two. */
export function spaced(from: number, to: number, points: number, scale: Range['scale']): number[] {
  if (points === 1) return [from];
  return Array.from({ length: points }, (_, k) => {
    if (k === 0) return from;
    if (k === points - 1) return to;
    const u = k / (points - 1);
    return rounded(scale === 'log' ? from * (to / from) ** u : from + u * (to - from));
  });
}

const rounded = (x: number): number => Number(x.toPrecision(12));
