/** The parts of an expectation: terms, which have values, and claims, which hold or not. */

/** What is kept of one run. */
export interface RunSeries {
  /** One value a step; NaN where it does not exist. */
  readonly series: ReadonlyMap<string, Float64Array>;
  readonly steps: number;
  readonly diverged: boolean;
}

/** 0: one number. 1: one a run. 2: one a step of each run. */
export type Level = 0 | 1 | 2;

export interface Term {
  readonly level: Level;
  evaluate(runs: readonly RunSeries[]): readonly Float64Array[];
}

export interface Verdict {
  readonly holds: boolean;
  readonly left: number | null;
  readonly right: number | null;
  /** Between left and right: `<`, `near`. */
  readonly relation: string;
  /** Of `near`. */
  readonly tolerance: number | null;
}

/** A verdict, and whether there was anything to compare. */
interface Judged {
  readonly verdict: Verdict;
  readonly compared: boolean;
}

/** What holds or does not. Where nothing could be compared it does not hold, and neither does its contrary. */
export interface Claim {
  /** Of what it compares, the lowest: 0 where it needs all runs at once, else each run can be judged alone. */
  readonly level: Level;
  judge(runs: readonly RunSeries[]): Judged;
}

export const constantTerm = (value: number): Term => ({ level: 0, evaluate: () => [Float64Array.of(value)] });

/** Element by element; a number goes with every run, a number a run with its every step. */
export function map(terms: readonly Term[], f: (...x: number[]) => number): Term {
  const level = highest(terms);
  return { level, evaluate: (runs) => spread(terms, level, runs).map((columns) => zip(columns, f)) };
}

const highest = (terms: readonly Term[]): Level =>
  terms.reduce<Level>((most, term) => (term.level > most ? term.level : most), 0);

/** For each run (or once), the terms' values. */
function spread(terms: readonly Term[], level: Level, runs: readonly RunSeries[]): Float64Array[][] {
  const values = terms.map((term) => term.evaluate(runs));
  const count = level === 0 ? 1 : runs.length;
  return Array.from({ length: count }, (_, r) => terms.map((term, k) => values[k][term.level === 0 ? 0 : r]));
}

function zip(columns: readonly Float64Array[], f: (...x: number[]) => number): Float64Array {
  const length = columns.reduce((n, column) => (column.length === 1 ? n : Math.max(n, column.length)), 1);
  const out = new Float64Array(columns.some((column) => column.length === 0) ? 0 : length);
  for (let i = 0; i < out.length; i++) {
    out[i] = f(...columns.map((column) => (column.length === 1 ? column[0] : (column[i] ?? Number.NaN))));
  }
  return out;
}

/** Holds where it holds for every run and step at which both sides exist, and there is one such. */
export function comparison(
  relation: string,
  left: Term,
  right: Term,
  tolerance: Term | null,
  holds: (a: number, b: number, e: number) => boolean,
): Claim {
  const terms = tolerance === null ? [left, right] : [left, right, tolerance];
  const level = highest(terms);
  return {
    level,
    judge: (runs) => {
      let seen: Verdict | null = null;
      for (const [a, b, e] of spread(terms, level, runs)) {
        const length = Math.max(a.length, b.length);
        for (let i = 0; i < length; i++) {
          const x = a[a.length === 1 ? 0 : i] ?? Number.NaN;
          const y = b[b.length === 1 ? 0 : i] ?? Number.NaN;
          const z = e === undefined ? Number.NaN : (e[e.length === 1 ? 0 : i] ?? Number.NaN);
          if (Number.isNaN(x) || Number.isNaN(y)) continue;
          const verdict = {
            holds: holds(x, y, z),
            left: Number.isFinite(x) ? x : null,
            right: Number.isFinite(y) ? y : null,
            relation,
            tolerance: Number.isFinite(z) ? z : null,
          };
          if (!verdict.holds) return { verdict, compared: true };
          seen = verdict;
        }
      }
      const nothing = { holds: false, left: null, right: null, relation, tolerance: null };
      return { verdict: seen ?? nothing, compared: seen !== null };
    },
  };
}

/** The contrary. */
export const negation = (inner: Claim): Claim => ({
  level: inner.level,
  judge: (runs) => {
    const { compared, verdict } = inner.judge(runs);
    const relation = `not ${verdict.relation}`;
    return { verdict: { ...verdict, holds: compared && !verdict.holds, relation }, compared };
  },
});

/** Both, or one of two. The part that decides is the one that is shown. */
export const junction = (op: 'and' | 'or', a: Claim, b: Claim): Claim => ({
  level: a.level < b.level ? a.level : b.level,
  judge: (runs) => {
    const first = a.judge(runs);
    if (first.verdict.holds === (op === 'or')) return first;
    const second = b.judge(runs);
    // What cannot be compared leaves an `or` open: its contrary must not hold for that.
    return op === 'or' && !second.verdict.holds && !first.compared ? first : second;
  },
});
