/** Moves a run: at its pace, up to where it is to hold, and never farther ahead than somebody reads. */
import type { Pulled } from './messages.js';
import { Pace } from './pace.js';
import type { Thread } from './thread.js';

/** What is driven. */
export interface Driven {
  /** Steps that may be made before a reader has to come closer. */
  room(): number;
  /** Steps have been made; the next are asked for when it settles. */
  take(pulled: Pulled): Promise<void>;
  /** The frame of the step at which the run holds. */
  show(frame: string | null): void;
  /** The state is another. */
  changed(): void;
  /** The run cannot go on. */
  broke(error: unknown): void;
}

export interface DriverOptions {
  readonly speed: number | null;
  /** As fast as it goes to this step; then it holds. */
  readonly until: number | null;
  /** Seconds that a step may take. */
  readonly stepSeconds: number;
}

/** A question of many steps is answered after so many milliseconds, so that a hand never waits for long. */
const PATIENCE = 20;
const MOST_STEPS = 256;

export class Driver {
  /** The next step that will be made. */
  t = 0;
  paused = false;
  private over = false;
  /** Holds before this step, and runs there as fast as it goes. */
  private target = Number.POSITIVE_INFINITY;
  private readonly pace: Pace;
  private pulling: Promise<void> | null = null;
  private wakeUp: (() => void) | null = null;

  constructor(
    private readonly thread: Thread,
    private readonly driven: Driven,
    private readonly options: DriverOptions,
  ) {
    this.pace = new Pace(options.speed, performance.now());
    if (options.until !== null) this.target = options.until;
    if (this.target === 0) this.hold();
  }

  get speed(): number | null {
    return this.pace.speed;
  }

  /** Drives until the run is over. */
  async drive(): Promise<void> {
    while (!this.over) {
      const { steps, wait } = this.next();
      if (steps > 0) await this.pull(steps);
      else await this.rest(wait);
    }
  }

  /** Looks again at whether a step may be made. */
  wake(): void {
    this.wakeUp?.();
  }

  /** No step is made any more. */
  end(): void {
    this.over = true;
    this.wake();
  }

  async pause(): Promise<void> {
    this.hold();
    await this.settled();
    this.driven.changed();
    await this.showLast();
  }

  resume(): void {
    this.paused = false;
    this.target = Number.POSITIVE_INFINITY;
    this.restart(this.speed);
  }

  /** Makes so many steps, then holds; those that were asked for before and are still to be made come on top. */
  async step(steps: number): Promise<void> {
    const asked = Number.isFinite(this.target) ? this.target : 0;
    this.hold();
    await this.settled();
    this.target = Math.max(this.t, asked) + steps;
    this.paused = false;
    this.restart(this.speed);
  }

  restart(speed: number | null): void {
    this.pace.restart(speed, performance.now());
    this.driven.changed();
    this.wake();
  }

  /** Ends the run with the records that belong to its end. */
  async stop(): Promise<void> {
    this.hold();
    await this.settled();
    if (this.over) return;
    this.pulling = this.receive(this.thread.ask('stop', null, this.options.stepSeconds));
    await this.settled();
  }

  /** When no step is under way. */
  async settled(): Promise<void> {
    while (this.pulling !== null) await this.pulling;
  }

  private hold(): void {
    this.paused = true;
    this.target = Number.POSITIVE_INFINITY;
  }

  /** Steps to be made now, or the milliseconds until there is one; null: until something changes. */
  private next(): { steps: number; wait: number | null } {
    const room = this.paused ? 0 : this.driven.room();
    if (room <= 0) return { steps: 0, wait: null };
    const now = performance.now();
    const due = this.target === Number.POSITIVE_INFINITY ? this.pace.due(now) : this.target - this.t;
    return { steps: Math.min(room, due, MOST_STEPS), wait: this.pace.wait(now) };
  }

  private async pull(steps: number): Promise<void> {
    const before = this.t;
    const asks = { steps, milliseconds: PATIENCE };
    this.pulling = this.receive(this.thread.ask('pull', asks, this.options.stepSeconds));
    await this.pulling;
    this.pace.made(this.t - before, performance.now());
    if (this.t < this.target || this.over) return;
    this.hold();
    this.driven.changed();
    await this.showLast();
  }

  private async receive(answer: Promise<Pulled>): Promise<void> {
    try {
      const pulled = await answer;
      this.t = pulled.t;
      if (pulled.ended) this.over = true;
      await this.driven.take(pulled);
    } catch (error) {
      this.over = true;
      this.driven.broke(error);
    } finally {
      this.pulling = null;
      if (this.over) this.wake();
    }
  }

  private async showLast(): Promise<void> {
    if (this.over) return;
    try {
      this.driven.show(await this.thread.ask('frame', null, this.options.stepSeconds));
    } catch (error) {
      this.over = true;
      this.driven.broke(error);
    }
  }

  private rest(wait: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = wait === null ? undefined : setTimeout(() => this.wake(), wait);
      this.wakeUp = () => {
        clearTimeout(timer);
        this.wakeUp = null;
        resolve();
      };
    });
  }
}
