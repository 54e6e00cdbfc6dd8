/** A run as the server holds it: its thread, its log, who listens, and the hands on it. */
import type { Intervention } from '../loop/trace.js';
import { Audience } from './audience.js';
import { Bulletin } from './bulletin.js';
import { Driver } from './driver.js';
import type { Broadcast, Listener } from './listener.js';
import type { Kind, Pulled, Questions } from './messages.js';
import type { RunFacts, RunStatus, ViewRequest } from './protocol.js';
import { Refused } from './refused.js';
import type { RunOptions, RunParts } from './run-parts.js';
import type { RunRecipe, StoredRun } from './run-store.js';
import { Broken } from './thread.js';
import type { Chunk } from './trace-log.js';

const ERROR = 'The run came upon an error of the program.';

export class Run implements StoredRun, Broadcast {
  readonly id: string;
  readonly facts: RunFacts;
  readonly news = new Bulletin();
  whole = false;
  /** Whether it has a thread. */
  live = true;
  private failure: string | null = null;
  /** Whether its log has been removed, or is about to be. */
  gone = false;
  private readonly added: Intervention[] = [];
  private readonly audience: Audience;
  private readonly driver: Driver;

  constructor(
    private readonly parts: RunParts,
    private readonly options: RunOptions,
  ) {
    this.id = parts.id;
    this.facts = parts.facts;
    this.audience = new Audience(
      () => (this.over ? options.keep : options.grace),
      () => void this.drop().catch(options.report),
    );
    const driven = {
      room: () => this.room(),
      take: (pulled: Pulled) => this.take(pulled),
      show: (frame: string | null) => this.show(frame),
      changed: () => this.changed(),
      broke: (error: unknown) => this.broke(error),
    };
    this.driver = new Driver(parts.thread, driven, { ...parts.pace, stepSeconds: options.stepSeconds });
    this.changed();
    void this.driver.drive();
  }

  // --- What others may know ---

  get status(): RunStatus {
    const { paused, speed, t } = this.driver;
    if (this.failure !== null) return { state: 'failed', t, speed, error: this.failure };
    return { state: this.whole ? 'ended' : paused ? 'paused' : 'running', t, speed };
  }

  get recipe(): RunRecipe {
    const { recipe } = this.parts;
    return { ...recipe, interventions: [...recipe.interventions, ...this.added] };
  }

  get length(): number {
    return this.parts.log.length;
  }

  get over(): boolean {
    return this.whole || this.failure !== null || this.gone;
  }

  get listening(): number {
    return this.audience.size;
  }

  readonly lines = (from = 0): AsyncIterable<string> => this.parts.log.lines(from);

  // --- Who listens ---

  readonly events = (from: number): Promise<Chunk> => this.parts.log.events(from);

  readonly moved = (): void => this.driver.wake();

  async join(listener: Listener): Promise<void> {
    this.audience.add(listener);
    this.driver.wake();
    if (!listener.view || this.audience.watching > 1 || !this.live) return;
    // Where it cannot be had, the state of the run says why.
    this.show(await this.ask('watch', true).catch(() => null));
  }

  left(listener: Listener): void {
    this.audience.delete(listener);
    if (!listener.view || this.audience.watching > 0) return;
    if (this.over) void this.release();
    else this.ask('watch', false).catch(() => {});
  }

  // --- Control: what is over stays as it is ---

  async control(act: (driver: Driver) => void | Promise<void>): Promise<void> {
    if (!this.over) await act(this.driver);
  }

  /** A hand on the world before the next step. */
  async hand(hand: Questions['hand']['asks']): Promise<Intervention> {
    if (this.over) throw new Refused('The run has ended: begin another to put a hand on it.', undefined, 409);
    const intervention = await this.ask('hand', hand);
    this.added.push(intervention);
    return intervention;
  }

  /** Shows something else of the world from now on. */
  async view(request: ViewRequest): Promise<void> {
    if (!this.live) throw new Refused('The run has ended, and its world is no longer there.', undefined, 409);
    this.show(await this.ask('view', request));
  }

  /** Ends the thread; what was recorded stays. */
  async release(): Promise<void> {
    if (!this.live) return;
    this.live = false;
    this.audience.wake();
    await this.parts.thread.end();
  }

  /** Ends the run, whatever it does, and removes its log. */
  async drop(): Promise<void> {
    if (this.gone) return;
    this.gone = true;
    this.parts.forget();
    this.driver.end();
    this.audience.close();
    await this.release();
    await this.driver.settled();
    await this.parts.log.remove();
  }

  // --- What the driver asks and says ---

  /**
   * Without a reader only the first step is made, so that it is there when one comes; where it is the only one, none is: the
   * run would be over, and its world gone, before anybody could look at it.
   */
  private room(): number {
    if (this.audience.size === 0) return this.driver.t === 0 && this.facts.steps > 1 ? 1 : 0;
    const perStep = this.parts.recipe.twin ? 2 : 1;
    return this.options.window - Math.ceil((this.length - this.audience.farthest) / perStep);
  }

  private async take({ ended, frame, records }: Pulled): Promise<void> {
    const { log } = this.parts;
    if (this.gone) return;
    if (log.bytes + records.bytes.length > this.options.logBytes)
      throw new Broken('The trace is longer than this server keeps: try fewer steps or measures.', 'a log is full');
    await log.append(records);
    this.show(frame);
    this.audience.wake();
    if (!ended) return;
    this.whole = true;
    this.changed();
    // The world stays for those who look at it.
    if (this.audience.watching === 0) void this.release();
    this.audience.wait();
  }

  private show(frame: string | null): void {
    if (frame === null) return;
    this.news.show(frame);
    this.audience.wake();
  }

  private changed(): void {
    this.news.tell(this.status, this.length);
    this.audience.wake();
  }

  private broke(error: unknown): void {
    if (this.over) return;
    this.failure = error instanceof Broken ? error.message : ERROR;
    this.options.report(error instanceof Broken ? error.inner : error);
    this.driver.end();
    this.changed();
    void this.release();
    this.audience.wait();
  }

  /** Throws a `Refused`, also where the run could not go on. */
  private async ask<K extends Kind>(kind: K, asks: Questions[K]['asks']): Promise<Questions[K]['answer']> {
    try {
      // It may have to wait for a step.
      return await this.parts.thread.ask(kind, asks, 2 * this.options.stepSeconds);
    } catch (error) {
      if (error instanceof Refused) throw error;
      this.broke(error);
      throw new Refused(this.failure ?? 'The run has ended.', undefined, 409);
    }
  }
}
