/**
 * How strong a penalty is: given, or chosen by k-fold cross-validation.
 *
 * Each fold's columns are summed up in a Gram matrix once; the rows of all folds but one are their pooled Gram matrix, and
 * the error on the fold left out comes from its own: every strength on the path costs no look at the rows.
 *
 * `best` takes the strength with the least mean squared error over the folds, the larger one of equals.
 * `one-standard-error` the largest whose error is at most that error and one standard error of it: the standard deviation
 * of the folds' errors over the square root of their number.
 *
 * Source: Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning, section 7.10.
 */
import type { StreamKey } from '../core/random/index.js';
import { folds } from './folds.js';
import { type Gram, gram, meanSquare, pooled } from './gram.js';
import type { Batch } from './learner.js';

export interface CrossValidation {
  /** Number of folds. */
  readonly cv: number;
  readonly rule: 'best' | 'one-standard-error';
}

/** A number, `auto` for the best of five folds, or how it is chosen. */
export type Strength = number | 'auto' | CrossValidation;

/** Strengths from the largest to `span` of it, evenly on a log scale. */
export function logPath(largest: number, span: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => largest * span ** (k / (count - 1)));
}

/** Coefficients and intercept at each strength, on some rows. */
export type Path = (sums: Gram, strengths: Float64Array) => { theta: Float64Array; bias: number }[];

export interface Choice {
  readonly strength: number;
  readonly note: string;
}

/** Null where there are too few rows to leave some out. */
export function chooseStrength(
  batches: readonly Batch[],
  { cv, rule }: CrossValidation,
  centred: boolean,
  key: StreamKey,
  strengthsOf: (sums: Gram) => Float64Array,
  path: Path,
): Choice | null {
  const d = batches[0]?.features.length ?? 0;
  const parts = folds(batches, cv, key).map((fold) => gram([fold], d, centred));
  if (parts.length < 2) return null;
  const strengths = strengthsOf(pooled(parts, centred));
  const errors = parts.map((part) => {
    const rest = pooled(
      parts.filter((other) => other !== part),
      centred,
    );
    return path(rest, strengths).map(({ bias, theta }) => meanSquare(part, theta, bias));
  });
  const weight = parts.reduce((sum, part) => sum + part.weight, 0);
  const means = Array.from(strengths, (_, k) =>
    parts.reduce((sum, part, f) => sum + (part.weight / weight) * errors[f][k], 0),
  );
  const least = means.indexOf(Math.min(...means));
  const spread = Math.sqrt(parts.reduce((sum, _, f) => sum + (errors[f][least] - means[least]) ** 2, 0));
  const error = spread / Math.sqrt((parts.length - 1) * parts.length);
  const at = rule === 'best' ? least : means.findIndex((mean) => mean <= means[least] + error);
  const strength = strengths[at];
  return { strength, note: `strength ${strength.toPrecision(3)} by ${parts.length}-fold cross-validation` };
}
