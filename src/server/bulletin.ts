/** What is new of a run beside its records. Only the newest counts: who is behind misses the others. */
import type { RunStatus } from './protocol.js';

export class Bulletin {
  /** The state as an event, its number, and how many records were made before it. */
  state = { number: 0, after: 0, event: '' };
  /** The world as an event; null before there is one. */
  frame: { readonly number: number; readonly event: Buffer } | null = null;

  tell(status: RunStatus, after: number): void {
    const event = `event: status\ndata: ${JSON.stringify(status)}\n\n`;
    this.state = { number: this.state.number + 1, after, event };
  }

  /** Made into bytes once, for all who look. */
  show(frame: string): void {
    const number = (this.frame?.number ?? 0) + 1;
    this.frame = { number, event: Buffer.from(`event: view\ndata: ${frame}\n\n`) };
  }
}
