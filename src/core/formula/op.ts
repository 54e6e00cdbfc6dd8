/**
 * A formula at work: a tree of operations, each of which gives its rows block by block. After `block(start, count)` the
 * values of the rows start..start+count-1 stand in `data` from `offset` on.
 */
import {
  fillBernoulli,
  fillBeta,
  fillCategorical,
  fillExponential,
  fillGamma,
  fillNormal,
  fillPoisson,
  fillUniform,
  type Stream,
} from '../random/index.js';
import { aggregator } from './aggregate.js';
import type { Kernel1, Kernel2, Kernel3 } from './kernels.js';

/** Rows at a time: half a dozen registers of this length fit the first-level cache. */
export const BLOCK = 512;

/** Where a formula finds its values. */
export interface Environment {
  /** How many individuals there are. */
  readonly rows: number;
  /** The column behind a name, of at least as many rows as are evaluated. */
  column(name: string): Float64Array;
  /** The number behind a name. */
  scalar(name: string): number;
  /** The stream of the k-th draw of the formula. */
  stream(site: number): Stream;
  /** Weights of the rows; null where all are 1. */
  readonly weights: Float64Array | null;
}

export abstract class Op {
  data!: Float64Array;
  offset = 0;
  /** The same number for every row. */
  abstract readonly scalar: boolean;
  /** Called once before the blocks of an evaluation. */
  abstract begin(env: Environment): void;
  abstract block(start: number, count: number): void;
}

/** Registers are shared by depth: an operation overwrites its first operand's. Evaluations never interleave. */
const registers: Float64Array[] = [];
function register(depth: number): Float64Array {
  while (registers.length <= depth) registers.push(new Float64Array(BLOCK));
  return registers[depth];
}

/** A number for every row. Keeps a filled block, so that kernels need no variant for numbers. */
export abstract class ScalarOp extends Op {
  readonly scalar = true;
  private filled = 0;
  private value = Number.NaN;

  constructor() {
    super();
    this.data = new Float64Array(BLOCK);
  }

  protected set(value: number, rows: number): void {
    const count = Math.min(rows, BLOCK);
    if (Object.is(value, this.value) && count <= this.filled) return;
    this.data.fill(value, 0, count);
    this.value = value;
    this.filled = count;
  }

  block(): void {}
}

export class NumberOp extends ScalarOp {
  constructor(number: number) {
    super();
    this.set(number, BLOCK);
  }
  begin(): void {}
}

/** Populations may be small: what has nothing to do, at the beginning or at each block, is not asked to. */
const begins = (op: Op): boolean => !(op instanceof NumberOp);
const moves = (op: Op): boolean => !(op instanceof ScalarOp);

export class ScalarNameOp extends ScalarOp {
  constructor(private readonly name: string) {
    super();
  }
  begin(env: Environment): void {
    this.set(env.scalar(this.name), env.rows);
  }
}

/** An operation on numbers only: computed once an evaluation. */
export class FoldedOp extends ScalarOp {
  constructor(private readonly inner: Op) {
    super();
  }
  begin(env: Environment): void {
    this.inner.begin(env);
    this.inner.block(0, 1);
    this.set(this.inner.data[this.inner.offset], env.rows);
  }
}

export class ColumnOp extends Op {
  readonly scalar = false;
  constructor(private readonly name: string) {
    super();
  }
  begin(env: Environment): void {
    this.data = env.column(this.name);
  }
  block(start: number): void {
    this.offset = start;
  }
}

/** An elementwise operation: its operands at depth, depth + 1, depth + 2; its result at depth. */
export class ElementwiseOp extends Op {
  readonly scalar: boolean;
  private readonly beginning: readonly Op[];
  private readonly moving: readonly Op[];
  constructor(
    operands: readonly Op[],
    depth: number,
    private readonly apply: (out: Float64Array, n: number) => void,
  ) {
    super();
    this.scalar = operands.every((op) => op.scalar);
    this.beginning = operands.filter(begins);
    this.moving = operands.filter(moves);
    this.data = register(depth);
  }
  begin(env: Environment): void {
    for (let k = 0; k < this.beginning.length; k++) this.beginning[k].begin(env);
  }
  block(start: number, count: number): void {
    for (let k = 0; k < this.moving.length; k++) this.moving[k].block(start, count);
    this.apply(this.data, count);
  }
}

export const unary = (kernel: Kernel1, a: Op, depth: number): Op =>
  new ElementwiseOp([a], depth, (out, n) => kernel(out, n, a.data, a.offset));

export const binary = (kernel: Kernel2, a: Op, b: Op, depth: number): Op =>
  new ElementwiseOp([a, b], depth, (out, n) => kernel(out, n, a.data, a.offset, b.data, b.offset));

export const ternary = (kernel: Kernel3, a: Op, b: Op, c: Op, depth: number): Op =>
  new ElementwiseOp([a, b, c], depth, (out, n) => kernel(out, n, a.data, a.offset, b.data, b.offset, c.data, c.offset));

