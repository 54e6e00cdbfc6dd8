/** One run of a scenario with a seed, as a study of many seeds needs it: what is shown, how it ended, what held. */
import { Stream } from '../../core/random/index.js';
import type { StepRecord } from '../../loop/trace.js';
import type { LoadedScenario } from '../../scenario/load.js';
import { type SimulateOptions, simulate } from '../../scenario/simulate.js';
import { type Row, Rows } from '../export/rows.js';
import { type Judgement, judgeAll, judgeOwn, namesJudged } from '../judge.js';
import { SeriesKeeper } from '../keeper.js';
import type { Asked } from './comparison.js';
import { loadedFrom } from './loaded.js';

export interface SeedAsks {
  readonly asked: Asked;
  readonly seed: number;
  /** Names of the trace to keep, a value a step. */
  readonly names: readonly string[];
  /** Of the twin; null: there is none. */
  readonly twin: { readonly of: 'feedback'; readonly name: string } | null;
  /** Whether every number of every step is wanted. */
  readonly table: boolean;
  /** `own`: of the expectations those alone that this run answers. */
  readonly judged: 'all' | 'own';
}

export interface SeedAnswer {
  readonly seed: number;
  readonly hash: string;
  readonly status: 'complete' | 'diverged' | 'stopped';
  readonly steps: number;
  /** Whether anything random was drawn. */
  readonly drew: boolean;
  /** A column for each name; NaN where there is no value. */
  readonly columns: readonly Float64Array[];
  /** Actual of the twin. */
  readonly twin: Float64Array | null;
  /** Every number that expectations may use, at the last step. */
  readonly final: Readonly<Record<string, number | null>>;
  readonly judgements: readonly Judgement[];
  readonly table: SeedTable | null;
}

/** A row a step and run. */
export interface SeedTable {
  /** `run`, or the twin's name. */
  readonly run: readonly string[];
  readonly t: readonly number[];
  readonly worst: readonly (string | null)[];
  readonly names: readonly string[];
  /** A column for each name; NaN where there is no value. */
  readonly columns: readonly Float64Array[];
}

/** Throws a `ScenarioError`. */
export async function runOfSeed(asks: SeedAsks): Promise<SeedAnswer> {
  const { data, file, off, set } = asks.asked;
  return seedRun(await loadedFrom(file, { set, off, ...(data === null ? {} : { data }) }), asks);
}

/** `runOfSeed` of a scenario that is there; with hands on the run. */
export async function seedRun(
  loaded: LoadedScenario,
  { judged: which, names, seed, table, twin }: Omit<SeedAsks, 'asked'>,
  options: Pick<SimulateOptions, 'hash' | 'interventions' | 'look'> = {},
): Promise<SeedAnswer> {
  const opened = Stream.opened;
  const judged = new SeriesKeeper(loaded, namesJudged(loaded));
  const shown = new SeriesKeeper(loaded, names);
  const beside = new SeriesKeeper(loaded, twin === null ? [] : [twin.name]);
  const rows = new Rows();
  const taken: Row[] = [];
  let last: StepRecord | null = null;
  let end = { hash: '', status: 'complete' as SeedAnswer['status'], steps: 0 };
  for await (const record of simulate(loaded, { ...options, seed, ...(twin === null ? {} : { twin: twin.of }) })) {
    if (table) taken.push(...rows.take(record));
    if (record.twin !== undefined) {
      beside.take(record);
      continue;
    }
    judged.take(record);
    shown.take(record);
    if (record.type === 'step') last = record;
    if (record.type === 'end') end = { hash: record.hash, status: record.status, steps: record.steps };
  }
  if (table) taken.push(...rows.finish());
  const { series } = shown.run;
  const final: Record<string, number | null> = {};
  if (last !== null)
    for (const [name, read] of loaded.readers) {
      const value = read(last);
      if (value !== undefined) final[name] = value;
    }
  return {
    seed,
    ...end,
    drew: Stream.opened > opened,
    columns: names.map((name) => series.get(name) ?? new Float64Array()),
    twin: twin === null ? null : (beside.run.series.get(twin.name) ?? null),
    final,
    judgements:
      which === 'own' ? judgeOwn(loaded, { keeper: judged }) : judgeAll(loaded, { seed, first: { keeper: judged } }),
    table: table
      ? {
          run: taken.map(({ run }) => run),
          t: taken.map(({ t }) => t),
          worst: taken.map(({ worst }) => worst),
          names: rows.names,
          columns: rows.names.map((_, k) => Float64Array.from(taken, ({ numbers }) => numbers[k] ?? Number.NaN)),
        }
      : null,
  };
}
