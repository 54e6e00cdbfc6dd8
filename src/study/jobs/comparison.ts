/** The tasks of a comparison: plain data in, plain data out, so that any thread can do them. */
import { type LoadedScenario, loadScenario } from '../../scenario/load.js';
import { type ComparedRun, oneRun, type Policy, variantsOf } from '../compare.js';
import { bestFound, exactOracle, isExact, type OracleSchedule, scheduleOf } from '../oracle.js';

/** A scenario as the command line names it. */
export interface Asked {
  readonly file: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly off: readonly string[];
  readonly data: string | null;
}

/** The last scenario loaded: jobs of one comparison come one after the other. */
let last: { readonly key: string; readonly loaded: Promise<LoadedScenario> } | null = null;

export function loadedOf(asked: Asked): Promise<LoadedScenario> {
  const { data, file, off, set } = asked;
  const key = JSON.stringify(asked);
  if (last?.key !== key) last = { key, loaded: loadScenario(file, { set, off, ...(data === null ? {} : { data }) }) };
  return last.loaded;
}

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
  const [variant] = variantsOf(await loadedOf(asked), [policy]);
  return oneRun(variant, seed);
}

/** Schedules on one window, and those that were run on it already. */
export interface OracleBase {
  readonly set: Policy['set'];
  readonly given: readonly OracleSchedule[];
}

/** The oracle's run: of the exact schedule, or of the best that is found, over all windows. */
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
  const { set, steps } = found.reduce((a, b) => (b.cost < a.cost ? b : a));
  return runOfPolicy({ asked, seed, policy: { ...scheduleOf(steps, set), name } });
}
