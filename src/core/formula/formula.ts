/** Compiles a parsed formula against the names it may use, into a tree of block operations. */
import { nearest } from '../nearest.js';
import { CONSTANTS, FUNCTIONS, KERNELS1, KERNELS2, KERNELS3 } from './functions.js';
import { BINARY, UNARY } from './kernels.js';
import {
  AggregateOp,
  BLOCK,
  binary,
  ChoiceOp,
  ColumnOp,
  DRAWS,
  DrawOp,
  type Environment,
  FoldedOp,
  InterpolateOp,
  NumberOp,
  type Op,
  ScalarNameOp,
  ternary,
  unary,
} from './op.js';
import { at, FormulaError, parse, type Syntax } from './syntax.js';

/** A look-up table: `x` ascending, `y` of the same length. */
export interface Table {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** What a name stands for: a column of the population (a category has levels; `slot` where it is kept under another name), or one number. */
export type Meaning =
  | { readonly kind: 'column'; readonly levels: readonly string[] | null; readonly slot?: string }
  | { readonly kind: 'scalar' };

/** The names that a formula may use. */
export interface Scope {
  meaning(name: string): Meaning | null;
  /** Every known name: the nearest is proposed for an unknown one. */
  names(): readonly string[];
  table(name: string): Table | null;
  /** Why a known-looking name is not to be had here ("not yet predicted at this point of the step"). */
  reason?(name: string): string | null;
}

export interface CompileOptions {
  /** `many`: one value for each individual. `one`: a single number, in which columns stand inside aggregates only. */
  readonly rows?: 'many' | 'one';
  /** Whether it may draw at random. Default true. */
  readonly draws?: boolean;
  /** The levels of the category that the result is stored in: texts in the formula become their codes. */
  readonly levels?: readonly string[] | null;
}

/** A formula that was checked against its scope. Evaluation takes values from an environment and keeps no state. */
export class Formula {
  constructor(
    readonly source: string,
    /** Names of the columns and numbers that it reads. */
    readonly reads: ReadonlySet<string>,
    /** How many places of it draw at random. */
    readonly sites: number,
    private readonly root: Op,
  ) {}

  /** The same number for every row? */
  get scalar(): boolean {
    return this.root.scalar;
  }

  /** Writes one value for each individual into `out`. */
  evaluate(env: Environment, out: Float64Array): void {
    const { root } = this;
    const n = env.rows;
    root.begin(env);
    for (let start = 0; start < n; start += BLOCK) {
      const count = Math.min(BLOCK, n - start);
      root.block(start, count);
      const { data, offset } = root;
      for (let r = 0; r < count; r++) out[start + r] = data[offset + r];
    }
  }

  /** The value of a formula that stands for one number. */
  number(env: Environment): number {
    this.root.begin(env);
    this.root.block(0, 1);
    return this.root.data[this.root.offset];
  }
}

/** Parses, checks and compiles. Throws a `FormulaError` that says where, what was expected, and the nearest known name. */
export function compile(source: string, scope: Scope, options: CompileOptions = {}): Formula {
  const compiler = new Compiler(source, scope, options);
  const root = compiler.value(parse(source), 0, options.levels ?? null);
  return new Formula(source, compiler.reads, compiler.sites, root);
}

/** The names that a formula reads, without a scope: for ordering formulas that may name each other. */
export function namesIn(syntax: Syntax): string[] {
  switch (syntax.type) {
    case 'name':
      return [syntax.path];
    case 'unary':
      return namesIn(syntax.arg);
    case 'binary':
      return [...namesIn(syntax.left), ...namesIn(syntax.right)];
    case 'call':
      return [...syntax.args, ...(syntax.where ? [syntax.where] : [])].flatMap(namesIn);
    case 'list':
      return syntax.items.flatMap(namesIn);
    default:
      return [];
  }
}

/** An operation, with the levels of the category it is, if it is one. */
interface Typed {
  readonly op: Op;
  readonly levels: readonly string[] | null;
}

class Compiler {
  readonly reads = new Set<string>();
  sites = 0;
  private aggregates = 0;

  constructor(
    private readonly source: string,
    private readonly scope: Scope,
    private readonly options: CompileOptions,
  ) {}

  private fail(message: string, word: string, expected: string | null = null, near: string | null = null): never {
    throw new FormulaError(message, this.source, at(this.source, word), expected, near);
  }

