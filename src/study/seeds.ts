/** A scenario over many seeds: how its numbers spread at each step and at the end, and in how many runs each expectation holds. */
import type { LoadedScenario } from '../scenario/load.js';
import type { Executor } from './executor/index.js';
import type { Asked } from './jobs/comparison.js';
import type { tasks } from './jobs/index.js';
import type { SeedAnswer, SeedAsks, SeedTable } from './jobs/seed.js';
import { type Shown, shownNames } from './shown.js';
import { type Interval, meanInterval, quantileBands } from './statistics.js';

/** Of the values of all seeds at each step; NaN where no seed has one. */
export interface Band {
  /** 10 % of the seeds are below, 10 % above. */
  readonly low: Float64Array;
  readonly median: Float64Array;
  readonly high: Float64Array;
}

export type SeedTasks = Pick<typeof tasks, 'runOfSeed'>;

export interface HeldExpectation {
  readonly that: string;
  readonly because: string;
  readonly with: Readonly<Record<string, unknown>> | null;
  /** Of so many seeds, it holds with so many. */
  readonly held: number;
  readonly of: number;
}

export interface OverSeeds {
  readonly seeds: readonly number[];
  /** Whether anything random is drawn; if not, one seed tells all. */
  readonly drawn: boolean;
  readonly shown: Shown;
  /** By name of the trace. */
  readonly bands: ReadonlyMap<string, Band>;
  /** Actual of the twin; null where there is none. */
  readonly twin: Band | null;
  /** Last values of every number that has one, by name: mean and interval over the seeds that have it. */
  readonly final: ReadonlyMap<string, Interval>;
  readonly expectations: readonly HeldExpectation[];
  readonly runs: readonly Pick<SeedAnswer, 'hash' | 'seed' | 'status' | 'steps'>[];
  readonly tables: readonly { readonly seed: number; readonly table: SeedTable }[];
}

export interface OverSeedsOptions {
  readonly asked: Asked;
  readonly seeds: number;
  /** The first. Default: the scenario's own. */
  readonly seed?: number;
  readonly twin?: 'feedback';
  /** Whether every number of every step is kept. */
  readonly table?: boolean;
  /** Default: what the scenario opens with. */
  readonly shown?: Shown;
  /** `own`: of the expectations those alone that the runs shown answer. Default `all`. */
  readonly judged?: SeedAsks['judged'];
  readonly executor: Executor<SeedTasks>;
  readonly progress?: (done: number, total: number) => void;
  /** Called after each run, with all that there are. */
  readonly come?: (answers: readonly SeedAnswer[]) => void;
}

const QUANTILES = [0.1, 0.5, 0.9] as const;

/** @throws Error where a run fails. */
export async function overSeeds(loaded: LoadedScenario, options: OverSeedsOptions): Promise<OverSeeds> {
  const { asked, come, executor, judged = 'all', progress, seeds, shown = shownNames(loaded), table = false } = options;
  const names = namesIn(shown);
  const twin = options.twin === undefined ? null : { of: options.twin, name: shown.actual };
  const first = options.seed ?? loaded.scenario.seed;
  const drawn = Array.from({ length: seeds }, (_, k) => first + k);
  let done = 0;
  const came: SeedAnswer[] = [];
  const run = async (some: readonly number[]): Promise<SeedAnswer[]> => {
    const jobs = some.map((seed) => ({
      task: 'runOfSeed' as const,
      asks: { asked, seed, names, twin, table, judged },
    }));
    const results = await executor.run(jobs, (_, result) => {
      // Bands are of sets: the order in which the runs come does not matter.
      if (result.ok) came.push(result.answer);
      progress?.(++done, seeds);
      come?.(came);
    });
    return results.map((result) => {
      if (!result.ok) throw new Error(result.why);
      return result.answer;
    });
  };
  const one = await run(drawn.slice(0, 1));
  const drew = one.some((answer) => answer.drew);
  // What draws nothing is the same with every seed.
  const answers = drew ? [...one, ...(await run(drawn.slice(1)))] : one;
  const { steps } = loaded.plan;
  return {
    seeds: answers.map(({ seed }) => seed),
    drawn: drew,
    shown,
    bands: bandsOf(answers, shown, steps),
    twin:
      twin === null
        ? null
        : bandOf(
            answers.flatMap((answer) => answer.twin ?? []),
            steps,
          ),
    final: finals(answers),
    expectations: held(answers),
    runs: answers.map(({ hash, seed, status, steps: made }) => ({ seed, hash, status, steps: made })),
    tables: answers.flatMap((answer) => (answer.table === null ? [] : [{ seed: answer.seed, table: answer.table }])),
  };
}

/** The names themselves, in the order in which they are drawn. */
const namesIn = ({ actual, beside, lab, observed }: Shown): string[] => [
  ...new Set([lab, observed, actual, ...beside].filter((name) => name !== null)),
];

/** By name, over the runs that there are. */
export const bandsOf = (answers: readonly SeedAnswer[], shown: Shown, steps: number): Map<string, Band> =>
  new Map(
    namesIn(shown).map((name, k) => [
      name,
      bandOf(
        answers.map(({ columns }) => columns[k]),
        steps,
      ),
    ]),
  );

function bandOf(columns: readonly Float64Array[], steps: number): Band {
  const [low, median, high] = quantileBands(columns, QUANTILES, steps);
  return { low, median, high };
}

/** A run that diverged has no last value: the one before it would flatter it. */
function finals(answers: readonly SeedAnswer[]): Map<string, Interval> {
  const values = new Map<string, number[]>();
  for (const { final, status } of answers) {
    if (status === 'diverged') continue;
    for (const [name, value] of Object.entries(final)) {
      if (value === null) continue;
      const own = values.get(name) ?? [];
      own.push(value);
      values.set(name, own);
    }
  }
  return new Map([...values].map(([name, own]) => [name, meanInterval(own)]));
}

function held(answers: readonly SeedAnswer[]): HeldExpectation[] {
  return (answers[0]?.judgements ?? []).map(({ because, that, with: set }, k) => ({
    that,
    because,
    with: set,
    held: answers.filter(({ judgements }) => judgements[k].holds).length,
    of: answers.length,
  }));
}
