/** What a study comes to: each measure by point, by parameter, and how much of its variance each parameter has. */
import { type Interval, intervalOf } from '../statistics.js';
import type { Value } from './axis.js';
import type { RunStore } from './run-store.js';
import { type Index, sobolIndices } from './sensitivity.js';
import type { Study } from './study.js';

/** A measure over the seeds of a point; null where no run has it. */
export type ByMeasure = Readonly<Record<string, Interval | null>>;

export interface PointSummary {
  readonly parameters: Readonly<Record<string, Value>>;
  readonly measures: ByMeasure;
  readonly diverged: number;
}

/** All runs in which a parameter has a value, or lies in a part of its range. */
export interface LevelSummary {
  readonly parameter: string;
  readonly level: string;
  readonly runs: number;
  readonly measures: ByMeasure;
}

export interface Sensitivity {
  readonly measure: string;
  readonly parameters: readonly { readonly parameter: string; readonly first: Index; readonly total: Index }[];
  /** Rows of the design that count, and of how many: a row counts where every point of it has a value. */
  readonly n: number;
  readonly of: number;
}

/** The last row of each run: the only one, or the last step of a trace. */
export interface Finals {
  readonly values: readonly Float64Array[];
  readonly diverged: Uint8Array;
}

export function finalsOf(study: Study, store: RunStore): Finals {
  const values = study.measures.map(() => new Float64Array(study.runs).fill(Number.NaN));
  const diverged = new Uint8Array(study.runs);
  for (let n = 0; n < study.runs; n++) {
    const run = store.read(n);
    diverged[n] = run.diverged ? 1 : 0;
    run.rows.at(-1)?.forEach((value, k) => {
      values[k][n] = value ?? Number.NaN;
    });
  }
  return { values, diverged };
}

const intervalsOver = ({ measures }: Study, { values }: Finals, runs: readonly number[]): ByMeasure =>
  Object.fromEntries(
    measures.map(({ name }, k) => [name, intervalOf(runs, (n) => (Number.isNaN(values[k][n]) ? null : values[k][n]))]),
  );

const runsOf = ({ seeds }: Study, point: number): number[] =>
  Array.from({ length: seeds }, (_, k) => point * seeds + k);

export const pointSummary = (study: Study, finals: Finals, point: number): PointSummary => {
  const runs = runsOf(study, point);
  const values = study.pointAt(point);
  return {
    parameters: Object.fromEntries(study.axes.map(({ path }, j) => [path, values[j]])),
    measures: intervalsOver(study, finals, runs),
    diverged: runs.reduce((sum, n) => sum + finals.diverged[n], 0),
  };
};

/** More levels than this are put together. */
const MOST_LEVELS = 10;
const PARTS = 4;

/**
 * Each parameter alone, the others as the design mixes them. Of a range, or of many levels that are numbers: four parts
 * with the same number of points.
 */
export function levelSummaries(study: Study, finals: Finals): LevelSummary[] {
  return study.axes.flatMap(({ path }, j) => {
    const values = Array.from({ length: study.points }, (_, k) => study.pointAt(k)[j]);
    return groupsOf(values).map(({ level, points }) => {
      const runs = points.flatMap((point) => runsOf(study, point));
      return { parameter: path, level, runs: runs.length, measures: intervalsOver(study, finals, runs) };
    });
  });
}

function groupsOf(values: readonly Value[]): { level: string; points: number[] }[] {
  const groups = new Map<string, number[]>();
  values.forEach((value, k) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [k]);
    else group.push(k);
  });
  const isNumeric = values.every((value) => typeof value === 'number');
  if (groups.size <= MOST_LEVELS || !isNumeric)
    return [...groups].slice(0, 4 * MOST_LEVELS).map(([level, points]) => ({ level, points }));
  const numbers = values as readonly number[];
  const order = numbers.map((_, k) => k).sort((a, b) => numbers[a] - numbers[b] || a - b);
  return Array.from({ length: PARTS }, (_, p) => {
    const points = order.slice(Math.round((p * order.length) / PARTS), Math.round(((p + 1) * order.length) / PARTS));
    const [low, high] = [numbers[points[0]], numbers[points[points.length - 1]]];
    return { level: `${short(low)} to ${short(high)}`, points };
  });
}

const short = (x: number): string => String(Number(x.toPrecision(3)));

/** Of a Saltelli design: a measure at a point is its mean over the seeds. Measures that do not vary are left out. */
export function sensitivities(study: Study, finals: Finals): Sensitivity[] {
  if (study.design.name !== 'saltelli') return [];
  const k = study.axes.length;
  const block = k + 2;
  const of = study.points / block;
  return study.measures.flatMap(({ name }, m): Sensitivity[] => {
    const at = Float64Array.from({ length: study.points }, (_, point) => {
      // One seed that has no value would shift the mean over the others.
      return runsOf(study, point).reduce((sum, n) => sum + finals.values[m][n], 0) / study.seeds;
    });
    const rows = Array.from({ length: of }, (_, i) => i).filter((i) =>
      at.subarray(i * block, (i + 1) * block).every((value) => Number.isFinite(value)),
    );
    const column = (c: number) => Float64Array.from(rows, (i) => at[i * block + c]);
    const found = sobolIndices(
      column(0),
      column(1),
      study.axes.map((_, j) => column(2 + j)),
    );
    if (found === null) return [];
    const parameters = study.axes.map(({ path }, j) => ({
      parameter: path,
      first: found.first[j],
      total: found.total[j],
    }));
    return [{ measure: name, parameters, n: found.n, of }];
  });
}