  /** Compiles a part whose result is stored as `levels` asks: a category with those levels, or a number. */
  value(syntax: Syntax, depth: number, levels: readonly string[] | null): Op {
    const typed = this.typed(syntax, depth, levels);
    if (typed.levels !== null && levels === null) {
      const name = syntax.type === 'name' ? syntax.path : 'this';
      this.fail(
        `\`${name}\` is a category, not a number`,
        name,
        `a comparison such as \`${name} == "${typed.levels[0]}"\``,
      );
    }
    return typed.op;
  }

  private number(syntax: Syntax, depth: number): Op {
    return this.value(syntax, depth, null);
  }

  private typed(syntax: Syntax, depth: number, levels: readonly string[] | null): Typed {
    switch (syntax.type) {
      case 'number':
        return { op: new NumberOp(syntax.value), levels: null };
      case 'text':
        return { op: this.text(syntax.value, levels), levels };
      case 'name':
        return this.name(syntax.path);
      case 'unary':
        return this.plain(unary(UNARY[syntax.op], this.number(syntax.arg, depth), depth));
      case 'binary':
        return this.plain(this.binary(syntax, depth));
      case 'call':
        return this.call(syntax, depth, levels);
      case 'list':
        return this.fail('a list stands only inside `choice` or `interp`', '[');
    }
  }

  /** Numbers from numbers alone are computed once an evaluation, not once a row. */
  private plain(op: Op): Typed {
    return { op: op.scalar ? new FoldedOp(op) : op, levels: null };
  }

  private text(text: string, levels: readonly string[] | null): Op {
    if (levels === null) this.fail(`the text "${text}" stands where a number is expected`, text, 'a number');
    const code = levels.indexOf(text);
    if (code < 0) {
      this.fail(
        `"${text}" is not a value of this category`,
        text,
        `one of ${levels.join(', ')}`,
        nearest(text, levels),
      );
    }
    return new NumberOp(code);
  }

  private name(path: string): Typed {
    if (Object.hasOwn(CONSTANTS, path)) return { op: new NumberOp(CONSTANTS[path]), levels: null };
    const meaning = this.scope.meaning(path);
    if (meaning === null) {
      if (Object.hasOwn(FUNCTIONS, path)) this.fail(`\`${path}\` is a function`, path, FUNCTIONS[path].usage);
      const reason = this.scope.reason?.(path) ?? null;
      if (reason !== null) this.fail(reason, path);
      const known = [...this.scope.names(), ...Object.keys(CONSTANTS)];
      this.fail(`unknown name \`${path}\``, path, 'a name that is known here', nearest(path, known));
    }
    this.reads.add(path);
    if (meaning.kind === 'scalar') return { op: new ScalarNameOp(path), levels: null };
    if (this.options.rows === 'one' && this.aggregates === 0) {
      this.fail(`\`${path}\` has one value for each individual`, path, `an aggregate such as \`mean(${path})\``);
    }
    return { op: new ColumnOp(meaning.slot ?? path), levels: meaning.levels };
  }

  private binary(syntax: Syntax & { type: 'binary' }, depth: number): Op {
    const { op, left, right } = syntax;
    if (op === '==' || op === '!=') {
      // A text takes its code from the category on the other side.
      const leftLevels = left.type === 'text' ? null : this.levelsOf(left);
      const rightLevels = right.type === 'text' ? null : this.levelsOf(right);
      if (leftLevels !== null && rightLevels !== null && leftLevels.join() !== rightLevels.join()) {
        this.fail('these two categories have different values', op);
      }
      const levels = leftLevels ?? rightLevels;
      const a = levels === null ? this.number(left, depth) : this.typed(left, depth, levels).op;
      const b = levels === null ? this.number(right, depth + 1) : this.typed(right, depth + 1, levels).op;
      return binary(BINARY[op], a, b, depth);
    }
    return binary(BINARY[op], this.number(left, depth), this.number(right, depth + 1), depth);
  }

  private levelsOf(syntax: Syntax): readonly string[] | null {
    if (syntax.type !== 'name') return null;
    const meaning = this.scope.meaning(syntax.path);
    return meaning?.kind === 'column' ? meaning.levels : null;
  }

