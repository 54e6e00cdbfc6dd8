/** A progress bar on a terminal; nothing in a pipe. */
import { timeLeft } from './time-left.js';

export class Progress {
  private readonly shown = process.stderr.isTTY === true;
  private last = 0;
  private readonly began = performance.now();

  /** `before`: what was done before it began, and says nothing of how long the rest takes. */
  constructor(
    private readonly label: string,
    private readonly before = 0,
  ) {}

  at(done: number, total: number): void {
    if (!this.shown) return;
    const now = performance.now();
    if (now - this.last < 100 && done < total) return;
    this.last = now;
    const filled = Math.round((30 * done) / Math.max(1, total));
    const left = timeLeft(done - this.before, total - this.before, (now - this.began) / 1000);
    process.stderr.write(
      `\r${this.label} ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${done}/${total}${left}\x1b[K`,
    );
  }

  end(): void {
    if (this.shown) process.stderr.write('\r\x1b[K');
  }
}
