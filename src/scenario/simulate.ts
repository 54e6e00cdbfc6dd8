/** A run as an async stream of trace records: whoever pulls sets the pace. */
import { type RunOptions, run } from '../loop/simulate.js';
import type { TraceRecord } from '../loop/trace.js';
import { changedInMotion } from './hand.js';
import type { LoadedScenario } from './load.js';
import type { Overrides } from './override.js';

export interface SimulateOptions extends Omit<RunOptions, 'seed' | 'replan' | 'scenario' | 'without' | 'twin'> {
  /** Default: the scenario's own. */
  readonly seed?: number;
  /** `feedback`: beside the run, the same seed with every respond and collect mechanism off; its records carry `twin`. */
  readonly twin?: 'feedback' | readonly string[];
}

/** Blocks that close the loop: people who respond, and records that depend on the model. */
export const FEEDBACK = ['respond', 'collect'] as const;

/**
 * Runs a scenario. With a twin, the records of both runs alternate step by step; each run counts its own ids and ends
 * with its own hash.
 */
export async function* simulate(
  loaded: LoadedScenario,
  options: SimulateOptions = {},
): AsyncGenerator<TraceRecord, void, undefined> {
  const { twin, ...rest } = options;
  const main = runOf(loaded, rest);
  const other = twin === undefined ? null : twinOf(loaded, twin, rest);
  for (const record of main) {
    yield record;
    if (other === null || (record.type !== 'step' && record.type !== 'header' && record.type !== 'end')) continue;
    yield* upTo(other, record.type);
  }
  if (other !== null) yield* other;
}

/** The synchronous run of a loaded scenario. */
export function runOf(
  loaded: LoadedScenario,
  options: SimulateOptions & { name?: string; off?: readonly string[] } = {},
): Generator<TraceRecord> {
  const { name, off = [], twin: _twin, ...rest } = options;
  let current = loaded.switchedOff(off);
  const { plan, without } = current;
  return run(plan, {
    ...rest,
    seed: options.seed ?? loaded.scenario.seed,
    scenario: current.scenario,
    without,
    // A hand stays on the world: later ones come on top of it, and what a twin does without stays off.
    replan: (set) => {
      current = changed(current, set, off);
      return current.plan;
    },
    ...(name === undefined ? {} : { twin: name }),
  });
}

/** What a scenario became by a hand, as long as both are there: the entries of a schedule come again in every run. */
const changes = new WeakMap<LoadedScenario, WeakMap<Overrides, LoadedScenario>>();

function changed(loaded: LoadedScenario, set: Overrides, off: readonly string[]): LoadedScenario {
  const known = changes.get(loaded) ?? new WeakMap<Overrides, LoadedScenario>();
  changes.set(loaded, known);
  const next = known.get(set) ?? changedInMotion(loaded, set);
  known.set(set, next);
  return next.switchedOff(off);
}

function twinOf(loaded: LoadedScenario, twin: 'feedback' | readonly string[], options: SimulateOptions) {
  const { look: _look, ...rest } = options;
  const off = twin === 'feedback' ? FEEDBACK : twin;
  return runOf(loaded, { ...rest, off, name: twin === 'feedback' ? 'feedback' : off.join(', ') });
}

/** The records of a run up to and with its next one of a type. */
function* upTo(records: Generator<TraceRecord>, type: TraceRecord['type']): Generator<TraceRecord> {
  for (;;) {
    const next = records.next();
    if (next.done) return;
    yield next.value;
    if (next.value.type === type) return;
  }
}
