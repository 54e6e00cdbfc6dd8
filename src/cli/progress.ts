/** A progress bar on a terminal; nothing in a pipe. */
export class Progress {
  private readonly shown = process.stderr.isTTY === true;
  private last = 0;
  private readonly began = performance.now();

  /** `left`: whether it tells how long the rest will take. */
  constructor(
    private readonly label: string,
    private readonly left = false,
  ) {}

  at(done: number, total: number): void {
    if (!this.shown) return;
    const now = performance.now();
    if (now - this.last < 100 && done < total) return;
    this.last = now;
    const filled = Math.round((30 * done) / Math.max(1, total));
    process.stderr.write(
      `\r${this.label} ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${done}/${total}${this.timeLeft(done, total, now)}\x1b[K`,
    );
  }

  /** As if the rest took as long as what is done. */
  private timeLeft(done: number, total: number, now: number): string {
    if (!this.left || done === 0 || now - this.began < 1000) return '';
    const seconds = Math.ceil(((now - this.began) / 1000) * (total / done - 1));
    return seconds < 100 ? `  ${seconds} s left` : `  ${Math.ceil(seconds / 60)} min left`;
  }

  end(): void {
    if (this.shown) process.stderr.write('\r\x1b[K');
  }
}
