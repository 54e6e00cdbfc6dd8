/**
 * Expectations: what a scenario says will come out, evaluated when its runs have ended.
 *
 * A name such as `actual.accuracy` is a series: one value a step, of every replicate. `final`, `first`, `at`, or `mean`
 * and its kin with a first and last step make one value a run of it; `median`, `mean`, `quantile` and their kin of values
 * a run make one value of all runs. What is left holds for every run and step that it speaks of.
 *
 * `near(a, b, tolerance)` holds where |a - b| <= tolerance. `and`, `or` and `not` join whole claims: `x < 1 or y < 1` holds
 * where one of the two holds at every step.
 */
import { FormulaError, parse, type Syntax } from '../core/formula/index.js';
import { nearest } from '../core/nearest.js';
import type { StepRecord } from '../loop/trace.js';

/** What is kept of one run. */
export interface RunSeries {
  /** One value a step; NaN where it does not exist. */
  readonly series: ReadonlyMap<string, Float64Array>;
  readonly steps: number;
  readonly diverged: boolean;
}

/** A name that expectations may use: what it reads from a step's record. */
export type Reader = (record: StepRecord) => number | null | undefined;

export interface Verdict {
  readonly holds: boolean;
  readonly left: number | null;
  readonly right: number | null;
  /** Between left and right: `<`, `near`. */
  readonly relation: string;
  /** Of `near`. */
  readonly tolerance: number | null;
}

export interface CheckedExpectation {
  /** The series that it reads. */
  readonly reads: ReadonlySet<string>;
  judge(runs: readonly RunSeries[]): Verdict;
}

/** 0: one number. 1: one a run. 2: one a step of each run. */
type Level = 0 | 1 | 2;
type Data = readonly Float64Array[];
interface Term {
  readonly level: Level;
  evaluate(runs: readonly RunSeries[]): Data;
}
interface Claim {
  judge(runs: readonly RunSeries[]): Verdict;
}

/** Parses and checks an expectation. Throws a `FormulaError`. */
export function checkExpectation(source: string, names: readonly string[]): CheckedExpectation {
  const checker = new Checker(source, new Set(names));
  const claim = checker.claim(parse(source));
  return { reads: checker.reads, judge: (runs) => claim.judge(runs) };
}

const RUN_NAMES = ['diverged', 'steps'];
const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};
const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
};
const PLAIN: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
};
const REDUCE: Readonly<Record<string, (x: Float64Array) => number>> = {
  mean: meanOf,
  sum: (x) => x.reduce((a, b) => a + b, 0),
  sd: sdOf,
  min: (x) => (x.length > 0 ? x.reduce((a, b) => Math.min(a, b)) : Number.NaN),
  max: (x) => (x.length > 0 ? x.reduce((a, b) => Math.max(a, b)) : Number.NaN),
  median: (x) => quantileOf(x, 0.5),
  share: (x) => meanOf(x.map((v) => (v !== 0 ? 1 : 0))),
};
const USAGE: Readonly<Record<string, string>> = {
  final: 'final(series)',
  first: 'first(series)',
  at: 'at(series, step)',
  lag: 'lag(series)',
  slope: 'slope(series, series, from, to)',
  quantile: 'quantile(x, q)',
  near: 'near(a, b, tolerance)',
  ...Object.fromEntries(Object.keys(REDUCE).map((name) => [name, `${name}(x) or ${name}(series, from, to)`])),
  ...Object.fromEntries(Object.keys(PLAIN).map((name) => [name, `${name}(x)`])),
};

class Checker {
  readonly reads = new Set<string>();
  /** Inside a function of time, `lab.accuracy` is a series; outside, what the first version scored. */
  private inTime = 0;

  constructor(
    private readonly source: string,
    private readonly names: ReadonlySet<string>,
  ) {}

  private fail(message: string, word: string, expected: string | null = null, near: string | null = null): never {
    throw new FormulaError(message, this.source, Math.max(0, this.source.indexOf(word)), expected, near);
  }

