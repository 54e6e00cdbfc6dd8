/** The records of a model: those whose labels are still on their way, and those that it may learn from. */
import type { Rows } from '../learn/uncertainty/index.js';
import { inWindow, type Window, weightIn } from '../retrain/window.js';
import { divide, lastRows } from './divide.js';
import type { Streams } from './intervals.js';
import { Reservoir } from './reservoir.js';
import type { Trial } from './trial.js';

/** Rows of one step that have been recorded: what the model saw, what it said, and the label. */
export interface Records {
  readonly t: number;
  /** The step at which their labels arrive. */
  readonly due: number;
  readonly batch: Rows;
  readonly prediction: Float64Array;
  /** The interval that was given with each prediction; null where nothing asks for intervals. */
  readonly bounds: { readonly lower: Float64Array; readonly upper: Float64Array } | null;
  /** By slice that is watched: 1 for who was in it when it was recorded. */
  readonly members: readonly Float64Array[];
  /** The version that predicted. */
  readonly version: number;
  /** The trial that these rows were part of, and its column: what the other version says of them, or whom it served. */
  readonly trial: { readonly of: Trial; readonly column: Float64Array } | null;
  /** What each of them cost, and for how many individuals the step stands; null where no trigger asks. */
  readonly cost: { readonly of: Float64Array; readonly individuals: number } | null;
}

/** Rows in a window, or in a reservoir. */
class Store {
  private window: Records[] = [];
  private reservoir: Reservoir | null = null;

  constructor(private readonly name: string) {}

  begin(lab: Records | null): void {
    this.window = lab === null ? [] : [lab];
    this.reservoir = null;
  }

  take(arrived: readonly Records[], t: number, window: Window, onset: number | null, streams: Streams): void {
    this.window.push(...arrived);
    if (window.kind === 'reservoir') {
      this.intoReservoir(window.rows, streams);
      return;
    }
    // A sample of everything is no window on the latest steps.
    if (window.kind === 'last' || window.kind === 'since') this.reservoir = null;
    if (window.kind !== 'all') this.window = this.window.filter((records) => inWindow(window, records.t, t, onset));
    if (window.kind === 'newest') this.window = newest(this.window, window.rows);
  }

  /** What has come since the last step (at first, all that is there) goes through the reservoir. */
  private intoReservoir(rows: number, streams: Streams): void {
    if (this.reservoir?.size !== rows) this.reservoir = new Reservoir(rows);
    const draws = streams(this.name);
    for (const { batch } of this.window) this.reservoir.add(batch, draws);
    this.window = [];
  }

  /** An alarm of this very step cuts off what was kept before it. */
  rows(window: Window, t: number, onset: number | null): Rows[] {
    const kept = this.reservoir?.rows ?? null;
    const rows = kept === null ? [] : [kept];
    for (const { batch, t: of } of this.window) {
      if (batch.n === 0 || (window.kind === 'since' && !inWindow(window, of, t, onset))) continue;
      rows.push(weighed(batch, weightIn(window, of, t)));
    }
    return rows;
  }
}

export class Archive {
  private readonly learnt: Store;
  private readonly held: Store;
  private queue: Records[] = [];
  /** Whether a label has ever arrived. */
  hasArrived = false;
  /** Step of the last warning or alarm, for windows that begin there. */
  onset: number | null = null;

  constructor(private readonly name: string) {
    this.learnt = new Store(`models.${name}.reservoir`);
    this.held = new Store(`models.${name}.reservoir.held`);
  }

  /** Starts anew, with what was learnt from in the lab. */
  begin(lab: Records | null): void {
    this.learnt.begin(lab);
    this.held.begin(null);
  }

  /** Records whose labels are still on their way. */
  expect(records: Records): void {
    this.queue.push(records);
  }

  /** Number of labels that arrive at step t. */
  arriving(t: number): number {
    return this.queue.reduce((sum, { batch, due }) => sum + (due <= t ? batch.n : 0), 0);
  }

  /** The records whose labels arrive at step t. */
  arrive(t: number): readonly Records[] {
    const arrived: Records[] = [];
    const waiting: Records[] = [];
    for (const records of this.queue) (records.due <= t ? arrived : waiting).push(records);
    this.queue = waiting;
    this.hasArrived ||= arrived.some(({ batch }) => batch.n > 0);
    return arrived;
  }

  /**
   * Keeps what has arrived for as long as it is in the window. `holdout`: the share of rows, by a draw of their own, that are
   * never learnt from: a gate judges by them.
   */
  keep(arrived: readonly Records[], t: number, window: Window, holdout: number, streams: Streams): void {
    if (holdout === 0) {
      this.learnt.take(arrived, t, window, this.onset, streams);
      return;
    }
    const draws = streams(`models.${this.name}.gate`);
    const parts = arrived.map((records) => ({ records, ...divide([records.batch], holdout, draws) }));
    const of = (part: 'rest' | 'kept'): Records[] =>
      parts.flatMap((own) => own[part].map((batch) => ({ ...own.records, batch })));
    this.learnt.take(of('rest'), t, window, this.onset, streams);
    this.held.take(of('kept'), t, window, this.onset, streams);
  }

  /** What may be learnt from at the end of step t. */
  batches(window: Window, t: number): Rows[] {
    return this.learnt.rows(window, t, this.onset);
  }

  /** What no version has learnt from. */
  heldOut(window: Window, t: number): Rows[] {
    return this.held.rows(window, t, this.onset);
  }
}

function weighed(rows: Rows, factor: number): Rows {
  if (factor === 1) return rows;
  const { n, weights } = rows;
  const own = new Float64Array(n);
  for (let i = 0; i < n; i++) own[i] = factor * (weights === null ? 1 : weights[i]);
  return { ...rows, weights: own, lasting: false };
}

/** The newest n rows, those that arrived last; of the oldest step among them the last ones of the batch. */
function newest(records: readonly Records[], n: number): Records[] {
  const out: Records[] = [];
  let left = n;
  for (let k = records.length - 1; k >= 0 && left > 0; k--) {
    const batch = lastRows(records[k].batch, left);
    out.unshift({ ...records[k], batch });
    left -= batch.n;
  }
  return out;
}
