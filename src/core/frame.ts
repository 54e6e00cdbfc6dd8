/**
 * The columns and numbers of a running world, by name, and the streams that its formulas draw from.
 *
 * A field has three layers: `income` (what is true), `shown.income` (what people present), `seen.income` (what the
 * pipeline makes of it). A layer that nothing has moved is the same array as the one before it: nothing is copied
 * until it changes.
 */
import type { Environment } from './formula/index.js';
import { Stream } from './random/index.js';

export class Frame {
  readonly columns = new Map<string, Float64Array>();
  readonly scalars = new Map<string, number>();
  private readonly buffers = new Map<string, Float64Array>();
  /** Weights of the individuals; null where all are 1. */
  weights: Float64Array | null = null;
  /** Weights before the outcome's branches are weighted. */
  baseWeights: Float64Array | null = null;
  /** Weights at the next step, where people leave; null where everybody stays. */
  staying: Float64Array | null = null;
  /** How many newcomers wait for the places of who left. */
  arrivals = 0;
  /** The step: -1 in the lab. */
  t = -1;
  /** Rows that entered at this step; null: all of them. */
  newcomers: Int32Array | null = null;

  constructor(
    readonly rows: number,
    private readonly seed: number,
    private readonly replicate: number,
    /** Put before every stream's name: the lab draws from streams of its own. */
    private readonly prefix = '',
  ) {}

  column(name: string): Float64Array {
    const column = this.columns.get(name);
    if (column === undefined) throw new Error(`no column ${name} at this point of the step`);
    return column;
  }

  scalar(name: string): number {
    return this.scalars.get(name) ?? Number.NaN;
  }

  /** The buffer that belongs to `key`: made once, reused at every step. */
  buffer(key: string): Float64Array {
    let buffer = this.buffers.get(key);
    if (buffer === undefined) {
      buffer = new Float64Array(this.rows);
      this.buffers.set(key, buffer);
    }
    return buffer;
  }

  hasBuffer(key: string): boolean {
    return this.buffers.has(key);
  }

  /** Drops the buffer that belongs to `key`. */
  forget(key: string): void {
    this.buffers.delete(key);
  }

  stream(component: string): Stream {
    return new Stream({
      seed: this.seed,
      replicate: this.replicate,
      component: this.prefix + component,
      step: this.t,
    });
  }

  /** What the formulas of `component` are evaluated in: each of its draws has a stream of its own. */
  environment(component: string): Environment {
    return new Everybody(this, component);
  }

  /** As `environment`, for some rows only; `columns` are their columns, one place for each of the rows. */
  environmentOf(component: string, rows: number, columns: ReadonlyMap<string, Float64Array>): Environment {
    return new Some(this, component, rows, columns);
  }
}

/** Where the formulas of a component find numbers and streams; a class, since there is one at each evaluation. */
abstract class Found {
  constructor(
    protected readonly frame: Frame,
    private readonly component: string,
  ) {}

  scalar(name: string): number {
    return this.frame.scalar(name);
  }

  stream(site: number): Stream {
    return this.frame.stream(`${this.component}#${site}`);
  }
}

/** All rows of a frame. */
class Everybody extends Found implements Environment {
  readonly rows = this.frame.rows;
  readonly weights = this.frame.weights;

  column(name: string): Float64Array {
    return this.frame.column(name);
  }
}

/** Some rows of a frame, of which the columns are given. */
class Some extends Found implements Environment {
  readonly weights = null;

  constructor(
    frame: Frame,
    component: string,
    readonly rows: number,
    private readonly columns: ReadonlyMap<string, Float64Array>,
  ) {
    super(frame, component);
  }

  column(name: string): Float64Array {
    const column = this.columns.get(name);
    if (column === undefined) throw new Error(`no column ${name} for newcomers`);
    return column;
  }
}