  claim(syntax: Syntax): Claim {
    if (syntax.type === 'binary' && (syntax.op === 'and' || syntax.op === 'or'))
      return this.both(syntax.op, this.claim(syntax.left), this.claim(syntax.right));
    if (syntax.type === 'unary' && syntax.op === 'not') {
      const inner = this.claim(syntax.arg);
      return {
        judge: (runs) => {
          const verdict = inner.judge(runs);
          return { ...verdict, holds: !verdict.holds, relation: `not ${verdict.relation}` };
        },
      };
    }
    if (syntax.type === 'binary' && Object.hasOwn(COMPARE, syntax.op)) {
      const compare = COMPARE[syntax.op];
      return comparison(syntax.op, this.term(syntax.left), this.term(syntax.right), null, (a, b) => compare(a, b));
    }
    if (syntax.type === 'call' && syntax.name === 'near') {
      if (syntax.args.length !== 3) this.fail('`near` takes three values', 'near', `\`${USAGE.near}\``);
      const [a, b, tolerance] = syntax.args.map((arg) => this.term(arg));
      return comparison('near', a, b, tolerance, (x, y, e) => Math.abs(x - y) <= e);
    }
    const example = 'a comparison such as `final(actual.accuracy) < 0.8`';
    return this.fail('an expectation must hold or not', this.source, example);
  }

  private both(op: 'and' | 'or', a: Claim, b: Claim): Claim {
    return {
      judge: (runs) => {
        const first = a.judge(runs);
        // The part that decides is the one that is shown.
        return first.holds === (op === 'or') ? first : b.judge(runs);
      },
    };
  }

  private term(syntax: Syntax): Term {
    switch (syntax.type) {
      case 'number':
        return constantTerm(syntax.value);
      case 'name':
        return this.name(syntax.path);
      case 'unary': {
        const inner = this.term(syntax.arg);
        return syntax.op === '-' ? map([inner], (x) => -x) : map([inner], (x) => (x === 0 ? 1 : 0));
      }
      case 'binary': {
        const terms = [this.term(syntax.left), this.term(syntax.right)];
        const compare = COMPARE[syntax.op];
        if (compare !== undefined)
          return map(terms, (a, b) => (Number.isNaN(a + b) ? Number.NaN : compare(a, b) ? 1 : 0));
        if (syntax.op === 'and') return map(terms, (a, b) => (a !== 0 && b !== 0 ? 1 : 0));
        if (syntax.op === 'or') return map(terms, (a, b) => (a !== 0 || b !== 0 ? 1 : 0));
        return map(terms, ARITHMETIC[syntax.op]);
      }
      case 'call':
        return this.call(syntax);
      default:
        return this.fail('texts and lists have no place here', this.source, 'a number');
    }
  }

  private name(path: string): Term {
    if (path === 'pi') return constantTerm(Math.PI);
    if (RUN_NAMES.includes(path)) {
      return {
        level: 1,
        evaluate: (runs) => runs.map((run) => Float64Array.of(path === 'steps' ? run.steps : run.diverged ? 1 : 0)),
      };
    }
    if (!this.names.has(path)) {
      const known = [...this.names, ...RUN_NAMES];
      this.fail(
        `unknown name \`${path}\``,
        path,
        'a name of the trace, such as `actual.accuracy`',
        nearest(path, known),
      );
    }
    this.reads.add(path);
    const series = (run: RunSeries) => run.series.get(path) ?? new Float64Array(0);
    if (this.inTime === 0 && /^(.*\.)?lab\./.test(path))
      return { level: 1, evaluate: (runs) => runs.map((run) => Float64Array.of(series(run)[0] ?? Number.NaN)) };
    return { level: 2, evaluate: (runs) => runs.map(series) };
  }

  private call({ args, name, where }: Syntax & { type: 'call' }): Term {
    if (!Object.hasOwn(USAGE, name))
      this.fail(`unknown function \`${name}\``, name, 'a function of expectations', nearest(name, Object.keys(USAGE)));
    if (where !== null) this.fail('`where` has no place in an expectation', 'where');
    const wrong = (): never => this.fail(`\`${name}\` cannot be used like this`, name, `\`${USAGE[name]}\``);
    if (Object.hasOwn(PLAIN, name)) {
      if (args.length !== 1) wrong();
      return map([this.term(args[0])], PLAIN[name]);
    }
    if ((name === 'min' || name === 'max') && args.length === 2)
      return map(
        args.map((arg) => this.term(arg)),
        name === 'min' ? Math.min : Math.max,
      );
    if (name === 'near') wrong();
    if (name === 'quantile') {
      if (args.length !== 2) wrong();
      const q = this.number(args[1], name);
      return this.reduced(this.term(args[0]), (x) => quantileOf(x, q), null, wrong);
    }
    if (Object.hasOwn(REDUCE, name)) {
      if (args.length !== 1 && args.length !== 3) wrong();
      const timed = args.length === 3;
      const range = timed ? ([this.number(args[1], name), this.number(args[2], name)] as const) : null;
      const term = timed ? this.series(args[0], wrong) : this.term(args[0]);
      return this.reduced(term, REDUCE[name], range, wrong);
    }
    return this.overTime(name, args, wrong);
  }

