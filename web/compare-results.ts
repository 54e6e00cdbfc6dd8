/** What the runs of a comparison come to, at any time while they come. */
import type { CompareLine } from '../src/server/protocol.js';
import { BEST_FIXED, isYardstick, ORACLE } from '../src/study/asked-policies.js';
import type { Compared } from '../src/study/comparing.js';
import { comparison, costOf, errorCostOf, upkeepOf } from '../src/study/comparison.js';
import {
  type Difference,
  differenceBySeed,
  type Interval,
  intervalOf,
  quantileBands,
} from '../src/study/statistics.js';
import { type MetricWords, metricWords } from './compare-figures.js';

type RunLine = Extract<CompareLine, { type: 'run' }>;
export type Found = Omit<Compared, 'runs'>;

export interface Bands {
  readonly low: Float64Array;
  readonly median: Float64Array;
  readonly high: Float64Array;
}

export class CompareResults {
  steps = 0;
  seeds: readonly number[] = [];
  words: MetricWords = metricWords('accuracy');
  /** Runs to be made, with those of which only the best is shown. */
  total = 0;
  /** Of the table, in order. */
  names: readonly string[] = [];
  /** What the server said at the end. */
  end: Found | null = null;
  private metric = '';
  private made = 0;
  private readonly runs = new Map<string, RunLine[]>();

  /** `asked`: the policies of the list, whose places are their colours. */
  constructor(private readonly asked: readonly string[]) {}

  take(line: CompareLine): void {
    if (line.type === 'begin') {
      this.steps = line.steps;
      this.seeds = line.seeds;
      this.metric = line.metric;
      this.words = metricWords(line.metric);
      this.total = line.runs;
      this.names = line.policies;
    }
    if (line.type === 'end') this.end = line;
    if (line.type === 'tried' || (line.type === 'run' && line.policy !== BEST_FIXED)) this.made++;
    if (line.type === 'run') this.runs.set(line.policy, [...this.of(line.policy), line]);
  }

  /** Runs that were made. A replay's may be told more than once. */
  get done(): number {
    return Math.min(this.made, this.total);
  }

  get isEmpty(): boolean {
    return this.runs.size === 0;
  }

  get hasCosts(): boolean {
    return [...this.runs.values()].some((runs) => runs.some(({ costs }) => costs !== null));
  }

  /** The place of a policy in the list, then of what was put beside it: its colour. */
  index(name: string): number {
    const place = this.asked.indexOf(name);
    if (place >= 0) return place;
    return this.asked.length + this.names.filter((one) => !this.asked.includes(one)).indexOf(name);
  }

  /** The colour of a policy, as a class: a yardstick that nobody wrote has none of its own. */
  hue(name: string): string {
    return this.isBeside(name) ? 'yardstick' : `scale-${this.index(name) % 8}`;
  }

  /** Whether it is a yardstick that was put beside the policies of the list. */
  isBeside(name: string): boolean {
    return isYardstick(name) && !this.asked.includes(name);
  }

  /** What was said at the end; until then, what the runs that have come amount to. */
  found(): Found {
    if (this.end !== null) return this.end;
    const baseline = this.names.includes('never') ? 'never' : (this.names[0] ?? '');
    const hasOracle = this.runs.has(ORACLE);
    const runs = this.names.flatMap((name) => this.of(name));
    return {
      seeds: this.seeds,
      alike: 0,
      metric: this.metric,
      baseline,
      oracle: hasOracle ? 'best found' : null,
      bestFixed: undefined,
      policies: comparison(runs, {
        baseline,
        higherIsBetter: this.higherIsBetter,
        ...(hasOracle ? { oracle: ORACLE } : {}),
      }),
    };
  }

  /** The median over seeds, and the band that eight of ten seeds lie in: 10 % to 90 %. */
  bands(name: string): Bands {
    const runs = this.of(name).map(({ actual }) => Float64Array.from(actual, (value) => value ?? Number.NaN));
    const [low, median, high] = quantileBands(runs, [0.1, 0.5, 0.9], this.steps);
    return { low, median, high };
  }

  /** Runs whose draws differ: one, where every seed gave the same. */
  count(name: string): number {
    return this.end !== null && this.end.alike > 0 ? 1 : this.of(name).length;
  }

  /** What the front is drawn over; null where every run diverged. */
  place(name: string): { readonly x: Interval; readonly y: Interval } | null {
    const finished = this.of(name).filter(({ mean }) => mean !== null);
    const x = intervalOf(finished, (run) => errorCostOf(run, this.higherIsBetter));
    const y = intervalOf(finished, upkeepOf);
    return x === null || y === null ? null : { x, y };
  }

  /** Of what the policies are ranked by, on the seeds that both have; null where none is common. */
  difference(name: string, other: string): Difference | null {
    return differenceBySeed(this.of(name), this.of(other), (run) => costOf(run, this.higherIsBetter));
  }

  private get higherIsBetter(): boolean {
    return this.words.better === 'higher';
  }

  private of(name: string): readonly RunLine[] {
    return this.runs.get(name) ?? [];
  }
}
