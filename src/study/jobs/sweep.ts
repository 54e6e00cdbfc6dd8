/** Runs of a sweep: plain data in, lines of the log out. The same job done twice gives the same lines. */
import { checkMeasure } from '../../scenario/expect.js';
import type { LoadedScenario } from '../../scenario/load.js';
import { type FinishedRun, lineOf } from '../sweep/finished-run.js';
import { scenarioHash } from '../sweep/scenario-hash.js';
import type { Measure } from '../sweep/study.js';
import type { Keep } from '../sweep/study-schema.js';
import type { Asked } from './comparison.js';
import { loadedFrom, parsedFrom } from './loaded.js';
import { runFor } from './series.js';

export interface SweepRun {
  readonly n: number;
  /** A hash of the scenario, the values, the seed, and what is kept. */
  readonly key: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly seed: number;
}

export interface SweepAsks {
  readonly asked: Asked;
  /** The scenario's hash, as it was when the study was checked. */
  readonly scenario: string;
  readonly measures: readonly Measure[];
  readonly keep: Keep;
  readonly runs: readonly SweepRun[];
}

/** Throws where the scenario is not the one of the study any more. */
export async function runsOfSweep({ asked, keep, measures, runs, scenario }: SweepAsks): Promise<readonly string[]> {
  const loaded = await loadedAs(scenario, asked);
  const names = [...loaded.readers.keys()];
  const checked = measures.map(({ formula }) => checkMeasure(formula, names));
  const reads = [...new Set(checked.flatMap((measure) => [...measure.reads]))];
  let point = '';
  let variant: LoadedScenario = loaded;
  return runs.map(({ key, n, seed, set: values }) => {
    // Neighbours share their point.
    const text = JSON.stringify(values);
    if (text !== point) {
      variant = loaded.with(values);
      point = text;
    }
    const run = runFor(variant, reads, seed, 0);
    const columns = checked.map((measure): Float64Array => {
      // The steps before a divergence would flatter it.
      const isLost = run.diverged && keep === 'final' && measure.reads.size > 0;
      return isLost ? Float64Array.of(Number.NaN) : measure.of(run);
    });
    const count = keep === 'final' ? 1 : run.steps;
    const rows = Array.from({ length: count }, (_, t) =>
      columns.map((column, k) => cell(column, t, checked[k].perStep)),
    );
    const finished: FinishedRun = { n, key, diverged: run.diverged, rows };
    return lineOf(finished);
  });
}

/** What this thread keeps of a file may be older than the study. */
async function loadedAs(hash: string, { data, file, off, set, text }: Asked): Promise<LoadedScenario> {
  if (text !== undefined) return parsedFrom(text, file);
  const options = { set, off, ...(data === null ? {} : { data }) };
  for (const again of [false, true]) {
    const loaded = await loadedFrom(file, options, again);
    if (scenarioHash(loaded) === hash) return loaded;
  }
  throw new Error(`${file} was changed while the sweep ran`);
}

function cell(column: Float64Array, t: number, perStep: boolean): number | null {
  const value = column[perStep ? t : 0];
  return value !== undefined && Number.isFinite(value) ? value : null;
}
