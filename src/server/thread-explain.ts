/** An explanation in its own thread: loaded, then one run made each time that it is asked for a line. */
import { Stream } from '../core/random/index.js';
import type { Intervention } from '../loop/trace.js';
import type { LoadedScenario } from '../scenario/load.js';
import { runOf } from '../scenario/simulate.js';
import { ExplainError, explain, type RunAsked, type RunGot, runsAtMost } from '../study/explain/index.js';
import { SeriesKeeper } from '../study/keeper.js';
import { Hands, prepared } from './hands.js';
import { amount, individualsOf, withRoomFor } from './limits.js';
import type { ExplainJob } from './messages.js';
import type { ExplainLine } from './protocol.js';
import { Refused } from './refused.js';
import { memoryLook } from './thread-memory.js';
import { read } from './thread-run.js';

export class ThreadExplain {
  /** Lets the next run begin; null while none waits. */
  private go: (() => void) | null = null;
  /** What is known and was not asked for yet. */
  private readonly known: (() => string)[] = [];
  private wanted: (() => void) | null = null;
  private isOver = false;

  private constructor() {}

  /** Throws a `Refused` or a `ScenarioError` where it cannot be had. */
  static async load(job: ExplainJob): Promise<ThreadExplain> {
    const { interventions, limits, metric, off, seed, seeds, set, source, vantage } = job;
    const written = await read(source);
    const room = source.kind === 'file' ? withRoomFor(written, limits) : limits;
    const loaded = prepared(written, { off, set }, room);
    const hands = new Hands(loaded, interventions, room).interventions;
    const options = {
      seeds,
      ...(metric === null ? {} : { metric }),
      ...(vantage === null ? {} : { vantage }),
      ...(seed === null ? {} : { seed }),
    };
    try {
      const runs = runsAtMost(loaded, options);
      const work = individualsOf(loaded.plan) * loaded.plan.steps * runs;
      if (work > limits.allWork)
        throw new Refused(
          `${amount(work)} individuals times steps times runs are more than this server takes: at most ${amount(limits.allWork)}.`,
        );
      const self = new ThreadExplain();
      const begun = new Promise<void>((resolve, reject) => {
        const runner = async (asked: readonly RunAsked[], name: string, done: () => void): Promise<RunGot[]> => {
          const got: RunGot[] = [];
          for (const one of asked) {
            await new Promise<void>((go) => {
              self.go = go;
              resolve();
            });
            got.push(oneRun(loaded, hands, name, one));
            done();
          }
          return got;
        };
        const progress = (done: number, total: number) => self.say({ type: 'run', done, total });
        explain(loaded, { ...options, runner, progress }).then(
          (explanation) => {
            self.isOver = true;
            self.say({ type: 'end', explanation });
          },
          (error) => {
            // Before the first run it is refused, after it the client is told in the stream.
            reject(error);
            self.isOver = true;
            self.tell(() => {
              throw refusal(error);
            });
          },
        );
      });
      await begun;
      return self;
    } catch (error) {
      throw refusal(error);
    }
  }

  async next(): Promise<string | null> {
    if (this.known.length === 0) {
      if (this.isOver) return null;
      await new Promise<void>((wanted) => {
        this.wanted = wanted;
        const { go } = this;
        this.go = null;
        go?.();
      });
    }
    return this.known.shift()?.() ?? null;
  }

  private say(line: ExplainLine): void {
    this.tell(() => JSON.stringify(line));
  }

  private tell(told: () => string): void {
    this.known.push(told);
    this.wanted?.();
    this.wanted = null;
  }
}

const refusal = (error: unknown): unknown =>
  error instanceof ExplainError ? new Refused(`${capital(error.message)}.`) : error;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function oneRun(
  loaded: LoadedScenario,
  interventions: readonly Intervention[],
  name: string,
  { off, seed }: RunAsked,
): RunGot {
  const opened = Stream.opened;
  const keeper = new SeriesKeeper(loaded, [name]);
  const look = memoryLook();
  for (const record of runOf(loaded, { seed, hash: false, off, interventions: [...interventions], look }))
    keeper.take(record);
  return { values: keeper.run.series.get(name) ?? new Float64Array(), drew: Stream.opened > opened };
}
