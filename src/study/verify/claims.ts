/**
 * What came of the claims of an expectation over seeds, or over the replicates that it asks for.
 *
 * | runs                      | judged                     | got                    | spread                                  |
 * |---------------------------|----------------------------|------------------------|-----------------------------------------|
 * | one a seed                | each seed                  | mean over the seeds    | standard deviation over the seeds       |
 * | `replicates`, each alone  | each replicate             | mean over them         | standard deviation over them            |
 * | `replicates`, all at once | once: they are its seeds   | the statistic          | its standard error: jackknife, 20 groups |
 *
 * The spread is `exact` where nothing was drawn, or all seeds agree to the bit.
 */
import { checkExpectation, conjuncts } from '../../scenario/expect.js';
import type { RunSeries, Verdict } from '../../scenario/term.js';

/** Runs that are judged, by seed: the replicates of each. */
export interface Judged {
  readonly seeds: readonly (readonly RunSeries[])[];
  /** Whether anything random was drawn. */
  readonly drew: boolean;
}

/** One claim: an expectation, or a part of one that joins several with `and`. */
export interface ClaimResult {
  readonly that: string;
  readonly holds: boolean;
  /** Of so many judgements, so many hold. */
  readonly held: number;
  readonly of: number;
  /** What is judged: `seed`, `replicate`, or the `statistic` of all replicates. */
  readonly unit: 'seed' | 'replicate' | 'statistic';
  readonly relation: string;
  /** Mean of the left side; null where it does not exist. */
  readonly got: number | null;
  readonly spread: number | 'exact' | null;
  /** Mean of the right side. */
  readonly expected: number | null;
  readonly tolerance: number | null;
  /** The left side of each judgement; of many replicates, nothing. */
  readonly each: readonly (number | null)[];
}

/** The claims that an expectation joins; it holds where all of them do. */
export const claimsOf = (that: string, names: readonly string[], judged: Judged): ClaimResult[] =>
  conjuncts(that).map((part) => claim(part, names, judged));

const MOST_SHOWN = 100;

function claim(that: string, names: readonly string[], { drew, seeds }: Judged): ClaimResult {
  const check = checkExpectation(that, names);
  const many = seeds.some((runs) => runs.length > 1);
  const unit = !many ? 'seed' : check.perRun ? 'replicate' : 'statistic';
  const groups = unit === 'replicate' ? seeds.flat().map((run) => [run]) : seeds;
  const verdicts = groups.map((runs) => check.judge(runs));
  const held = verdicts.filter(({ holds }) => holds).length;
  // Where parts joined by `or` decide in turn, numbers of different parts have no mean.
  const shown = verdicts.find(({ holds }) => !holds) ?? verdicts[0];
  const alike = verdicts.filter(({ relation }) => relation === shown.relation);
  const lefts = existing(alike.map(({ left }) => left));
  return {
    that,
    holds: held === verdicts.length,
    held,
    of: verdicts.length,
    unit,
    relation: shown.relation,
    got: mean(lefts),
    spread: !drew
      ? 'exact'
      : unit === 'statistic'
        ? jackknife(seeds[0], (runs) => check.judge(runs))
        : agree(lefts)
          ? 'exact'
          : deviation(lefts),
    expected: mean(existing(alike.map(({ right }) => right))),
    tolerance: shown.tolerance,
    each: verdicts.length > MOST_SHOWN ? [] : verdicts.map(({ left }) => left),
  };
}

const existing = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

/** The value itself where all are the same: a mean would round. */
function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return agree(values) ? values[0] : values.reduce((sum, v) => sum + v, 0) / values.length;
}

const agree = (values: readonly number[]): boolean => values.every((v) => Object.is(v, values[0]));

/** Standard deviation, divisor n - 1; null for fewer than two values. */
function deviation(values: readonly number[]): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1));
}

const GROUPS = 20;

/**
 * Standard error of a statistic of all runs: it is worked out G times, each time without one of G groups of runs;
 * se^2 = (G - 1) / G sum (s_g - mean s)^2. Null where it does not exist for a part of the runs.
 *
 * Source: Shao and Tu (1995), "The Jackknife and Bootstrap", the delete-d jackknife over groups.
 */
export function jackknife(runs: readonly RunSeries[], judge: (runs: readonly RunSeries[]) => Verdict): number | null {
  const groups = Math.min(GROUPS, runs.length);
  if (groups < 2) return null;
  const values: number[] = [];
  for (let g = 0; g < groups; g++) {
    const { left } = judge(runs.filter((_, k) => k % groups !== g));
    if (left === null) return null;
    values.push(left);
  }
  const sd = deviation(values) ?? 0;
  return sd * Math.sqrt((groups - 1) ** 2 / groups);
}
