/** Pictures of the gallery: made one at a time, in a thread of their own, and kept. */
import type { WorldLimits } from './limits.js';
import type { Picture } from './protocol.js';
import { Refused } from './refused.js';
import type { RunSource } from './run-store.js';
import type { Thread, Threads } from './thread.js';

/** More that wait are told to come back. */
const MOST_WAITING = 64;
/** The thread is kept for the next one so long. */
const IDLE = 2000;

export class Pictures {
  private readonly made = new Map<string, Promise<Picture>>();
  private turn: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private thread: Thread | null = null;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly threads: Threads,
    private readonly options: { readonly limits: WorldLimits; readonly seconds: number },
  ) {}

  /** Throws a `Refused` where there is none. */
  get(id: string, source: RunSource): Promise<Picture> {
    const made = this.made.get(id);
    if (made !== undefined) return made;
    if (this.waiting >= MOST_WAITING) throw new Refused('Many pictures are waited for already.', undefined, 503);
    this.waiting++;
    const picture = this.turn.then(() => this.make(source)).finally(() => this.waiting--);
    this.turn = picture.catch(() => {});
    this.made.set(id, picture);
    // What could not be made is tried again.
    picture.catch(() => this.made.delete(id));
    return picture;
  }

  private async make(source: RunSource): Promise<Picture> {
    clearTimeout(this.idle);
    this.thread ??= this.threads.cold();
    const thread = this.thread;
    const recipe = { source, set: {}, off: [], seed: null, interventions: [], twin: false };
    try {
      return await thread.ask('picture', { recipe, limits: this.options.limits, view: {} }, this.options.seconds);
    } catch (error) {
      if (!(error instanceof Refused)) await this.rest(thread);
      throw error;
    } finally {
      this.idle = setTimeout(() => void this.rest(thread), IDLE);
      this.idle.unref();
    }
  }

  private async rest(thread: Thread): Promise<void> {
    if (this.thread === thread) this.thread = null;
    await thread.end();
  }
}
