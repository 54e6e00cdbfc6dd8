/** Runs a scenario as often as its expectations need, and judges them. */
import { checkExpectation } from '../scenario/expect.js';
import type { LoadedScenario } from '../scenario/load.js';
import type { RunSeries, Verdict } from '../scenario/term.js';
import { runFor } from './jobs/series.js';
import type { SeriesKeeper } from './keeper.js';
import { expectedUnder, namesRead } from './variants.js';

export interface Judgement extends Verdict {
  readonly that: string;
  readonly because: string;
  /** The changes under which it was judged. */
  readonly with: Readonly<Record<string, unknown>> | null;
}

export interface JudgeOptions {
  readonly seed?: number;
  /** The first replicate of the scenario as it stands, where it has been run already. */
  readonly first?: { readonly keeper: SeriesKeeper };
  /** Called after each run, with the number of runs done and of all. */
  readonly progress?: (done: number, total: number) => void;
}

/** The series that the expectations of a scenario as it stands read. */
export const namesJudged = (loaded: LoadedScenario): string[] =>
  namesRead(
    loaded,
    loaded.scenario.expect.filter((expectation) => expectation.with === undefined),
  );

/** Every expectation, in the order of the file. Expectations with the same changes share their runs. */
export function* judge(loaded: LoadedScenario, options: JudgeOptions = {}): Generator<null, Judgement[]> {
  const { expect, seed } = loaded.scenario;
  const judgements: Judgement[] = new Array(expect.length);
  const variants = expectedUnder(loaded);
  const total = variants.reduce((sum, variant) => sum + variant.loaded.scenario.replicates, 0);
  let done = 0;
  for (const { indices, loaded: variant, set } of variants) {
    const own = indices.map((index) => expect[index]);
    const names = namesRead(variant, own);
    const runs: RunSeries[] = [];
    for (let replicate = 0; replicate < variant.scenario.replicates; replicate++) {
      const known = replicate === 0 && set === null ? options.first?.keeper.run : undefined;
      runs.push(known ?? runFor(variant, names, options.seed ?? seed, replicate));
      options.progress?.(++done, total);
      yield null;
    }
    const known = [...variant.readers.keys()];
    own.forEach(({ because, that }, k) => {
      judgements[indices[k]] = { that, because, with: set, ...checkExpectation(that, known).judge(runs) };
    });
  }
  return judgements;
}

/** Judges everything at once. */
export function judgeAll(loaded: LoadedScenario, options: JudgeOptions = {}): Judgement[] {
  const judging = judge(loaded, options);
  for (;;) {
    const next = judging.next();
    if (next.done) return next.value;
  }
}

/** Expectations that one run of the scenario as it stands answers: of those with changes or replicates there is no such run. */
export function judgeOwn(loaded: LoadedScenario, { keeper }: { readonly keeper: SeriesKeeper }): Judgement[] {
  const known = [...loaded.readers.keys()];
  return expectedOwn(loaded).map(({ because, that }) => ({
    that,
    because,
    with: null,
    ...checkExpectation(that, known).judge([keeper.run]),
  }));
}

export const expectedOwn = ({ scenario }: LoadedScenario): LoadedScenario['scenario']['expect'] =>
  scenario.replicates > 1 ? [] : scenario.expect.filter((expectation) => expectation.with === undefined);
