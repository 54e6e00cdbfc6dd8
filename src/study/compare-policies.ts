/** Retraining policies in words, compared on a scenario file: on all cores, with as many seeds as it takes. */
import { type LoadedScenario, loadScenario } from '../scenario/load.js';
import { firstPolicies, withYardsticks } from './asked-policies.js';
import { type Compared, compared } from './comparing.js';
import { onThisMachine } from './jobs/index.js';
import { better } from './metric-words.js';

export interface ComparePoliciesOptions {
  /** Such as `never`, `every 20, last 40`, `on errors, cool 10`, `cost-aware`, `best fixed`, `oracle`, or a name of the scenario's. */
  readonly policies?: readonly string[] | undefined;
  /** Adds never, random at the same rate, the best fixed period, and the oracle. */
  readonly yardsticks?: boolean | undefined;
  /** Runs of each policy. Default 20; of a replay in which nothing is drawn, one. */
  readonly seeds?: number | undefined;
  /** The first seed. Default: the scenario's own. */
  readonly seed?: number | undefined;
  /** Whom the others are compared with. Default: never, else the first. */
  readonly baseline?: string | undefined;
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  readonly off?: readonly string[] | undefined;
  readonly data?: string | undefined;
  /** Threads. Default: one for each core. */
  readonly workers?: number | undefined;
  readonly progress?: (done: number, total: number) => void;
}

const SEEDS = 20;
/** Of a replay: enough to tell whether anything is drawn. */
const SEEDS_OF_A_REPLAY = 2;

/**
 * Each policy on the same draws: cost (or error, where the scenario names no costs) with its interval, ranks that say what
 * cannot be told apart, paired differences to a baseline, costs by kind, the Pareto front, and the distance to the oracle.
 *
 * Throws a `PolicyError` where words mean nothing, a `ScenarioError` where the scenario cannot take a policy.
 */
export async function comparePolicies(
  file: string,
  options: ComparePoliciesOptions = {},
): Promise<Compared & { readonly loaded: LoadedScenario }> {
  const { baseline, data, off = [], policies, progress, seed, set = {}, workers, yardsticks } = options;
  const loaded = await loadScenario(file, { set, off, ...(data === undefined ? {} : { data }) });
  const { plan, scenario } = loaded;
  const own = scenario.policies ?? {};
  const asked = policies ?? firstPolicies(own, plan.steps);
  const executor = onThisMachine(workers);
  const over = (seeds: number) =>
    compared({
      asked: { file, set, off, data: data ?? null },
      loaded,
      policies: yardsticks ? withYardsticks(asked, own) : asked,
      seeds,
      seed: seed ?? scenario.seed,
      ...(baseline === undefined ? {} : { baseline }),
      higherIsBetter: better(plan.primary.metric) === 'higher',
      executor,
      ...(progress === undefined ? {} : { progress }),
    });
  try {
    const isReplay = plan.population.replay !== null;
    const tried = await over(options.seeds ?? (isReplay ? SEEDS_OF_A_REPLAY : SEEDS));
    const isDrawn = options.seeds === undefined && isReplay && tried.alike === 0;
    return { loaded, ...(isDrawn ? await over(SEEDS) : tried) };
  } finally {
    await executor.close();
  }
}
