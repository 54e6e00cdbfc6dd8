/** Runs a scenario as often as its expectations need, and judges them. */
import type { TraceRecord } from '../loop/trace.js';
import { checkExpectation } from '../scenario/expect.js';
import type { LoadedScenario } from '../scenario/load.js';
import type { Reader } from '../scenario/readers.js';
import { runOf } from '../scenario/simulate.js';
import type { RunSeries, Verdict } from '../scenario/term.js';

export interface Judgement extends Verdict {
  readonly that: string;
  readonly because: string;
  /** The changes under which it was judged. */
  readonly with: Readonly<Record<string, unknown>> | null;
}

/** Gathers the series that are asked for from the records of one run. */
export class SeriesKeeper {
  private readonly values: { readonly read: Reader; readonly column: Float64Array; readonly name: string }[];
  private steps = 0;
  private diverged = false;

  constructor(loaded: LoadedScenario, names: Iterable<string>) {
    this.values = [...names].flatMap((name) => {
      const read = loaded.readers.get(name);
      return read === undefined ? [] : [{ name, read, column: new Float64Array(loaded.plan.steps).fill(Number.NaN) }];
    });
  }

  take(record: TraceRecord): void {
    if (record.type === 'end') this.diverged = record.status === 'diverged';
    if (record.type !== 'step') return;
    for (const { column, read } of this.values) column[record.t] = read(record) ?? Number.NaN;
    this.steps = record.t + 1;
  }

  get run(): RunSeries {
    const series = new Map(this.values.map(({ column, name }) => [name, column.subarray(0, this.steps)]));
    return { series, steps: this.steps, diverged: this.diverged };
  }
}

export interface JudgeOptions {
  readonly seed?: number;
  /** The first replicate of the scenario as it stands, where it has been run already. */
  readonly first?: { readonly keeper: SeriesKeeper };
  /** Called after each run, with the number of runs done and of all. */
  readonly progress?: (done: number, total: number) => void;
}

/** The series that the expectations of a scenario as it stands read. */
export function namesJudged(loaded: LoadedScenario): Set<string> {
  return namesOf(
    loaded,
    loaded.scenario.expect.filter((expectation) => expectation.with === undefined),
  );
}

function namesOf(loaded: LoadedScenario, expectations: readonly { that: string }[]): Set<string> {
  const known = [...loaded.readers.keys()];
  return new Set(expectations.flatMap(({ that }) => [...checkExpectation(that, known).reads]));
}

/** Every expectation, in the order of the file. Expectations with the same changes share their runs. */
export function* judge(loaded: LoadedScenario, options: JudgeOptions = {}): Generator<null, Judgement[]> {
  const { expect } = loaded.scenario;
  const groups = new Map<string, number[]>();
  expect.forEach((expectation, index) => {
    const key = JSON.stringify(expectation.with ?? null);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  const judgements: Judgement[] = new Array(expect.length);
  const variants = [...groups].map(([key, indices]) => {
    const set = JSON.parse(key) as Record<string, unknown> | null;
    return { set, indices, variant: set === null ? loaded : loaded.with(set) };
  });
  const total = variants.reduce((sum, { variant }) => sum + variant.scenario.replicates, 0);
  let done = 0;
  for (const { indices, set, variant } of variants) {
    const names = namesOf(
      variant,
      indices.map((index) => expect[index]),
    );
    const runs: RunSeries[] = [];
    for (let replicate = 0; replicate < variant.scenario.replicates; replicate++) {
      const isKnown = replicate === 0 && set === null && options.first !== undefined;
      runs.push(isKnown && options.first ? options.first.keeper.run : oneRun(variant, names, replicate, options.seed));
      options.progress?.(++done, total);
      yield null;
    }
    const known = [...variant.readers.keys()];
    for (const index of indices) {
      const { because, that } = expect[index];
      judgements[index] = { that, because, with: set, ...checkExpectation(that, known).judge(runs) };
    }
  }
  return judgements;
}

function oneRun(loaded: LoadedScenario, names: Iterable<string>, replicate: number, seed?: number): RunSeries {
  const keeper = new SeriesKeeper(loaded, names);
  for (const record of runOf(loaded, { replicate, hash: false, ...(seed === undefined ? {} : { seed }) }))
    keeper.take(record);
  return keeper.run;
}

/** Judges everything at once. */
export function judgeAll(loaded: LoadedScenario, options: JudgeOptions = {}): Judgement[] {
  const judging = judge(loaded, options);
  for (;;) {
    const next = judging.next();
    if (next.done) return next.value;
  }
}