  private call(syntax: Syntax & { type: 'call' }, depth: number, levels: readonly string[] | null): Typed {
    const { name, args, where } = syntax;
    if (!Object.hasOwn(FUNCTIONS, name)) {
      this.fail(`unknown function \`${name}\``, name, 'a function', nearest(name, Object.keys(FUNCTIONS)));
    }
    const entry = FUNCTIONS[name];
    const [least, most] = entry.arity;
    if (args.length < least || args.length > most) {
      const count = `${args.length} argument${args.length === 1 ? '' : 's'}`;
      this.fail(`\`${name}\` got ${count}`, name, `\`${entry.usage}\``);
    }
    const aggregate = entry.kind === 'aggregate' || ((name === 'min' || name === 'max') && args.length === 1);
    if (where !== null && !aggregate)
      this.fail('`where` stands inside an aggregate', 'where', '`mean(x where condition)`');
    if (aggregate) return this.aggregate(name, args, where);
    if (entry.kind === 'draw') return { op: this.draw(name, args, depth), levels: null };
    if (entry.kind === 'table') return this.plain(this.interp(args, depth));
    return this.elementwise(name, args, depth, levels);
  }

  private elementwise(name: string, args: readonly Syntax[], depth: number, levels: readonly string[] | null): Typed {
    if (name === 'min' || name === 'max') {
      const kernel = KERNELS2[name];
      const folded = args
        .slice(1)
        .reduce((op, arg) => binary(kernel, op, this.number(arg, depth + 1), depth), this.number(args[0], depth));
      return this.plain(folded);
    }
    if (name === 'if') {
      const condition = this.number(args[0], depth);
      const then = this.typed(args[1], depth + 1, levels);
      const otherwise = this.typed(args[2], depth + 2, levels);
      const op = ternary(KERNELS3.if, condition, then.op, otherwise.op, depth);
      return { op: op.scalar ? new FoldedOp(op) : op, levels: then.levels ?? otherwise.levels };
    }
    if (name === 'season' && args.length === 2)
      return this.elementwise(name, [...args, { type: 'number', value: 0 }], depth, null);
    // A category may be missing, too.
    if (name === 'missing') return this.plain(unary(KERNELS1.missing, this.typed(args[0], depth, null).op, depth));
    const operands = args.map((arg, k) => this.number(arg, depth + k));
    const [a, b, c] = operands;
    if (operands.length === 1) return this.plain(unary(KERNELS1[name], a, depth));
    if (operands.length === 2) return this.plain(binary(KERNELS2[name], a, b, depth));
    return this.plain(ternary(KERNELS3[name], a, b, c, depth));
  }

  private aggregate(name: string, args: readonly Syntax[], where: Syntax | null): Typed {
    this.aggregates++;
    const x = this.number(args[0], 0);
    const condition = where === null ? null : this.number(where, 0);
    this.aggregates--;
    const q = args.length > 1 ? this.number(args[1], 0) : null;
    if (q !== null && !q.scalar)
      this.fail('`quantile` takes one number as its second argument', name, FUNCTIONS.quantile.usage);
    return { op: new AggregateOp(name, x, q, condition), levels: null };
  }

  private draw(name: string, args: readonly Syntax[], depth: number): Op {
    if (this.options.draws === false) this.fail(`\`${name}\` draws at random, which this formula may not`, name);
    const site = this.sites++;
    if (name !== 'choice')
      return new DrawOp(
        DRAWS[name],
        args.map((arg, k) => this.number(arg, depth + k)),
        site,
      );
    const values = this.constants(args[0], 'choice');
    const weights = args.length > 1 ? this.constants(args[1], 'choice') : values.map(() => 1);
    if (values.length !== weights.length || values.length === 0) {
      this.fail('`choice` needs as many weights as values', name, FUNCTIONS.choice.usage);
    }
    if (weights.some((w) => w < 0) || !weights.some((w) => w > 0)) {
      this.fail('the weights of `choice` must not be negative, and not all zero', name);
    }
    return new ChoiceOp(values, weights, site);
  }

  private constants(syntax: Syntax, name: string): number[] {
    if (syntax.type !== 'list') this.fail(`\`${name}\` takes lists of numbers`, name, FUNCTIONS[name].usage);
    return syntax.items.map((item) => {
      if (item.type !== 'number') this.fail(`\`${name}\` takes lists of plain numbers`, name, FUNCTIONS[name].usage);
      return item.value;
    });
  }

  private interp(args: readonly Syntax[], depth: number): Op {
    const [which, x] = args;
    if (which.type !== 'name') this.fail('`interp` takes the name of a table first', 'interp', FUNCTIONS.interp.usage);
    const table = this.scope.table(which.path);
    if (table === null) this.fail(`unknown table \`${which.path}\``, which.path, 'a table that the scenario defines');
    return new InterpolateOp(table.x, table.y, this.number(x, depth), depth);
  }
}
