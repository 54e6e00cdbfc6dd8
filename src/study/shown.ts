/** The numbers that a run is shown with: those that its scenario opens with, by their names in the trace. */
import type { LoadedScenario } from '../scenario/load.js';
import { type Opening, openingOf } from '../scenario/opening.js';
import { isNumber, sliceWord } from '../scenario/readers.js';

export interface Shown {
  /** Null where a number is shown that has no vantage points, such as a measure. */
  readonly lab: string | null;
  readonly observed: string | null;
  readonly actual: string;
  readonly beside: readonly string[];
}

export const shownNames = (loaded: LoadedScenario): Shown => namesOf(openingOf(loaded));

/** The names in the trace of what is looked at. */
export function namesOf({ beside, metric, model, slice }: Opening): Shown {
  if (isNumber(metric)) return { lab: null, observed: null, actual: metric, beside };
  return {
    lab: `${model}.lab.${metric}`,
    observed: `${model}.observed.${metric}`,
    actual: slice === null ? `${model}.actual.${metric}` : `slices.${sliceWord(slice)}.${metric}`,
    beside: beside.map((other) => `${other}.actual.${metric}`),
  };
}
