/** The world as it can be drawn: some of the population over two fields, and the model's line or boundary through it. */

import { base64, base64OfFloats } from '../core/base64.js';
import { mixed } from '../core/random/index.js';
import type { Plan } from './plan.js';
import { axesOf, PERSON, ViewError } from './view-axes.js';
import { ModelPicture } from './view-model.js';
import { type Span, widened } from './view-span.js';
import type { World } from './world.js';

export { ViewError, viewFields } from './view-axes.js';

export const PEOPLE = 1200;
export const MOST_PEOPLE = 5000;

/** What is to be drawn. Everything has a default: what the scenario is about. */
export interface ViewRequest {
  /** Fields of the axes; also the outcome, a model's name (its prediction), or `person` (the row, for want of a field). */
  readonly x?: string;
  readonly y?: string;
  /** Individuals shown at most, the same ones at every step. Default 1,200; at most 5,000. */
  readonly people?: number;
}

/** One step of the world. Columns have one place for each person shown; NaN is missing. */
export interface ViewFrame {
  readonly t: number;
  readonly x: string;
  readonly y: string;
  readonly people: number;
  /** Of all individuals. */
  readonly individuals: number;
  /** What the axes should span: widens in jumps as the population moves, so that the picture does not swim. */
  readonly domain: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
  /** Little-endian columns in base64: float32 but for `flags`. */
  readonly columns: {
    /** What is true. */
    readonly x: string;
    readonly y: string;
    /** What people present; null where nobody presents anything but the truth. */
    readonly shownX: string | null;
    readonly shownY: string | null;
    readonly outcome: string;
    readonly prediction: string;
    /** For how much each counts; null where all count the same. */
    readonly weight: string | null;
    /** The first decision where it is an amount, such as loaves to bake; null where it is a yes or no, or there is none. */
    readonly amount: string | null;
    /**
     * Bytes: 1 the first decision (where there is none, or an amount, a prediction above the threshold), 2 entered since the
     * last frame, 4 recorded.
     */
    readonly flags: string;
  };
  /** The deployed version: predictions over a grid of x and y, or along x where y is what it predicts. */
  readonly model:
    | {
        readonly kind: 'boundary';
        readonly threshold: number;
        readonly width: number;
        readonly height: number;
        /** Row by row, from the lowest y up, at the middles of the cells of `domain`; the other features at their means in the lab. */
        readonly values: string;
      }
    | { readonly kind: 'line'; readonly values: string }
    | null;
  readonly version: number;
  /** Whether the outcome is yes or no. */
  readonly binary: boolean;
}

const DECIDED = 1;
const ENTERED = 2;
const RECORDED = 4;

/** Looks at a running world, step by step, and leaves it as it is. */
export class WorldView {
  readonly x: string;
  readonly y: string;
  private readonly most: number;
  private readonly picture = new ModelPicture();
  private spans: { x: Span | null; y: Span | null } = { x: null, y: null };
  /** The rows shown, once the population is known. */
  private rows: Int32Array | null = null;
  /** By row: 1 for who has entered since the last frame. */
  private entered: Uint8Array | null = null;
  /** Whether the first decision has ever been other than yes and no. */
  private isAmount = false;

  /** Throws a `ViewError` for an axis that does not exist. */
  constructor(plan: Plan, request: ViewRequest = {}) {
    const { people = PEOPLE } = request;
    if (!Number.isInteger(people) || people < 1 || people > MOST_PEOPLE)
      throw new ViewError(`\`people\` must be a whole number from 1 to ${MOST_PEOPLE}`);
    const { x, y } = axesOf(plan, request);
    this.x = x;
    this.y = y;
    this.most = people;
  }

  /** A step of which no frame is wanted: who enters at it is a newcomer in the next frame. */
  pass({ frame }: World): void {
    this.entered ??= new Uint8Array(frame.rows);
    if (frame.newcomers === null) this.entered.fill(1);
    else for (const row of frame.newcomers) this.entered[row] = 1;
  }

  /** The world after a step. */
  take(world: World): ViewFrame {
    const { frame, primary } = world;
    this.pass(world);
    this.rows ??= shownRows(world.plan, frame.rows, this.most);
    const { rows } = this;
    const pick = (name: string) => picked(world, name, rows);
    const x = pick(this.x);
    const y = pick(this.y);
    const shownX = isMoved(world, this.x) ? pick(`shown.${this.x}`) : null;
    const shownY = isMoved(world, this.y) ? pick(`shown.${this.y}`) : null;
    this.spans = {
      x: spanOf(world, this.x, this.spans.x, shownX === null ? [x] : [x, shownX]),
      y: spanOf(world, this.y, this.spans.y, shownY === null ? [y] : [y, shownY]),
    };
    const domain = { x: this.spans.x ?? EMPTY, y: this.spans.y ?? EMPTY };
    const decision = world.plan.decisions.at(0)?.name ?? null;
    // Seen once is enough: orders of 0 and 1 loaf are an amount all the same.
    this.isAmount ||= decision !== null && !isYesOrNo(frame.column(decision));
    const yesNo = this.isAmount ? null : decision;
    const encoded = (column: Float32Array | null) => (column === null ? null : base64OfFloats(column));
    return {
      t: frame.t,
      x: this.x,
      y: this.y,
      people: rows.length,
      individuals: frame.rows,
      domain,
      columns: {
        x: base64OfFloats(x),
        y: base64OfFloats(y),
        shownX: encoded(shownX),
        shownY: encoded(shownY),
        outcome: base64OfFloats(pick(primary.plan.target)),
        prediction: base64OfFloats(pick(primary.name)),
        weight: encoded(weightsOf(world, rows)),
        amount: encoded(this.isAmount && decision !== null ? pick(decision) : null),
        flags: base64(flagsOf(world, yesNo, rows, this.forgetEntered())),
      },
      model: this.picture.draw(world, this.x, this.y, domain),
      version: primary.version,
      binary: primary.plan.kind === 'binary',
    };
  }

