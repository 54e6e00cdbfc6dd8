/** Frames of the world by step, so that one can scrub back. Memory is bounded: beyond it every second frame goes. */
import type { ViewFrame } from '../src/server/protocol.js';

const MOST_BYTES = 64e6;

export class Frames {
  private frames: ViewFrame[] = [];
  private bytes = 0;

  add(frame: ViewFrame): void {
    const last = this.frames.at(-1);
    // Other axes, or a step that was sent again: what was kept of it is out of date.
    if (last !== undefined && (last.x !== frame.x || last.y !== frame.y)) this.clear();
    if (this.frames.at(-1)?.t === frame.t) this.bytes -= sizeOf(this.frames.pop() as ViewFrame);
    this.frames.push(frame);
    this.bytes += sizeOf(frame);
    if (this.bytes > MOST_BYTES) this.thin();
  }

  clear(): void {
    this.frames = [];
    this.bytes = 0;
  }

  get latest(): ViewFrame | null {
    return this.frames.at(-1) ?? null;
  }

  /** The frame of step t, or the last one before it. */
  at(t: number): ViewFrame | null {
    let low = 0;
    let high = this.frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.frames[middle].t <= t) low = middle + 1;
      else high = middle;
    }
    return this.frames[low - 1] ?? this.frames[0] ?? null;
  }

  private thin(): void {
    const newest = this.frames.length - 1;
    this.frames = this.frames.filter((_, k) => k % 2 === 0 || k === newest);
    this.bytes = this.frames.reduce((sum, frame) => sum + sizeOf(frame), 0);
  }
}

const sizeOf = ({ columns, model }: ViewFrame): number =>
  Object.values(columns).reduce((sum, column) => sum + (column?.length ?? 0), model?.values.length ?? 0);
