/** Those who listen to a run; when there is nobody for a while, it is told. */
import type { Listener } from './listener.js';

export class Audience {
  private readonly listeners = new Set<Listener>();
  private alone: NodeJS.Timeout | undefined;
  private closed = false;

  /** `patience` gives the seconds without anybody after which `abandoned` is called. */
  constructor(
    private readonly patience: () => number,
    private readonly abandoned: () => void,
  ) {
    this.wait();
  }

  get size(): number {
    return this.listeners.size;
  }

  /** Those who look at the world, too. */
  get watching(): number {
    return [...this.listeners].filter(({ view }) => view).length;
  }

  /** The next record of the listener who is farthest. */
  get farthest(): number {
    return Math.max(...[...this.listeners].map(({ position }) => position));
  }

  add(listener: Listener): void {
    clearTimeout(this.alone);
    this.listeners.add(listener);
  }

  delete(listener: Listener): void {
    this.listeners.delete(listener);
    this.wait();
  }

  wake(): void {
    for (const listener of this.listeners) listener.wake();
  }

  /** Waits anew, where nobody is there. */
  wait(): void {
    clearTimeout(this.alone);
    if (this.listeners.size > 0 || this.closed) return;
    this.alone = setTimeout(this.abandoned, 1000 * this.patience());
    this.alone.unref();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.alone);
    for (const listener of this.listeners) listener.leave();
  }
}
