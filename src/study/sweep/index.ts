/**
 * `sweep`: many runs of a scenario, over parameters and seeds.
 *
 * @example
 * const table = await sweep('strategic-credit.yaml', {
 *   over: { 'respond.gaming.strength': '0..20 by 5', 'respond.gaming.share': [0.3, 0.6] },
 *   measures: { gap: 'final(actual.accuracy) - lab.accuracy' },
 *   seeds: 20,
 * });
 * table.columns.gap; // Float64Array, a value for each run
 */
import type { Executor } from '../executor/index.js';
import { onThisMachine, type tasks } from '../jobs/index.js';
import type { Value } from './axis.js';
import type { DesignName } from './design.js';
import { type FolderOptions, openFolder } from './folder.js';
import { studyOf } from './read-study.js';
import { memoryStore, type RunStore } from './run-store.js';
import { runStudy } from './run-study.js';
import type { Scramble } from './scramble.js';
import type { Study } from './study.js';
import type { Keep } from './study-schema.js';
import { type SweepTable, tableOf } from './table.js';
import { given } from './written.js';

export { FolderError } from './lock.js';
export type { SweepTable } from './table.js';

export interface SweepOptions<P extends string = string, M extends string = string> {
  /** Parameters by path: a list of values, or a range such as `0..20 by 5` or `0.001..10 5 points log`. */
  readonly over: Readonly<Record<P, string | readonly Value[]>>;
  /** Default `grid`. */
  readonly design?: DesignName;
  /** Of the other designs. */
  readonly points?: number;
  /** Of `sobol` and `saltelli`. Default `owen`. */
  readonly scramble?: Scramble;
  /** Runs of each point. Default: 10 in a grid, else 1. */
  readonly seeds?: number;
  /** The first seed, also of the design. Default: the scenario's own. */
  readonly seed?: number;
  /** A row for each run, or for each of its steps. Default `final`. */
  readonly keep?: Keep;
  /** Formulas by name, in the words of expectations. Default: the vantage points of what the scenario opens with. */
  readonly measures?: Readonly<Record<M, string>>;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly off?: readonly string[];
  readonly data?: string;
  /** Folder for the results; where runs of the same study are there already, they are not run again. Default: none. */
  readonly out?: string;
  readonly fresh?: boolean;
  /** Threads. Default: one for each core. */
  readonly workers?: number;
  /** A Redis or Valkey (`redis://host:port`) whose workers (`driftloop worker`) make the runs. Default: threads of this process. */
  readonly queue?: string;
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Runs of a study failed. The others are kept where there is a folder, and the same call tries the failed ones again. */
export class SweepError extends Error {
  override readonly name = 'SweepError';
}

/**
 * Runs a study and gives its table: the same one with any number of threads, whether it was interrupted or not.
 *
 * Throws a `ScenarioError` before anything runs where the scenario cannot take a value, a `FolderError` where the folder
 * is in use or holds another study, a `SweepError` where a run fails, and what `signal` says where it is aborted.
 */
export async function sweep<const P extends string, const M extends string = string>(
  scenario: string,
  { fresh, out, progress, queue, signal, workers, ...written }: SweepOptions<P, M>,
): Promise<SweepTable<P, M>> {
  const study = await studyOf(given('sweep', { scenario, ...written }), process.cwd());
  const folder = out === undefined ? null : openFolder(out, study, fresh === undefined ? {} : { fresh });
  const executor = await executorFor({ workers, queue });
  try {
    const store = folder?.store ?? memoryStore();
    await completed(study, store, { executor, ...(progress ? { progress } : {}), ...(signal ? { signal } : {}) });
    folder?.finish();
    return tableOf<P, M>(study, store);
  } finally {
    folder?.close();
    await executor.close();
  }
}

/** Throws a `QueueError` where there is no queue. */
export async function executorFor({
  queue,
  workers,
}: {
  readonly queue?: string | undefined;
  readonly workers?: number | undefined;
}): Promise<Executor<typeof tasks>> {
  // A client of Redis is loaded where it is needed.
  if (queue !== undefined) return (await import('../executor/queue.js')).queue<typeof tasks>(queue);
  return onThisMachine(workers);
}

/** Runs what is left; throws a `SweepError` where a run fails. */
export async function completed(
  study: Study,
  store: RunStore,
  options: Omit<Parameters<typeof runStudy>[1], 'store'>,
): Promise<void> {
  const failed = await runStudy(study, { ...options, store });
  if (failed.length === 0) return;
  const [{ seed, set, why }] = failed;
  const values = Object.entries(set).map(([path, value]) => `${path} = ${JSON.stringify(value)}`);
  throw new SweepError(
    `${failed.length} of ${study.runs} runs failed; with ${[...values, `seed ${seed}`].join(', ')}: ${why}`,
  );
}

export type { FolderOptions };
