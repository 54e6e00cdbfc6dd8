/** The tasks of a comparison: plain data in, plain data out, so that any thread can do them. */
import type { LoadedScenario } from '../../scenario/load.js';
import { type Policy, policyOverrides } from '../../scenario/policy.js';
import { type ComparedRun, oneRun } from '../compare.js';
import { bestFound, exactOracle, isExact, type OracleSchedule, scheduleOf } from '../oracle.js';
import { loadedFrom, variantOf } from './loaded.js';

/** A scenario as the command line names it. */
export interface Asked {
  readonly file: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly off: readonly string[];
  readonly data: string | null;
}

const loadedOf = ({ data, file, off, set }: Asked): Promise<LoadedScenario> =>
  loadedFrom(file, { set, off, ...(data === null ? {} : { data }) });

/** One run of one policy. */
export async function runOfPolicy({
  asked,
  policy,
  seed,
}: {
  asked: Asked;
  policy: Policy;
  seed: number;
}): Promise<ComparedRun> {
  const loaded = await loadedOf(asked);
  return oneRun({ name: policy.name, loaded: variantOf(loaded, policyOverrides(loaded, policy)) }, seed);
}

/** Schedules on one window and label budget, and those that were run on it already. */
export interface OracleBase {
  readonly set: Policy['set'];
  readonly given: readonly OracleSchedule[];
}

/** The oracle's run: of the exact schedule, or of the best that is found, over all windows and label budgets. */
export async function runOfOracle({
  asked,
  bases,
  name,
  seed,
}: {
  asked: Asked;
  name: string;
  seed: number;
  bases: readonly OracleBase[];
}): Promise<ComparedRun> {
  const loaded = await loadedOf(asked);
  const found = bases.map(({ given, set }) => ({
    set,
    ...(isExact(loaded) ? exactOracle(loaded, seed, set) : bestFound(loaded, seed, given, set)),
  }));
  // The labels that each base buys are in no schedule's cost.
  const runs = found.map(({ set, steps }) =>
    oneRun({ name, loaded: loaded.with(policyOverrides(loaded, scheduleOf(steps, set))) }, seed),
  );
  const total = ({ costs }: ComparedRun) => costs?.total ?? Number.POSITIVE_INFINITY;
  return runs.reduce((a, b) => (total(b) < total(a) ? b : a));
}
