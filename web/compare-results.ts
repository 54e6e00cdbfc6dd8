/** What the runs of a comparison come to, at any time while they come. */
import type { CompareLine } from '../src/server/protocol.js';
import { costsByKind } from '../src/study/comparison.js';
import {
  type Difference,
  differenceBySeed,
  type Interval,
  intervalOf,
  quantileBands,
} from '../src/study/statistics.js';
import { type MetricWords, metricWords } from './compare-figures.js';

type RunLine = Extract<CompareLine, { type: 'run' }>;

interface Finished {
  readonly seed: number;
  readonly actual: Float64Array;
  /** Null where the run diverged. */
  readonly mean: number | null;
  readonly costs: RunLine['costs'];
  readonly trainings: number;
}

export interface Summary {
  readonly name: string;
  /** Its place in the list of policies, which is its colour. */
  readonly index: number;
  readonly runs: number;
  readonly diverged: number;
  /** Null where no run has one. */
  readonly metric: Interval | null;
  /** The metric as an error: less is better. */
  readonly error: Interval | null;
  readonly cost: Interval | null;
  /** Means by kind, the total left out. */
  readonly kinds: readonly { readonly kind: string; readonly mean: number }[];
  readonly trainings: Interval | null;
  /** To the first policy, on the same seeds; null for the first itself. */
  readonly costDifference: Difference | null;
  readonly metricDifference: Difference | null;
}

export interface Bands {
  readonly low: Float64Array;
  readonly median: Float64Array;
  readonly high: Float64Array;
}

export class CompareResults {
  steps = 0;
  seeds: readonly number[] = [];
  words: MetricWords = metricWords('accuracy');
  private readonly runs: Map<string, Finished[]>;

  constructor(readonly policies: readonly string[]) {
    this.runs = new Map(policies.map((name) => [name, []]));
  }

  take(line: CompareLine): void {
    if (line.type === 'begin') {
      this.steps = line.steps;
      this.seeds = line.seeds;
      this.words = metricWords(line.metric);
    }
    if (line.type !== 'run') return;
    const { actual, costs, mean, seed, trainings } = line;
    const values = Float64Array.from(actual, (value) => value ?? Number.NaN);
    this.runs.get(line.policy)?.push({ seed, actual: values, mean, costs, trainings });
  }

  get done(): number {
    return [...this.runs.values()].reduce((sum, { length }) => sum + length, 0);
  }

  get total(): number {
    return this.policies.length * this.seeds.length;
  }

  get hasCosts(): boolean {
    return [...this.runs.values()].some((runs) => runs.some(({ costs }) => costs !== null));
  }

  /** The median over seeds, and the band that eight of ten seeds lie in: 10 % to 90 %. */
  bands(name: string): Bands {
    const runs = (this.runs.get(name) ?? []).map(({ actual }) => actual);
    const [low, median, high] = quantileBands(runs, [0.1, 0.5, 0.9], this.steps);
    return { low, median, high };
  }

  /** In the order of the policies. */
  summaries(): Summary[] {
    return this.policies.map((name, index) => this.summary(name, index));
  }

  /** The cheapest first; without costs, the one with the least error. What has no number comes last. */
  ranked(): Summary[] {
    const by = this.hasCosts ? costOf : errorOf;
    const key = (summary: Summary) => by(summary) ?? Number.POSITIVE_INFINITY;
    return this.summaries().sort((a, b) => Math.sign(key(a) - key(b)) || a.index - b.index);
  }

  /** Of what the policies are ranked by, on the seeds that both have; null where none is common. */
  difference(name: string, baseline: string): Difference | null {
    return this.paired(name, baseline, this.hasCosts ? totalOf : this.errorOfRun);
  }

  private readonly errorOfRun = ({ mean }: Finished): number | null =>
    mean === null ? null : this.words.errorOf(mean);

  private summary(name: string, index: number): Summary {
    const runs = this.runs.get(name) ?? [];
    const whole = runs.filter(({ mean }) => mean !== null);
    const baseline = this.policies[0];
    const isFirst = name === baseline;
    return {
      name,
      index,
      runs: runs.length,
      diverged: runs.length - whole.length,
      metric: intervalOf(whole, meanOf),
      error: intervalOf(whole, this.errorOfRun),
      cost: intervalOf(whole, totalOf),
      kinds: Object.entries(costsByKind(whole)).map(([kind, mean]) => ({ kind, mean })),
      trainings: intervalOf(runs, ({ trainings }) => trainings),
      costDifference: isFirst ? null : this.paired(name, baseline, totalOf),
      metricDifference: isFirst ? null : this.paired(name, baseline, meanOf),
    };
  }

  private paired(name: string, baseline: string, read: (run: Finished) => number | null): Difference | null {
    return differenceBySeed(this.runs.get(name) ?? [], this.runs.get(baseline) ?? [], read);
  }
}

const meanOf = ({ mean }: Finished): number | null => mean;
const totalOf = ({ costs }: Finished): number | null => costs?.total ?? null;
const costOf = ({ cost }: Summary): number | null => cost?.mean ?? null;
const errorOf = ({ error }: Summary): number | null => error?.mean ?? null;
