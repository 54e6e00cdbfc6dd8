/**
 * Metrics of predicted probabilities of a binary outcome: predicted positive is who is above the threshold. Rows with a missing
 * value or a weight of 0 do not count; every mean is weighted. Null: there is nothing to measure.
 *
 * Source: Fawcett (2006), "An introduction to ROC analysis", Pattern Recognition Letters 27(8) (rates, AUC); Brodersen, Ong,
 * Stephan, Buhmann (2010), "The balanced accuracy and its posterior distribution", ICPR; Brier (1950), "Verification of forecasts
 * expressed in terms of probability", Monthly Weather Review 78(1); Good (1952), "Rational decisions", JRSS B 14(1) (log loss).
 */
import { auc } from './auc.js';

export interface BinaryMetrics {
  /** Share of predictions on the right side of the threshold. */
  readonly accuracy: number | null;
  /** Mean of the true positive and the true negative rate; null with one class only. */
  readonly balancedAccuracy: number | null;
  /** Probability that a positive is scored above a negative; null with one class only. */
  readonly auc: number | null;
  /** Mean negative log likelihood, probabilities clipped at 1e-15. */
  readonly logLoss: number | null;
  /** Mean squared difference of probability and outcome. */
  readonly brier: number | null;
  /** Expected calibration error: mean |probability - frequency| over 10 bins of equal width, weighted by their rows. */
  readonly ece: number | null;
  /** Share of negatives that are predicted positive. */
  readonly fpr: number | null;
  /** Share of positives that are predicted negative. */
  readonly fnr: number | null;
  /** Share that is predicted positive. */
  readonly selectionRate: number | null;
  /** Share that is positive. */
  readonly baseRate: number | null;
  readonly n: number;
}

const NONE: BinaryMetrics = {
  accuracy: null,
  balancedAccuracy: null,
  auc: null,
  logLoss: null,
  brier: null,
  ece: null,
  fpr: null,
  fnr: null,
  selectionRate: null,
  baseRate: null,
  n: 0,
};

const BINS = 10;
const CLIP = 1e-15;
/** Likelihoods of rows of weight 1 are multiplied down to here: then the logarithm of many is taken as one. */
const SMALL = 1e-280;
const binGap = new Float64Array(BINS);

/**
 * Predicted positive: probability > threshold. Rows with a missing value or a weight of 0 do not count. What is `left` out
 * is null.
 */
export function binaryMetrics(
  truth: Float64Array,
  probability: Float64Array,
  weights: Float64Array | null,
  n: number,
  threshold: number,
  left?: ReadonlySet<string>,
): BinaryMetrics {
  const isLogged = left?.has('logLoss') !== true;
  binGap.fill(0);
  let total = 0;
  let positives = 0;
  let selected = 0;
  let hits = 0;
  let squares = 0;
  let logs = 0;
  let product = 1;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i];
    const p = probability[i];
    const y = truth[i];
    if (w === 0 || Number.isNaN(p + y)) continue;
    total += w;
    squares += w * (p - y) * (p - y);
    if (isLogged) {
      const likelihood = Math.max(CLIP, Math.min(1 - CLIP, y === 1 ? p : 1 - p));
      if (w === 1) product *= likelihood;
      else logs -= w * Math.log(likelihood);
      if (product < SMALL) {
        logs -= Math.log(product);
        product = 1;
      }
    }
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor(p * BINS)));
    binGap[bin] += w * (p - y);
    if (y === 1) positives += w;
    if (p > threshold) {
      selected += w;
      if (y === 1) hits += w;
    }
  }
  logs -= Math.log(product);
  if (!(total > 0)) return { ...NONE };
  const negatives = total - positives;
  const falsePositives = selected - hits;
  const fpr = negatives > 0 ? falsePositives / negatives : null;
  const fnr = positives > 0 ? (positives - hits) / positives : null;
  let gaps = 0;
  for (let b = 0; b < BINS; b++) gaps += Math.abs(binGap[b]);
  return {
    accuracy: (hits + negatives - falsePositives) / total,
    balancedAccuracy: fpr === null || fnr === null ? null : 1 - (fpr + fnr) / 2,
    auc: left?.has('auc') ? null : auc(truth, probability, weights, n),
    logLoss: isLogged ? logs / total : null,
    brier: squares / total,
    ece: gaps / total,
    fpr,
    fnr,
    selectionRate: selected / total,
    baseRate: positives / total,
    n: total,
  };
}
