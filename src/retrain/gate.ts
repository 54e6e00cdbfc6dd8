/**
 * Whether one version is better than another, by their losses: what a gate, a trial and a rollback go by.
 *
 * Paired (both predict the same rows): `d = loss of the challenger - loss of the champion`; the challenger is better where
 * the upper confidence bound `mean d + t s / sqrt(n)` is below 0, with t Student's quantile of `confidence` with n - 1 degrees
 * of freedom. Two arms (each row has met one version only): the same bound of the difference of the means, with
 * `sqrt(s1² / n1 + s2² / n2)` and the degrees of freedom of Welch. At a confidence of 0.5 the bound is the mean itself: any
 * advantage counts.
 *
 * Sources: Dietterich (1998), "Approximate Statistical Tests for Comparing Supervised Classification Learning Algorithms",
 * Neural Computation 10(7), section 3 (on the same test rows). Welch (1947), Biometrika 34.
 */
import { studentQuantile } from '../core/student.js';

/** Sums of weighted losses; n is the effective number of rows, `(sum w)² / sum w²`. */
export class Losses {
  private weight = 0;
  private squaredWeights = 0;
  mean = 0;
  private squares = 0;

  add(loss: number, w = 1): void {
    if (!(w > 0) || Number.isNaN(loss)) return;
    this.weight += w;
    this.squaredWeights += w * w;
    const delta = loss - this.mean;
    this.mean += (w / this.weight) * delta;
    this.squares += w * delta * (loss - this.mean);
  }

  get n(): number {
    return this.weight > 0 ? this.weight ** 2 / this.squaredWeights : 0;
  }

  /** Square of the standard error of the mean; NaN with fewer than two rows. */
  get error(): number {
    return this.n > 1 ? this.squares / this.weight / (this.n - 1) : Number.NaN;
  }
}

/** Two versions by their losses on the same rows. */
export class Match {
  readonly challenger = new Losses();
  readonly champion = new Losses();
  private readonly differences = new Losses();

  constructor(private readonly kind: 'numeric' | 'binary') {}

  /** A row with the truth, and what each of the two says of it. */
  add(truth: number, challenger: number, champion: number, w = 1): void {
    const [own, others] = [lossOf(this.kind, truth, challenger), lossOf(this.kind, truth, champion)];
    this.challenger.add(own, w);
    this.champion.add(others, w);
    this.differences.add(own - others, w);
  }

  /** Rows that count. */
  get n(): number {
    return this.differences.n;
  }

  isBetter(confidence: number): boolean {
    return betterPaired(this.differences, confidence);
  }
}

/** `a log loss of 0.41 against 0.52` */
export const against = (kind: 'numeric' | 'binary', challenger: Losses, champion: Losses): string =>
  `a ${kind === 'binary' ? 'log loss' : 'squared error'} of ${challenger.mean.toPrecision(3)} against ${champion.mean.toPrecision(3)}`;

/** Whether the challenger is better: `differences` are its losses less the champion's, on the same rows. */
export function betterPaired(differences: Losses, confidence: number): boolean {
  const { error, mean, n } = differences;
  return below(mean, error, n - 1, confidence);
}

/** Whether the challenger is better, where each of the two has met other rows. */
export function betterInArms(challenger: Losses, champion: Losses, confidence: number): boolean {
  const error = challenger.error + champion.error;
  const freedom = error ** 2 / (challenger.error ** 2 / (challenger.n - 1) + champion.error ** 2 / (champion.n - 1));
  return below(challenger.mean - champion.mean, error, freedom, confidence);
}

/** Whether the upper bound of a mean difference is below 0. */
function below(mean: number, error: number, freedom: number, confidence: number): boolean {
  if (!(mean < 0) || Number.isNaN(error)) return false;
  if (error === 0) return true;
  return mean + studentQuantile(confidence, freedom) * Math.sqrt(error) < 0;
}

/** The loss by which versions are compared: the log loss (probabilities at least 1e-15 from 0 and 1), or the squared error. */
export function lossOf(kind: 'numeric' | 'binary', truth: number, prediction: number): number {
  if (kind === 'numeric') return (prediction - truth) ** 2;
  const p = Math.min(1 - 1e-15, Math.max(1e-15, prediction));
  return truth === 1 ? -Math.log(p) : -Math.log(1 - p);
}
