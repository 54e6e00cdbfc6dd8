/** Scenarios as the jobs of one thread ask for them: the next job is likely to ask for what the one before did. */
import { type LoadedScenario, type LoadOptions, loadScenario, parseScenario } from '../../scenario/load.js';
import type { Overrides } from '../../scenario/override.js';

/** Scenarios that are kept, those that were asked for last. */
const MOST_KEPT = 128;
const kept = new Map<string, Promise<LoadedScenario>>();
const variants = new WeakMap<LoadedScenario, Map<string, LoadedScenario>>();

/** The scenario of a file; `again`: as it is now, whatever is kept of it. Throws a `ScenarioError`. */
export function loadedFrom(file: string, options: LoadOptions = {}, again = false): Promise<LoadedScenario> {
  const key = JSON.stringify([file, options]);
  return keep(key, (again ? undefined : kept.get(key)) ?? loadScenario(file, options));
}

/** The scenario of a text as resolved; `file` names it in errors. Throws a `ScenarioError`. */
export function parsedFrom(text: string, file: string): Promise<LoadedScenario> {
  return keep(text, kept.get(text) ?? parseScenario(text, {}, file));
}

function keep(key: string, loaded: Promise<LoadedScenario>): Promise<LoadedScenario> {
  // The one used last comes last; the one that was not used for longest goes.
  kept.delete(key);
  kept.set(key, loaded);
  for (const oldest of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(oldest);
  return loaded;
}

/** The scenario with changes that several jobs have in common: made once, and kept as long as the scenario is. */
export function variantOf(loaded: LoadedScenario, set: Overrides): LoadedScenario {
  if (Object.keys(set).length === 0) return loaded;
  const known = variants.get(loaded) ?? new Map<string, LoadedScenario>();
  variants.set(loaded, known);
  const key = JSON.stringify(set);
  const variant = known.get(key) ?? loaded.with(set);
  known.set(key, variant);
  return variant;
}
