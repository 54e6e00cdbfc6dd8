/** The records of a model: those whose labels are still on their way, and those that it may learn from. */
import type { Rows } from '../learn/uncertainty/index.js';
import { inWindow, type Window } from '../retrain/window.js';

/** Rows of one step that have been recorded: what the model saw, what it said, and the label. */
export interface Records {
  readonly t: number;
  readonly batch: Rows;
  readonly prediction: Float64Array;
  /** The interval that was given with each prediction; null where nothing asks for intervals. */
  readonly bounds: { readonly lower: Float64Array; readonly upper: Float64Array } | null;
  /** By slice that is watched: 1 for who was in it when it was recorded. */
  readonly members: readonly Float64Array[];
  /** The version that predicted. */
  readonly version: number;
}

export class Archive {
  private window: Records[] = [];
  private queue: (Records & { readonly due: number })[] = [];
  /** Whether a label has ever arrived. */
  hasArrived = false;

  /** Starts anew, with what was learnt from in the lab. */
  begin(lab: Records | null): void {
    this.window = lab === null ? [] : [lab];
  }

  /** Records whose labels arrive at step `due`. */
  expect(records: Records, due: number): void {
    this.queue.push({ ...records, due });
  }

  /** Number of labels that arrive at step t. */
  arriving(t: number): number {
    return this.queue.reduce((sum, { batch, due }) => sum + (due <= t ? batch.n : 0), 0);
  }

  /** The records whose labels arrive at step t; `keep`: they may be learnt from as long as they are in the window. */
  arrive(t: number, keep: boolean, window: Window): readonly Records[] {
    const arrived = this.queue.filter(({ due }) => due <= t);
    this.queue = this.queue.filter(({ due }) => due > t);
    this.hasArrived ||= arrived.some(({ batch }) => batch.n > 0);
    if (keep) this.window.push(...arrived);
    this.window = this.window.filter((records) => inWindow(window, records.t, t));
    return arrived;
  }

  /** What may be learnt from now. */
  batches(): Rows[] {
    return this.window.map(({ batch }) => batch).filter(({ n }) => n > 0);
  }
}