  private overTime(name: string, args: readonly Syntax[], wrong: () => never): Term {
    if (name === 'slope') {
      if (args.length !== 4) wrong();
      const y = this.series(args[0], wrong);
      const x = this.series(args[1], wrong);
      const [from, to] = [this.number(args[2], name), this.number(args[3], name)];
      return {
        level: 1,
        evaluate: (runs) => {
          const xs = x.evaluate(runs);
          return y
            .evaluate(runs)
            .map((v, r) => Float64Array.of(slopeOf(v.slice(from, to + 1), xs[r].slice(from, to + 1))));
        },
      };
    }
    const [least, most] = name === 'at' ? [2, 2] : name === 'lag' ? [1, 1] : [1, 1];
    if (args.length < least || args.length > most) wrong();
    const x = this.series(args[0], wrong);
    if (name === 'lag') return { level: 2, evaluate: (runs) => x.evaluate(runs).map(lagged) };
    const step = name === 'at' ? this.number(args[1], name) : 0;
    const pick = (values: Float64Array) =>
      name === 'final' ? (values.at(-1) ?? Number.NaN) : (values[step] ?? Number.NaN);
    return { level: 1, evaluate: (runs) => x.evaluate(runs).map((values) => Float64Array.of(pick(values))) };
  }

  private series(syntax: Syntax, wrong: () => never): Term {
    this.inTime++;
    const term = this.term(syntax);
    this.inTime--;
    return term.level === 2 ? term : wrong();
  }

  private number(syntax: Syntax, name: string): number {
    if (syntax.type !== 'number') this.fail(`\`${name}\` takes plain numbers here`, name, `\`${USAGE[name]}\``);
    return syntax.value;
  }

  private reduced(
    term: Term,
    reduce: (x: Float64Array) => number,
    range: readonly [number, number] | null,
    wrong: () => never,
  ): Term {
    const existing = (x: Float64Array) => x.filter((v) => !Number.isNaN(v));
    if (term.level === 2) {
      const [from, to] = range ?? [0, Number.POSITIVE_INFINITY];
      return {
        level: 1,
        evaluate: (runs) => term.evaluate(runs).map((x) => Float64Array.of(reduce(existing(x.slice(from, to + 1))))),
      };
    }
    if (range !== null || term.level === 0) wrong();
    return {
      level: 0,
      evaluate: (runs) => [Float64Array.of(reduce(Float64Array.from(term.evaluate(runs), (x) => x[0])))],
    };
  }
}

const constantTerm = (value: number): Term => ({ level: 0, evaluate: () => [Float64Array.of(value)] });

/** Element by element; a number goes with every run, a number a run with its every step. */
function map(terms: readonly Term[], f: (...x: number[]) => number): Term {
  const level = terms.reduce<Level>((most, term) => (term.level > most ? term.level : most), 0);
  return { level, evaluate: (runs) => spread(terms, level, runs).map((columns) => zip(columns, f)) };
}

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
function comparison(
  relation: string,
  left: Term,
  right: Term,
  tolerance: Term | null,
  holds: (a: number, b: number, e: number) => boolean,
): Claim {
  const terms = tolerance === null ? [left, right] : [left, right, tolerance];
  const level = terms.reduce<Level>((most, term) => (term.level > most ? term.level : most), 0);
  return {
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
          if (!verdict.holds) return verdict;
          seen = verdict;
        }
      }
      return seen ?? { holds: false, left: null, right: null, relation, tolerance: null };
    },
  };
}

const lagged = (x: Float64Array): Float64Array => {
  const out = new Float64Array(x.length);
  out[0] = Number.NaN;
  out.set(x.subarray(0, -1), 1);
  return out;
};

