/** Lines of a study whose jobs wait for their turn: who asks for a line lets jobs be done until there is one. */
import type { Tasks } from '../study/executor/index.js';
import type { Pulled } from './pulled.js';

export class PulledLines<L> {
  private readonly lines: L[] = [];
  private over = false;
  private failed: unknown = null;
  private came: (() => void) | null = null;

  constructor(private readonly executor: Pulled<Tasks>) {}

  tell(line: L): void {
    this.lines.push(line);
    this.came?.();
  }

  /** There are no more lines once it has ended; what it throws is thrown after the last one. */
  follow(study: Promise<unknown>): this {
    study
      .catch((error) => {
        this.failed = error;
      })
      .finally(() => {
        this.over = true;
        this.came?.();
      });
    return this;
  }

  /** The next line as JSON; null after the last. */
  async next(): Promise<string | null> {
    while (this.lines.length === 0 && !this.over) {
      const came = new Promise<void>((resolve) => {
        this.came = resolve;
      });
      this.executor.turn();
      await came;
    }
    const line = this.lines.shift();
    if (line === undefined && this.failed !== null) throw this.failed;
    return line === undefined ? null : JSON.stringify(line);
  }
}
