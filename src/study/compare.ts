/** Retraining policies side by side: each runs on the same draws, so that they differ only by what they do. */
import { ScenarioError } from '../scenario/diagnostic.js';
import type { LoadedScenario } from '../scenario/load.js';
import type { Policy } from '../scenario/policy.js';
import { runOf, type SimulateOptions } from '../scenario/simulate.js';
import { underPolicy } from '../scenario/under-policy.js';

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
      const changed = underPolicy(loaded, policy);
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
