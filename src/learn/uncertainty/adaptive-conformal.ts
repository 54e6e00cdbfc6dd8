/**
 * Adaptive conformal inference (ACI): intervals that widen after misses and narrow after hits.
 *
 *   alpha_{t+1} = alpha_t + gamma (alpha - err_t),   err_t the share of arrived labels outside their interval,
 *
 * alpha = 1 - level, alpha_1 = alpha. Intervals are split conformal's at level 1 - alpha_t. alpha_t is never clipped:
 * alpha_t <= 0 gives the whole line (err_t = 0) and alpha_t >= 1 the empty set (err_t = 1). A step without labels leaves
 * alpha_t as it is; a step with many labels is one update with their weighted mean.
 *
 * Guarantee, for any stream of outcomes, random or not: after T updates
 *
 *   |mean err - alpha| <= (max(alpha_1, 1 - alpha_1) + gamma) / (T gamma),
 *
 * since alpha_t stays in [-gamma, 1 + gamma], and mean err = alpha + (alpha_1 - alpha_{T+1}) / (T gamma) identically. It
 * speaks of the labels that arrive; where these are selected, it says nothing of the others. With a label delay of d steps
 * alpha_t may leave the range by d steps more: gamma becomes (d + 1) gamma in the numerator.
 *
 * Scores: those of calibration, and of labels that have arrived since for the version in service, the latest `recent` of them
 * (0: those of calibration alone). Defaults: gamma 0.005 (the paper's), recent 1000.
 * Source: Gibbs and Candes (2021), Adaptive Conformal Inference Under Distribution Shift, NeurIPS.
 */
import { joinScores, type Scores } from './split-conformal.js';

/** alpha_{t+1} from alpha_t. */
export const nextAlpha = (alpha: number, target: number, gamma: number, err: number): number =>
  alpha + gamma * (target - err);

/** How far the mean miss may be from its target after T updates, the labels `delay` steps late. */
export const aciBound = (alpha: number, gamma: number, updates: number, delay = 0): number =>
  (Math.max(alpha, 1 - alpha) + (delay + 1) * gamma) / (updates * gamma);

/** The latest `most` scores, the new ones last. */
export function latestScores(before: Scores, arrived: Scores, most: number): Scores {
  const { values, weights } = joinScores([before, arrived]);
  const from = Math.max(0, values.length - most);
  return { values: values.subarray(from), weights: weights?.subarray(from) ?? null };
}
