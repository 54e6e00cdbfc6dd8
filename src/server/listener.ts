/** One who listens to a run: given its records from any of them on, as fast as they are taken. */
import type { Response } from 'express';
import type { Bulletin } from './bulletin.js';
import type { Chunk } from './trace-log.js';

/** What a listener listens to. */
export interface Broadcast {
  /** Records so far. */
  readonly length: number;
  /** No record will come any more. */
  readonly over: boolean;
  readonly news: Bulletin;
  /** Whether its world is still there to look at. */
  readonly live: boolean;
  events(from: number): Promise<Chunk>;
  /** Told when this listener has read on. */
  moved(): void;
}

export interface ListenerOptions {
  /** The record that is sent first. */
  readonly from: number;
  readonly view: boolean;
  /** Seconds in which a reader must take what it is given. */
  readonly patience: number;
}

/** A line that says nothing, so that one who has vanished is found out. */
const STILL_HERE = 15_000;

export class Listener {
  /** The next record that it is given. */
  position: number;
  readonly view: boolean;
  private gone = false;
  private stateSent = -1;
  private frameSent = -1;
  private woken = false;
  private wakeUp: (() => void) | null = null;

  constructor(
    private readonly run: Broadcast,
    private readonly response: Response,
    private readonly options: ListenerOptions,
  ) {
    this.position = options.from;
    this.view = options.view;
  }

  /** Something is new, or there is room again. */
  readonly wake = (): void => {
    this.woken = true;
    this.wakeUp?.();
  };

  leave(): void {
    this.response.destroy();
  }

  /** Until the run is over or the listener goes. */
  async listen(): Promise<void> {
    const { response, run } = this;
    response.on('drain', this.wake);
    response.on('close', () => {
      this.gone = true;
      this.wake();
    });
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // A proxy that collects events before it passes them on would stop the picture.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    // Who hears that a run is over may leave: that comes after its records.
    const late = run.over && this.position < run.length;
    await this.send(`retry: 1000\n\n${late ? '' : this.stateNow()}`);
    while (!this.gone) {
      this.woken = false;
      if (this.position < run.length) {
        const { events, next } = await run.events(this.position);
        await this.send(events);
        this.position = next;
        run.moved();
      }
      // Of states and frames only the newest counts: who is behind misses the others.
      if (this.view && run.news.frame !== null && run.news.frame.number !== this.frameSent) {
        this.frameSent = run.news.frame.number;
        await this.send(run.news.frame.event);
      }
      if (run.news.state.number !== this.stateSent && this.position >= run.news.state.after)
        await this.send(this.stateNow());
      if (this.position < run.length) continue;
      if (run.over && run.news.state.number === this.stateSent && !(this.view && run.live)) {
        response.end();
        return;
      }
      if (!(await this.rest(STILL_HERE))) await this.send(':\n\n');
    }
  }

  private stateNow(): string {
    this.stateSent = this.run.news.state.number;
    return this.run.news.state.event;
  }

  /** Sends, and waits until the reader has taken it; one that takes too long is left. */
  private async send(text: string | Buffer): Promise<void> {
    if (this.gone || this.response.write(text)) return;
    const end = performance.now() + 1000 * this.options.patience;
    while (this.response.writableNeedDrain && !this.gone) {
      this.woken = false;
      const left = end - performance.now();
      if (left <= 0 || !(await this.rest(left))) {
        if (!this.response.writableNeedDrain) break;
        this.response.destroy();
        this.gone = true;
      }
    }
    // Something else may have come meanwhile.
    this.woken = true;
  }

  /** Whether it was woken; false where the time was up. */
  private rest(milliseconds: number): Promise<boolean> {
    if (this.woken) return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = (woken: boolean) => {
        clearTimeout(timer);
        this.wakeUp = null;
        resolve(woken);
      };
      const timer = setTimeout(() => done(false), milliseconds);
      this.wakeUp = () => done(true);
    });
  }
}
