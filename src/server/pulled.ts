/** An executor whose jobs wait, each for its turn: a comparison that nobody reads makes no run more. */
import type { Answer, Executor, Job, Result, Tasks } from '../study/executor/index.js';

export class Pulled<T extends Tasks> implements Executor<T> {
  readonly workers = 1;
  private turns = 0;
  private go: (() => void) | null = null;

  constructor(private readonly tasks: T) {}

  /** Lets one job be done, the next one. */
  turn(): void {
    this.turns++;
    this.go?.();
  }

  /** What a job throws goes through as it is: it says why the comparison ends. */
  async run<K extends keyof T & string>(
    jobs: readonly Job<T, K>[],
    done?: (index: number, result: Result<Answer<T, K>>) => void,
  ): Promise<Result<Answer<T, K>>[]> {
    const results: Result<Answer<T, K>>[] = [];
    for (const [index, { asks, task }] of jobs.entries()) {
      await this.untilTurn();
      const start = performance.now();
      const answer = (await this.tasks[task](asks as never)) as Answer<T, K>;
      results.push({ ok: true, answer, seconds: (performance.now() - start) / 1000 });
      done?.(index, results[index]);
    }
    return results;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async untilTurn(): Promise<void> {
    while (this.turns === 0) {
      await new Promise<void>((go) => {
        this.go = go;
      });
      this.go = null;
    }
    this.turns--;
  }
}
