/** A progress bar on a terminal; nothing in a pipe. */
export class Progress {
  private readonly shown = process.stderr.isTTY === true;
  private last = 0;

  constructor(private readonly label: string) {}

  /** `note` stands behind the numbers. */
  at(done: number, total: number, note = ''): void {
    if (!this.shown) return;
    const now = performance.now();
    if (now - this.last < 100 && done < total) return;
    this.last = now;
    const filled = Math.round((30 * done) / Math.max(1, total));
    process.stderr.write(
      `\r${this.label} ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${done}/${total}${note}\x1b[K`,
    );
  }

  end(): void {
    if (this.shown) process.stderr.write('\r\x1b[K');
  }
}
