/** A run once more from what its trace says of it, to look at its people again: the trace holds numbers only. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { HeaderRecord, Intervention, TraceRecord } from '../../loop/trace.js';
import { type ViewFrame, WorldView } from '../../loop/view.js';
import { ScenarioError } from '../../scenario/diagnostic.js';
import { type LoadedScenario, parseScenario } from '../../scenario/load.js';
import { runOf } from '../../scenario/simulate.js';
import { nodeCount } from '../../world/population.js';
import { hashedText } from './read.js';

/** What a run is known by afterwards. */
export interface RunKnown {
  readonly header: HeaderRecord | null;
  /** Records of the run before its end. */
  readonly length: number;
  readonly steps: number;
  /** Individuals that counted at its first step. */
  readonly individuals: number;
  readonly interventions: readonly Intervention[];
  /** SHA-256 over its lines before its end. */
  readonly hash: string;
}

/** Keeps that while the run's records pass. */
export class Passed implements RunKnown {
  header: HeaderRecord | null = null;
  length = 0;
  steps = 0;
  individuals = 0;
  interventions: readonly Intervention[] = [];
  private readonly digest = createHash('sha256');

  take(record: TraceRecord): void {
    if (record.twin !== undefined) return;
    if (record.type === 'end') {
      this.interventions = record.interventions;
      return;
    }
    if (record.type === 'header') {
      this.header = record;
      this.interventions = record.interventions;
    }
    if (record.type === 'step') {
      if (this.steps === 0) this.individuals = record.actual.n ?? 0;
      this.steps++;
    }
    this.length++;
    this.digest.update(`${hashedText(record, JSON.stringify(record))}\n`);
  }

  get hash(): string {
    return this.digest.copy().digest('hex');
  }
}

/** The run's own scenario. Throws a `ScenarioError`, also where it takes rows from a file: whose they are is not known. */
export function scenarioOf({ name, scenario }: HeaderRecord): Promise<LoadedScenario> {
  // What it extends is in it already.
  const { extends: _below, ...whole } = Object(scenario) as Record<string, unknown>;
  return parseScenario(JSON.stringify(whole), {}, name);
}

export interface Frames {
  readonly frames: readonly ViewFrame[];
  /** Why there are none; null where there are. */
  readonly note: string | null;
}

export interface FramesOptions {
  /** At most so many, evenly over the steps. */
  readonly frames: number;
  readonly people: number;
  /** Hands on the run, where it has not ended and the trace cannot tell them all. */
  readonly interventions?: readonly Intervention[];
  /** Gives it up. */
  readonly signal?: AbortSignal;
}

/** Individuals times steps; a longer run is not run again. */
export const MOST_WORK = 5e7;

export const without = (note: string): Frames => ({ frames: [], note: `The world is not in this file: ${note}.` });

/**
 * Frames of the run, in the order of the steps. Others have their turn after every record. The frames are only given
 * where the second run has written the same lines as the first.
 */
export async function framesOf(passed: RunKnown, options: FramesOptions): Promise<Frames> {
  const { header, steps } = passed;
  if (header === null || steps === 0) return without('no step was made');
  if (readsRows(header.scenario)) return without('its people are rows of a data file');
  let loaded: LoadedScenario;
  try {
    loaded = await scenarioOf(header);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return without('this version of driftloop cannot run its scenario');
  }
  if (individualsOf(loaded) * steps > MOST_WORK) return without('it would take too long to run it again');
  const chosen = evenly(steps, options.frames);
  const frames: ViewFrame[] = [];
  const again = new Passed();
  const view = new WorldView(loaded.plan, { people: options.people });
  let t = 0;
  const records = runOf(loaded, {
    seed: header.seed,
    replicate: header.replicate,
    interventions: options.interventions ?? passed.interventions,
    hash: false,
    look: (world) => {
      if (chosen.has(t++)) frames.push(view.take(world));
    },
  });
  try {
    for (const record of records) {
      again.take(record.type === 'header' ? { ...record, scenario: header.scenario } : record);
      if (again.length >= passed.length) break;
      await setImmediate();
      options.signal?.throwIfAborted();
    }
  } catch (error) {
    // A hand that the scenario does not take.
    if (!(error instanceof ScenarioError)) throw error;
  }
  if (again.hash !== passed.hash) return without('run again, it does not come out the same here');
  return { frames, note: null };
}

function individualsOf({ plan: { population } }: LoadedScenario): number {
  return population.nodes === null ? population.size : nodeCount(population.nodes, population.branches);
}

function readsRows(scenario: unknown): boolean {
  const { population } = Object(scenario) as { population?: unknown };
  return Object(population).rows !== undefined;
}

/** Numbers of steps from the first to the last. */
function evenly(steps: number, most: number): Set<number> {
  const count = Math.min(steps, most);
  return new Set(Array.from({ length: count }, (_, k) => Math.round((k * (steps - 1)) / Math.max(1, count - 1))));
}
