/** Runs what is left of a study, on as many threads as the executor has; each result is kept as it comes. */
import type { Executor, Job } from '../executor/index.js';
import type { Asked } from '../jobs/comparison.js';
import type { tasks } from '../jobs/index.js';
import type { SweepRun } from '../jobs/sweep.js';
import { costOf } from '../verify/cost.js';
import type { RunStore } from './run-store.js';
import { resolvedText } from './scenario-hash.js';
import { runAt, runKey, type Study, setOf } from './study.js';

export interface RunStudyOptions {
  readonly executor: Executor<typeof tasks>;
  readonly store: RunStore;
  /** Called as runs end, with those that had ended before among them. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A run that failed, and why. */
export interface FailedRun {
  readonly set: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly why: string;
}

/** A job is of about this size: a quarter of a second, so that messages cost nothing and a kill costs little. */
const JOB = 3e5;
/** Jobs for each thread at least: the last ones end at about the same time. */
const JOBS_A_THREAD = 8;

/**
 * The runs that failed. Every thread has one job at a time, which is made when it is free: neither jobs nor results pile
 * up, however long the study is.
 */
export async function runStudy(
  study: Study,
  { executor, progress, signal, store }: RunStudyOptions,
): Promise<FailedRun[]> {
  const left = study.runs - store.count;
  const fair = Math.ceil(left / (executor.workers * JOBS_A_THREAD));
  const size = Math.max(1, Math.min(fair, Math.floor(JOB / costOf(study.loaded))));
  const failed: FailedRun[] = [];
  let next = 0;
  const bundle = (): SweepRun[] => {
    const runs: SweepRun[] = [];
    for (; next < study.runs && runs.length < size; next++) if (!store.has(next)) runs.push(sweepRun(study, next));
    return runs;
  };
  const asked = executor.isElsewhere ? withText(study) : study.asked;
  const work = async (runs: readonly SweepRun[]): Promise<void> => {
    const [result] = await executor.run([jobOf({ ...study, asked }, runs)]);
    if (result.ok) {
      if (signal?.aborted !== true) store.append(result.answer);
      progress?.(store.count, study.runs);
    } else if (runs.length === 1) failed.push({ set: runs[0].set, seed: runs[0].seed, why: result.why });
    // One of several: the others are no worse for it.
    else for (const run of runs) await work([run]);
  };
  const lane = async () => {
    for (let runs = bundle(); runs.length > 0 && signal?.aborted !== true; runs = bundle()) await work(runs);
  };
  progress?.(store.count, study.runs);
  await Promise.all(Array.from({ length: executor.workers }, lane));
  signal?.throwIfAborted();
  return failed;
}

function sweepRun(study: Study, n: number): SweepRun {
  const { point, seed } = runAt(study, n);
  return { n, key: runKey(study, n), set: setOf(study, point), seed };
}

/** Rows are too many to be sent along: a worker has their file at the same place. */
const withText = ({ asked, loaded }: Study): Asked =>
  loaded.scenario.population.rows === undefined ? { ...asked, text: resolvedText(loaded) } : asked;

const jobOf = (
  { asked, keep, measures, scenarioHash }: Pick<Study, 'asked' | 'keep' | 'measures' | 'scenarioHash'>,
  runs: readonly SweepRun[],
): Job<typeof tasks, 'runsOfSweep'> => ({
  task: 'runsOfSweep',
  asks: { asked, scenario: scenarioHash, measures, keep, runs },
});