  private forgetEntered(): Uint8Array {
    const entered = this.entered ?? new Uint8Array(0);
    this.entered = null;
    return entered;
  }
}

/** Where there is nothing to see. */
const EMPTY: Span = [0, 1];

/**
 * The first rows. Of quadrature nodes the first are a corner of the grid: those are taken from all over it, and both
 * branches of each.
 */
function shownRows({ population }: Plan, all: number, most: number): Int32Array {
  const n = Math.min(all, most);
  if (population.nodes === null) return Int32Array.from({ length: n }, (_, k) => k);
  const half = all / 2;
  return population.branches
    ? Int32Array.of(
        ...scattered(half, Math.ceil(n / 2)),
        ...scattered(half, Math.floor(n / 2)).map((row) => row + half),
      )
    : scattered(all, n);
}

/**
 * One row of each of n stretches of equal length, anywhere in it. Equal distances would meet some digits of a grid's count
 * only: 3 of 10 where every 33rd row is taken. The place is hashed, not drawn: looking takes nothing from a run's streams.
 *
 * Source: Cook (1986), "Stochastic sampling in computer graphics", ACM Transactions on Graphics 5(1) (jittered sampling).
 */
function scattered(all: number, n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, k) => {
    const from = Math.floor((k * all) / n);
    const to = Math.floor(((k + 1) * all) / n);
    return from + Math.floor(hashed(k) * (to - from));
  });
}

/** From 0 to below 1. */
const hashed = (k: number): number => (mixed(Math.imul(k + 1, 0x9e3779b1)) >>> 0) / 2 ** 32;

function picked({ frame }: World, name: string, rows: Int32Array): Float32Array {
  const out = new Float32Array(rows.length);
  // Counted from 1, as people count.
  if (name === PERSON) return out.map((_, k) => k + 1);
  const column = frame.column(name);
  for (let k = 0; k < rows.length; k++) out[k] = column[rows[k]];
  return out;
}

/** A layer that nothing has moved is the same array as the one before it. */
function isMoved({ frame }: World, name: string): boolean {
  const shown = frame.columns.get(`shown.${name}`);
  return shown !== undefined && shown !== frame.column(name);
}

function spanOf(world: World, name: string, before: Span | null, columns: readonly Float32Array[]): Span | null {
  const { models, outcome, population } = world.plan;
  if (name === PERSON) return [0.5, columns[0].length + 0.5];
  const model = models.find((m) => m.name === name);
  if (model !== undefined) return model.kind === 'binary' ? [0, 1] : widened(before, columns);
  const isBinary =
    outcome.some((field) => field.name === name && field.rule === 'probability') ||
    population.fields.some((field) => field.name === name && field.rule.kind === 'probability') ||
    models.some((m) => m.target === name && m.kind === 'binary');
  return isBinary ? [-0.25, 1.25] : widened(before, columns);
}

/** Missing is who is not decided about. A loop: it looks at everybody, for each frame. */
function isYesOrNo(column: Float64Array): boolean {
  for (const value of column) if (value !== 0 && value !== 1 && !Number.isNaN(value)) return false;
  return true;
}

function weightsOf({ frame: { weights } }: World, rows: Int32Array): Float32Array | null {
  if (weights === null) return null;
  const out = Float32Array.from(rows, (row) => weights[row]);
  return out.every((weight) => weight === out[0]) ? null : out;
}

/** `decided`: the decision that is a yes or no. */
function flagsOf(world: World, decided: string | null, rows: Int32Array, entered: Uint8Array): Uint8Array {
  const { frame, primary, recordedWeights } = world;
  const flags = new Uint8Array(rows.length);
  const decision = decided === null ? null : frame.column(decided);
  const prediction = frame.column(primary.name);
  const label = frame.column(`recorded.${primary.plan.target}`);
  const { threshold } = primary.plan;
  for (let k = 0; k < rows.length; k++) {
    const i = rows[k];
    const yes = decision === null ? prediction[i] > threshold : decision[i] !== 0 && !Number.isNaN(decision[i]);
    const isRecorded = Number.isFinite(label[i]) && (recordedWeights === null || recordedWeights[i] > 0);
    flags[k] = (yes ? DECIDED : 0) | (entered[i] === 1 ? ENTERED : 0) | (isRecorded ? RECORDED : 0);
  }
  return flags;
}
