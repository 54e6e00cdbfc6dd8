/**
 * Designs: which points of the axes are run.
 *
 * | design            | points                                         | source               |
 * |-------------------|------------------------------------------------|----------------------|
 * | `grid`            | every combination of levels (full factorial)   |                      |
 * | `latin-hypercube` | n, one in every n-th of each axis              | McKay et al. (1979)  |
 * | `sobol`           | n of the Sobol' sequence, scrambled or not     | Sobol' (1967)        |
 * | `saltelli`        | n (k + 2), for Sobol' indices                  | Saltelli et al. (2010) |
 */
import { type Axis, type Value, valueAt } from './axis.js';
import { latinHypercube } from './latin-hypercube.js';
import { saltelliRows } from './saltelli.js';
import { type Scramble, scramble } from './scramble.js';
import { sobolWords } from './sobol.js';

export const DESIGNS = ['grid', 'latin-hypercube', 'sobol', 'saltelli'] as const;
export type DesignName = (typeof DESIGNS)[number];

export interface Design {
  readonly name: DesignName;
  /** n; null for a grid. */
  readonly points: number | null;
  /** Of `sobol` and `saltelli`. */
  readonly scramble: Scramble | null;
  /** Of what is drawn: the hypercube, the scrambling. */
  readonly seed: number | null;
}

/** Points that a design has. */
export function pointCount({ name, points }: Design, axes: readonly Axis[]): number {
  if (name === 'grid')
    return axes.reduce((n, axis) => n * (axis.kind === 'levels' ? axis.levels.length : Number.NaN), 1);
  return (points ?? 0) * (name === 'saltelli' ? axes.length + 2 : 1);
}

/** Gives the values of the k-th point, one for each axis. */
export function pointsOf(design: Design, axes: readonly Axis[]): (k: number) => readonly Value[] {
  if (design.name === 'grid') return gridPoint(axes);
  const d = axes.length;
  const rows = unitRows(design, d);
  return (k) => axes.map((axis, j) => valueAt(axis, rows[k * d + j]));
}

/** The last axis moves fastest. */
const gridPoint =
  (axes: readonly Axis[]) =>
  (k: number): Value[] => {
    const values: Value[] = new Array(axes.length);
    let rest = k;
    for (let j = axes.length - 1; j >= 0; j--) {
      const axis = axes[j];
      if (axis.kind === 'range') throw new RangeError(`a grid needs levels: \`${axis.path}\` is a range`);
      values[j] = axis.levels[rest % axis.levels.length];
      rest = Math.floor(rest / axis.levels.length);
    }
    return values;
  };

function unitRows({ name, points, scramble: how, seed }: Design, d: number): Float64Array {
  const n = points ?? 0;
  if (name === 'latin-hypercube') return latinHypercube(n, d, seed ?? 1);
  const width = name === 'saltelli' ? 2 * d : d;
  const words = scramble(sobolWords(n, width), width, how ?? 'none', seed ?? 1);
  const units = Float64Array.from(words, (word) => word / 2 ** 32);
  return name === 'saltelli' ? saltelliRows(units, n, d) : units;
}
