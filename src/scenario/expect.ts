/**
 * Expectations: what a scenario says will come out, evaluated when its runs have ended.
 *
 * A name such as `actual.accuracy` is a series: one value a step, of every replicate. `final`, `first`, `at`, or `mean`
 * and its kin with a first and last step make one value a run of it; `median`, `mean`, `quantile` and their kin of values
 * a run make one value of all runs. What is left holds for every run and step that it speaks of. Values that do not exist
 * are left out; where none is left, nothing can be compared and the expectation does not hold.
 *
 * `near(a, b, tolerance)` holds where |a - b| <= tolerance. `and`, `or` and `not` join whole claims: `x < 1 or y < 1` holds
 * where one of the two holds at every step.
 */
import { FormulaError, parse, type Syntax } from '../core/formula/index.js';
import { nearest } from '../core/nearest.js';
import { lagged, quantile, REDUCE, slope } from './statistics.js';
import {
  type Claim,
  comparison,
  constantTerm,
  junction,
  map,
  negation,
  type RunSeries,
  type Term,
  type Verdict,
} from './term.js';

export interface CheckedExpectation {
  /** The series that it reads. */
  readonly reads: ReadonlySet<string>;
  /** Whether each run can be judged alone; otherwise it speaks of all runs at once. */
  readonly perRun: boolean;
  judge(runs: readonly RunSeries[]): Verdict;
}

/** Parses and checks an expectation. Throws a `FormulaError`. */
export function checkExpectation(source: string, names: readonly string[]): CheckedExpectation {
  const checker = new Checker(source, new Set(names));
  const claim = checker.claim(parse(source));
  return { reads: checker.reads, perRun: claim.level > 0, judge: (runs) => claim.judge(runs).verdict };
}

/** A number of each run, or of each step of it. */
export interface CheckedMeasure {
  /** The series that it reads. */
  readonly reads: ReadonlySet<string>;
  /** Whether it has a value a step; otherwise one a run. */
  readonly perStep: boolean;
  /** One value, or one a step; NaN where it does not exist. */
  of(run: RunSeries): Float64Array;
}

/**
 * Parses and checks a measure, in the words of an expectation: `final(actual.accuracy) - lab.accuracy`. A comparison is 1 or
 * 0. Throws a `FormulaError`, also for what is one number of all runs together.
 */
export function checkMeasure(source: string, names: readonly string[]): CheckedMeasure {
  const checker = new Checker(source, new Set(names));
  const { level, evaluate } = checker.measure(parse(source));
  return { reads: checker.reads, perStep: level === 2, of: (run) => evaluate([run])[0] };
}

/**
 * The claims that an expectation joins with `and`, each as it is written: it holds where all of them do. An expectation
 * with `or` or `not` outside of parentheses is one claim.
 */
export function conjuncts(source: string): string[] {
  const cuts: number[] = [];
  let depth = 0;
  for (const { 0: word, index } of source.matchAll(/[()]|\b(?:and|or|not)\b/g)) {
    if (word === '(') depth++;
    else if (word === ')') depth--;
    else if (depth > 0) continue;
    else if (word === 'and') cuts.push(index);
    else return [source.trim()];
  }
  const starts = [0, ...cuts.map((cut) => cut + 'and'.length)];
  return starts.map((start, k) => source.slice(start, cuts[k]).trim());
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
/** What is true or false of two numbers. */
const TRUTH: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ...COMPARE,
  and: (a, b) => a !== 0 && b !== 0,
  or: (a, b) => a !== 0 || b !== 0,
};
/** 1 or 0; nothing is known of what does not exist. */
const truthOf = (holds: boolean, ...of: number[]): number => (of.some(Number.isNaN) ? Number.NaN : holds ? 1 : 0);
const PLAIN: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
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
      return junction(syntax.op, this.claim(syntax.left), this.claim(syntax.right));
    if (syntax.type === 'unary' && syntax.op === 'not') return negation(this.claim(syntax.arg));
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

  measure(syntax: Syntax): Term {
    const term = this.term(syntax);
    if (term.level > 0) return term;
    return this.fail(
      'this is one number of all runs',
      this.source,
      'a number of each run, such as `final(actual.accuracy)`',
    );
  }

  private term(syntax: Syntax): Term {
    switch (syntax.type) {
      case 'number':
        return constantTerm(syntax.value);
      case 'name':
        return this.name(syntax.path);
      case 'unary': {
        const inner = this.term(syntax.arg);
        return syntax.op === '-' ? map([inner], (x) => -x) : map([inner], (x) => truthOf(x === 0, x));
      }
      case 'binary': {
        const terms = [this.term(syntax.left), this.term(syntax.right)];
        const truth = TRUTH[syntax.op];
        if (truth !== undefined) return map(terms, (a, b) => truthOf(truth(a, b), a, b));
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
    if (this.inTime === 0 && /^(?!slices\.)(.*\.)?lab\./.test(path))
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
      if (q < 0 || q > 1) this.fail('a quantile lies between 0 and 1', name, `\`${USAGE[name]}\``);
      return this.reduced(this.term(args[0]), (x) => quantile(x, q), null, wrong);
    }
    if (Object.hasOwn(REDUCE, name)) {
      if (args.length !== 1 && args.length !== 3) wrong();
      const timed = args.length === 3;
      const range = timed ? this.range(args[1], args[2], name) : null;
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
      const [from, to] = this.range(args[2], args[3], name);
      return {
        level: 1,
        evaluate: (runs) => {
          const xs = x.evaluate(runs);
          return y
            .evaluate(runs)
            .map((v, r) => Float64Array.of(slope(v.slice(from, to + 1), xs[r].slice(from, to + 1))));
        },
      };
    }
    const [least, most] = name === 'at' ? [2, 2] : name === 'lag' ? [1, 1] : [1, 1];
    if (args.length < least || args.length > most) wrong();
    const x = this.series(args[0], wrong);
    if (name === 'lag') return { level: 2, evaluate: (runs) => x.evaluate(runs).map(lagged) };
    const step = name === 'at' ? this.step(args[1], name) : 0;
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

  private step(syntax: Syntax, name: string): number {
    const step = this.number(syntax, name);
    if (!Number.isInteger(step) || step < 0) this.fail(`\`${step}\` is not a step`, name, 'a whole number, 0 or more');
    return step;
  }

  private range(first: Syntax, last: Syntax, name: string): readonly [from: number, to: number] {
    const range = [this.step(first, name), this.step(last, name)] as const;
    if (range[1] < range[0]) this.fail(`\`${name}\` ends before it begins`, name, `\`${USAGE[name]}\``);
    return range;
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
      evaluate: (runs) => [Float64Array.of(reduce(existing(Float64Array.from(term.evaluate(runs), (x) => x[0]))))],
    };
  }
}