/** Linear between the points, flat outside; `xs` ascending. */
export class InterpolateOp extends Op {
  readonly scalar: boolean;
  constructor(
    private readonly xs: readonly number[],
    private readonly ys: readonly number[],
    private readonly x: Op,
    depth: number,
  ) {
    super();
    this.scalar = x.scalar;
    this.data = register(depth);
  }
  begin(env: Environment): void {
    this.x.begin(env);
  }
  block(start: number, count: number): void {
    this.x.block(start, count);
    for (let r = 0; r < count; r++) this.data[r] = interpolate(this.xs, this.ys, this.x.data[this.x.offset + r]);
  }
}

/** Linear interpolation in a table with ascending `xs`; flat outside it. */
export function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  const last = xs.length - 1;
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= xs[0]) return ys[0];
  if (x >= xs[last]) return ys[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  return ys[low] + ((x - xs[low]) / (xs[high] - xs[low])) * (ys[high] - ys[low]);
}

/** How each draw is made from its parameters' blocks. */
type Draw = (stream: Stream, out: Float64Array, n: number, parameters: readonly Float64Array[]) => void;

export const DRAWS: Readonly<Record<string, Draw>> = {
  normal(stream, out, n, [mean, sd]) {
    fillNormal(stream, out, n);
    for (let r = 0; r < n; r++) out[r] = mean[r] + sd[r] * out[r];
  },
  uniform(stream, out, n, [low, high]) {
    fillUniform(stream, out, n);
    for (let r = 0; r < n; r++) out[r] = low[r] + (high[r] - low[r]) * out[r];
  },
  bernoulli(stream, out, n, [p]) {
    fillBernoulli(stream, p, out, n);
  },
  poisson(stream, out, n, [mean]) {
    fillPoisson(stream, mean, out, n);
  },
  exponential(stream, out, n, [mean]) {
    fillExponential(stream, out, n);
    for (let r = 0; r < n; r++) out[r] *= mean[r];
  },
  gamma(stream, out, n, [shape, scale]) {
    fillGamma(stream, shape, out, n);
    for (let r = 0; r < n; r++) out[r] *= scale[r];
  },
  beta(stream, out, n, [a, b]) {
    fillBeta(stream, a, b, out, n);
  },
};

/** A draw: its stream is opened at the start of an evaluation, so that it depends on nothing else that is drawn. */
export class DrawOp extends Op {
  readonly scalar = false;
  private stream!: Stream;
  private readonly blocks: Float64Array[];
  constructor(
    private readonly draw: Draw,
    private readonly parameters: readonly Op[],
    private readonly site: number,
  ) {
    super();
    this.data = new Float64Array(BLOCK);
    this.blocks = parameters.map((op) => op.data);
  }
  begin(env: Environment): void {
    for (const op of this.parameters) op.begin(env);
    this.stream = env.stream(this.site);
  }
  block(start: number, count: number): void {
    for (let k = 0; k < this.parameters.length; k++) {
      const op = this.parameters[k];
      if (op instanceof ScalarOp) continue;
      op.block(start, count);
      this.blocks[k] = op.offset === 0 ? op.data : op.data.subarray(op.offset, op.offset + count);
    }
    this.draw(this.stream, this.data, count, this.blocks);
  }
}

/** One of the given values, with the given weights. */
export class ChoiceOp extends Op {
  readonly scalar = false;
  private stream!: Stream;
  constructor(
    private readonly values: readonly number[],
    private readonly weights: readonly number[],
    private readonly site: number,
  ) {
    super();
    this.data = new Float64Array(BLOCK);
  }
  begin(env: Environment): void {
    this.stream = env.stream(this.site);
  }
  block(_start: number, count: number): void {
    fillCategorical(this.stream, this.weights, this.data, count);
    for (let r = 0; r < count; r++) this.data[r] = this.values[this.data[r]];
  }
}

/** An aggregate over the population: its operands are swept once before the blocks of what surrounds it. */
export class AggregateOp extends ScalarOp {
  private readonly weights = new Float64Array(BLOCK);
  constructor(
    private readonly name: string,
    private readonly x: Op,
    private readonly q: Op | null,
    private readonly where: Op | null,
  ) {
    super();
  }
  begin(env: Environment): void {
    this.q?.begin(env);
    const aggregate = aggregator(this.name, this.q === null ? 0 : this.q.data[this.q.offset]);
    this.x.begin(env);
    this.where?.begin(env);
    for (let start = 0; start < env.rows; start += BLOCK) {
      const count = Math.min(BLOCK, env.rows - start);
      const weights = this.weightsOf(env.weights, start, count);
      this.x.block(start, count);
      aggregate.add(this.x.data, this.x.offset, weights, count);
    }
    this.set(aggregate.value(), env.rows);
  }

  /** The rows' weights, 0 where the condition does not hold. */
  private weightsOf(all: Float64Array | null, start: number, count: number): Float64Array | null {
    const { where, weights } = this;
    if (where === null) return all === null ? null : all.subarray(start, start + count);
    where.block(start, count);
    for (let r = 0; r < count; r++) {
      const holds = where.data[where.offset + r];
      weights[r] = holds !== 0 && !Number.isNaN(holds) ? (all === null ? 1 : all[start + r]) : 0;
    }
    return weights;
  }
}
