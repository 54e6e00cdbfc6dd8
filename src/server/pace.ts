/** So many steps a second, by the clock: what a step takes does not slow the pace, and a pause is not made up for. */

/** A pace that cannot be held is not made up for beyond this. */
const MOST_BEHIND = 200;

export class Pace {
  private dueAt = 0;
  private interval: number;

  /** Steps a second; null is as fast as it goes. `now` in milliseconds. */
  constructor(
    public speed: number | null,
    now: number,
  ) {
    this.interval = speed === null ? 0 : 1000 / speed;
    this.dueAt = now;
  }

  /** The next step is due at once, and the others after it. */
  restart(speed: number | null, now: number): void {
    this.speed = speed;
    this.interval = speed === null ? 0 : 1000 / speed;
    this.dueAt = now;
  }

  /** Milliseconds until a step is due; 0 where one is. */
  wait(now: number): number {
    return this.speed === null ? 0 : Math.max(0, this.dueAt - now);
  }

  /** Steps that are due. */
  due(now: number): number {
    if (this.speed === null) return Number.POSITIVE_INFINITY;
    return now < this.dueAt ? 0 : 1 + Math.floor(Math.min(now - this.dueAt, MOST_BEHIND) / this.interval);
  }

  made(steps: number, now: number): void {
    if (this.speed !== null) this.dueAt = Math.max(this.dueAt + steps * this.interval, now - MOST_BEHIND);
  }
}
