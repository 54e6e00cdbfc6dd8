/** A study that was checked: which runs it has, and what each is known by. */
import { createHash } from 'node:crypto';
import { VERSION } from '../../loop/simulate.js';
import type { LoadedScenario } from '../../scenario/load.js';
import type { Asked } from '../jobs/comparison.js';
import type { Axis, Value } from './axis.js';
import type { Design } from './design.js';
import type { Keep } from './study-schema.js';

export interface Measure {
  readonly name: string;
  readonly formula: string;
}

export interface Study {
  readonly name: string;
  readonly asked: Asked;
  readonly loaded: LoadedScenario;
  readonly scenarioHash: string;
  readonly axes: readonly Axis[];
  readonly design: Design;
  readonly points: number;
  readonly seeds: number;
  readonly seed: number;
  readonly keep: Keep;
  readonly measures: readonly Measure[];
  readonly runs: number;
  /** The values of the k-th point, in the order of the axes. */
  pointAt(k: number): readonly Value[];
}

/** The k-th run: points come one after the other, each with all its seeds. */
export const runAt = ({ seed, seeds }: Pick<Study, 'seed' | 'seeds'>, run: number) => ({
  point: Math.floor(run / seeds),
  seed: seed + (run % seeds),
});

/** The values of a point by path. */
export const setOf = (study: Pick<Study, 'axes' | 'pointAt'>, point: number): Record<string, Value> => {
  const values = study.pointAt(point);
  return Object.fromEntries(study.axes.map(({ path }, j) => [path, values[j]]));
};

/**
 * What a run is known by: the same for the same scenario, values, seed and measures, wherever and whenever this version of
 * driftloop runs it.
 */
export function runKey(study: Study, run: number): string {
  const { point, seed } = runAt(study, run);
  return keyOf(study.scenarioHash, setOf(study, point), seed, study.keep, study.measures);
}

export const keyOf = (
  scenario: string,
  set: Readonly<Record<string, Value>>,
  seed: number,
  keep: Keep,
  measures: readonly Measure[],
): string => hashed([VERSION, scenario, set, seed, keep, measures]).slice(0, 32);

export const hashed = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
