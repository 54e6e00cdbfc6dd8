/** Retraining policies side by side: each runs on the same draws, so that they differ only by what they do. */
import { ScenarioError } from '../scenario/diagnostic.js';
import type { LoadedScenario } from '../scenario/load.js';
import { runOf, type SimulateOptions } from '../scenario/simulate.js';

export interface Policy {
  readonly name: string;
  /** Values by path: `{ 'retrain.when': { every: 20 }, 'retrain.window': { last: 40 } }`. None: as the scenario says. */
  readonly set: Readonly<Record<string, unknown>>;
}

export interface CompareOptions {
  readonly policies: readonly Policy[];
  /** The first seed; each further run has the next one. Default: the scenario's own. */
  readonly seed?: number;
  /** Runs of each policy. Default 10. */
  readonly seeds?: number;
  /** Called after each step of each run. */
  readonly look?: SimulateOptions['look'];
}

export interface ComparedRun {
  readonly type: 'run';
  readonly policy: string;
  readonly seed: number;
  /** The primary metric from the actual vantage point at each step; null after a divergence. */
  readonly actual: readonly (number | null)[];
  /** Mean of `actual` over the steps; null where the run diverged, as the steps before it would flatter it. */
  readonly mean: number | null;
  /** Costs at the end, by kind and in total, null where the run diverged; null where the scenario has no costs. */
  readonly costs: Readonly<Record<string, number | null>> | null;
  /** Of all models, up to the last step but one: a training at the end of the last step serves and costs nobody. */
  readonly trainings: number;
  /** The steps at whose end the primary model was trained. */
  readonly trained: readonly number[];
}

export type ComparedLine =
  | { readonly type: 'begin'; readonly metric: string; readonly steps: number; readonly seeds: readonly number[] }
  | ComparedRun
  | { readonly type: 'end' };

export const DEFAULT_SEEDS = 10;

/** A policy with the scenario that it makes. */
export interface Variant {
  readonly name: string;
  readonly loaded: LoadedScenario;
}

/** The scenario under each policy. Throws a `ScenarioError` that names the policies which it cannot take. */
export function variantsOf(loaded: LoadedScenario, policies: readonly Policy[]): Variant[] {
  const variants: Variant[] = [];
  const diagnostics: ScenarioError['diagnostics'][number][] = [];
  for (const policy of policies) {
    try {
      const overrides = policyOverrides(loaded, policy);
      const changed = Object.keys(overrides).length === 0 ? loaded : loaded.with(overrides);
      const { primary, steps } = changed.plan;
      if (steps !== loaded.plan.steps || primary.metric !== loaded.plan.primary.metric) throw incomparable(loaded);
      variants.push({ name: policy.name, loaded: changed });
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      diagnostics.push(...error.diagnostics.map((found) => ({ ...found, file: `policy ${policy.name}` })));
    }
  }
  if (diagnostics.length > 0) throw new ScenarioError(diagnostics);
  return variants;
}

const incomparable = ({ file }: LoadedScenario): ScenarioError => {
  const message = 'a policy may change neither the number of steps nor what the primary model predicts';
  return new ScenarioError([{ file, line: 1, column: 1, message, expected: null, nearest: null }]);
};

/**
 * Runs every policy on every seed, seed by seed: at any time each policy has as many runs as the others, or one more. A
 * policy that the scenario cannot take throws a `ScenarioError` here, before anything runs.
 */
export function compare(loaded: LoadedScenario, options: CompareOptions): Generator<ComparedLine, void, undefined> {
  return compareVariants(variantsOf(loaded, options.policies), options);
}

/** The runs of variants that were made (and may have been weighed) before. */
export function* compareVariants(
  variants: readonly Variant[],
  { look, seed, seeds = DEFAULT_SEEDS }: Omit<CompareOptions, 'policies'>,
): Generator<ComparedLine, void, undefined> {
  if (variants.length === 0) throw new RangeError('there is no policy to compare');
  const { plan, scenario } = variants[0].loaded;
  const first = seed ?? scenario.seed;
  const drawn = Array.from({ length: seeds }, (_, k) => first + k);
  yield { type: 'begin', metric: plan.primary.metric, steps: plan.steps, seeds: drawn };
  for (const one of drawn) for (const variant of variants) yield oneRun(variant, one, look);
  yield { type: 'end' };
}

/** One run of a policy. */
export function oneRun({ loaded, name }: Variant, seed: number, look?: CompareOptions['look']): ComparedRun {
  const { primary, steps } = loaded.plan;
  const actual = new Array<number | null>(steps).fill(null);
  let costs: ComparedRun['costs'] = null;
  let trainings = 0;
  const trained: number[] = [];
  let diverged = false;
  for (const record of runOf(loaded, { seed, hash: false, ...(look === undefined ? {} : { look }) })) {
    if (record.type === 'end') diverged = record.status === 'diverged';
    if (record.type !== 'step') continue;
    actual[record.t] = record.actual[primary.metric] ?? null;
    if (Object.keys(record.costs).length > 0) costs = record.costs;
    if (wasTrained(record.models[primary.model])) trained.push(record.t);
    // The costs of a step are counted before its training: what was trained at the last step is in none of them.
    if (record.t < steps - 1) trainings += Object.values(record.models).filter(wasTrained).length;
  }
  return {
    type: 'run',
    policy: name,
    seed,
    actual,
    mean: diverged ? null : meanOf(actual),
    costs: diverged && costs !== null ? Object.fromEntries(Object.keys(costs).map((kind) => [kind, null])) : costs,
    trainings,
    trained,
  };
}

const wasTrained = ({ gap, objective }: { gap: number | null; objective: number | null }): boolean =>
  objective !== null || gap !== null;

function meanOf(values: readonly (number | null)[]): number | null {
  let n = 0;
  let sum = 0;
  for (const value of values) {
    if (value === null) continue;
    n++;
    sum += value;
  }
  return n === 0 ? null : sum / n;
}

/**
 * A policy's values at the paths where the scenario takes them. What it says of `retrain` holds for every model that
 * retrains as the scenario does, and for the primary model even where it has a `retrain` of its own; other models keep
 * theirs. It is put into each model, and whole: a bare `retrain` is found in `costs` where the file has none of its own.
 */
export function policyOverrides({ plan, scenario }: LoadedScenario, { set }: Policy): Record<string, unknown> {
  const overrides: Record<string, unknown> = {};
  const changes: [path: string[], value: unknown][] = [];
  for (const [path, value] of Object.entries(set)) {
    const [head, ...rest] = path.split('.');
    if (head === 'retrain') changes.push([rest, value]);
    else overrides[path] = value;
  }
  if (changes.length === 0) return overrides;
  for (const [name, model] of Object.entries(scenario.models)) {
    if (model.retrain !== undefined && name !== plan.primary.model) continue;
    overrides[`models.${name}.retrain`] = changes.reduce<unknown>(
      (tree, [path, value]) => put(tree, path, value) ?? {},
      model.retrain ?? scenario.retrain,
    );
  }
  return overrides;
}

/** The tree with a value at a path. What is in the way and has no keys gives way: `never` to `{ every: 5 }`. */
function put(tree: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const isMap = typeof tree === 'object' && tree !== null && !Array.isArray(tree);
  const entries = new Map(isMap ? Object.entries(tree) : []);
  // The value null takes a key away, as it does in every override.
  if (rest.length === 0 && value === null) entries.delete(key);
  else entries.set(key, put(entries.get(key), rest, value));
  return Object.fromEntries(entries);
}