function meanOf(x: Float64Array): number {
  return x.length > 0 ? x.reduce((a, b) => a + b, 0) / x.length : Number.NaN;
}

/** Divisor n - 1. */
function sdOf(x: Float64Array): number {
  const mean = meanOf(x);
  return x.length > 1 ? Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (x.length - 1)) : Number.NaN;
}

/** Linear between order statistics. */
function quantileOf(x: Float64Array, q: number): number {
  if (x.length === 0) return Number.NaN;
  const sorted = x.slice().sort();
  const place = q * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

/** Least-squares slope of y on x, with an intercept. */
function slopeOf(y: Float64Array, x: Float64Array): number {
  const pairs = [...y].map((v, i) => [x[i], v] as const).filter(([a, b]) => !Number.isNaN(a + b));
  const mx = meanOf(Float64Array.from(pairs, ([a]) => a));
  const my = meanOf(Float64Array.from(pairs, ([, b]) => b));
  let xy = 0;
  let xx = 0;
  for (const [a, b] of pairs) {
    xy += (a - mx) * (b - my);
    xx += (a - mx) ** 2;
  }
  return xy / xx;
}

const BINARY = [
  'accuracy',
  'balancedAccuracy',
  'auc',
  'logLoss',
  'brier',
  'ece',
  'fpr',
  'fnr',
  'selectionRate',
  'baseRate',
  'n',
];
const NUMERIC = ['rmse', 'mae', 'r2', 'bias', 'n'];
const INTERVAL = ['coverage', 'width', 'winkler'];
const OF_MODEL = ['intercept', 'sd', 'norm', 'objective', 'gap', 'version', 'trained'] as const;
const VANTAGES = ['lab', 'observed', 'actual'] as const;

/** What the names are made from: the parts of a scenario. */
export interface Parts {
  readonly models: readonly {
    readonly name: string;
    readonly kind: 'numeric' | 'binary';
    readonly columns: readonly string[];
  }[];
  readonly primary: string;
  readonly slices: readonly string[];
  readonly measures: readonly string[];
  readonly theory: readonly string[];
  readonly state: readonly string[];
  readonly population: readonly string[];
  readonly costs: boolean;
}

/** A slice's name as a word of a formula: `group: rural` is `group_rural`. */
export const sliceWord = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '');

/** Every name that expectations may use, with what it reads. */
export function readersOf(parts: Parts): ReadonlyMap<string, Reader> {
  const readers = new Map<string, Reader>([['t', (r) => r.t]]);
  for (const { columns, kind, name } of parts.models) {
    const metrics = [...(kind === 'binary' ? BINARY : NUMERIC), ...INTERVAL];
    const isPrimary = name === parts.primary;
    for (const vantage of VANTAGES) {
      for (const metric of metrics) {
        const read: Reader = (r) => (isPrimary ? r : r.models[name]?.metrics)?.[vantage][metric];
        readers.set(`${name}.${vantage}.${metric}`, read);
        if (isPrimary) readers.set(`${vantage}.${metric}`, read);
      }
    }
    for (const key of OF_MODEL) readers.set(`${name}.${key}`, (r) => r.models[name]?.[key]);
    for (const column of columns) readers.set(`${name}.coef.${column}`, (r) => r.models[name]?.coef?.[column]);
    if (!isPrimary) continue;
    for (const slice of parts.slices) {
      for (const metric of metrics)
        readers.set(`slices.${sliceWord(slice)}.${metric}`, (r) => r.slices[slice]?.[metric]);
    }
  }
  const block = (key: 'measure' | 'theory' | 'state', names: readonly string[]) => {
    for (const name of names) {
      const read: Reader = (r) => r[key][name];
      readers.set(`${key}.${name}`, read);
      if (!readers.has(name)) readers.set(name, read);
    }
  };
  block('measure', parts.measures);
  block('theory', parts.theory);
  block('state', parts.state);
  for (const name of parts.population) {
    readers.set(`population.${name}.mean`, (r) => r.population[name]?.mean);
    readers.set(`population.${name}.sd`, (r) => r.population[name]?.sd);
  }
  if (parts.costs)
    for (const key of ['error', 'label', 'retrain', 'total']) readers.set(`costs.${key}`, (r) => r.costs[key]);
  return readers;
}
