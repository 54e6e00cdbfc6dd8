/** The tasks of a comparison: plain data in, plain data out, so that any thread can do them. */
import type { LoadedScenario } from '../../scenario/load.js';
import { type Policy, policyOverrides } from '../../scenario/policy.js';
import { type ComparedRun, type CompareOptions, oneRun } from '../compare.js';
import { bestFound, exactOracle, isExact, type OracleSchedule, RUNS_OF_THE_SEARCH, scheduleOf } from '../oracle.js';
import { loadedFrom, variantOf } from './loaded.js';

/** A scenario as the command line names it. */
export interface Asked {
  readonly file: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly off: readonly string[];
  readonly data: string | null;
  /** The scenario as resolved, with `set` and `off` in it: whoever has it needs no file, but for rows. */
  readonly text?: string;
}

const loadedOf = ({ data, file, off, set }: Asked): Promise<LoadedScenario> =>
  loadedFrom(file, { set, off, ...(data === null ? {} : { data }) });

/** One run of one policy. */
export async function runOfPolicy({ asked, ...asks }: { asked: Asked } & PolicyRun): Promise<ComparedRun> {
  return policyRun(await loadedOf(asked), asks);
}

/** The oracle's run: of the exact schedule, or of the best that is found, over all windows. */
export async function runOfOracle({ asked, ...asks }: { asked: Asked } & OracleRun): Promise<ComparedRun> {
  return oracleRun(await loadedOf(asked), asks);
}

export interface PolicyRun {
  readonly policy: Policy;
  readonly seed: number;
}

export interface OracleRun {
  readonly name: string;
  readonly seed: number;
  readonly bases: readonly OracleBase[];
}

/** Schedules on one window and label budget, and those that were run on it already. */
export interface OracleBase {
  readonly set: Policy['set'];
  readonly given: readonly OracleSchedule[];
}

/** `runOfPolicy` of a scenario that is there. */
export const policyRun = (
  loaded: LoadedScenario,
  { policy, seed }: PolicyRun,
  look?: CompareOptions['look'],
): ComparedRun => oneRun({ name: policy.name, loaded: variantOf(loaded, policyOverrides(loaded, policy)) }, seed, look);

/** `runOfOracle` of a scenario that is there. */
export function oracleRun(
  loaded: LoadedScenario,
  { bases, name, seed }: OracleRun,
  look?: CompareOptions['look'],
): ComparedRun {
  const found = bases.map(({ given, set }) => ({
    set,
    ...(isExact(loaded)
      ? exactOracle(loaded, seed, set, look)
      : bestFound(loaded, seed, given, set, RUNS_OF_THE_SEARCH, look)),
  }));
  // The labels that each base buys are in no schedule's cost.
  const runs = found.map(({ set, steps }) =>
    oneRun({ name, loaded: loaded.with(policyOverrides(loaded, scheduleOf(steps, set))) }, seed, look),
  );
  const total = ({ costs }: ComparedRun) => costs?.total ?? Number.POSITIVE_INFINITY;
  return runs.reduce((a, b) => (total(b) < total(a) ? b : a));
}
