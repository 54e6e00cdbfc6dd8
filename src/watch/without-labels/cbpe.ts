/**
 * CBPE: the performance of a classifier before any label has come, from what its probabilities promise.
 *
 *   q = calibrated probability of the positive class;   predicted positive or negative as decided
 *   TP = sum q over the predicted positive, FP = sum (1 - q) over them, FN = sum q over the predicted negative, TN = the rest
 *   accuracy, precision, recall, specificity, F1 of these;   AUC: the area under the curve that sums of q and 1 - q draw in order
 *   of descending probability
 *   band = value -+ 3 sampling errors, the error that the metric of so many rows has (from labelled reference rows)
 *
 * The calibration is an isotonic regression on reference rows, kept only where it lowers the calibration error of held-out ones.
 * CBPE assumes that P(y | x) is as it was in the reference: it sees a shift of the inputs, and is blind to a change of the
 * outcome itself, which is what feedback brings about.
 *
 * Source: NannyML, "Confidence-based performance estimation"; Bialek et al. (2024), "Estimating model performance under
 * covariate shift without labels".
 *
 * @example
 * const fit = fitCbpe(reference, stream);
 * const { accuracy } = cbpe(fit, { probability, predicted, n });
 */

import { fitIsotonic, type Isotonic, predictIsotonic } from '../../core/isotonic.js';
import { indices } from '../../core/vector.js';
import { auc } from '../metrics/auc.js';

export const CBPE_METRICS = ['accuracy', 'precision', 'recall', 'specificity', 'f1', 'auc'] as const;
export type CbpeMetric = (typeof CBPE_METRICS)[number];

/** Rows that were served. */
export interface Served {
  /** Probability of the positive class. */
  readonly probability: Float64Array;
  /** 1 where the decision is positive, else 0. */
  readonly predicted: Float64Array;
  readonly n: number;
}

/** Rows of which the label is known. */
export interface Labelled extends Served {
  /** 0 or 1. */
  readonly truth: Float64Array;
}

export interface CbpeFit {
  /** Null: the probabilities are taken as they are. */
  readonly calibration: Isotonic | null;
  /** Sampling error of one row; that of n rows is smaller by sqrt(n). */
  readonly error: Readonly<Record<CbpeMetric, number>>;
}

export interface Estimate {
  readonly value: number;
  /** Standard error of the metric itself over as many rows. */
  readonly error: number;
  readonly lower: number;
  readonly upper: number;
}

/** `stream`: draws the rows that judge the calibration. */
export function fitCbpe(reference: Labelled, stream: { word(): number }): CbpeFit {
  const { n, probability, truth } = reference;
  const calibration = needsCalibration(reference, stream) ? fitIsotonic(probability, truth, n) : null;
  return { calibration, error: samplingErrors(reference) };
}

/** NaN where a metric is not defined, such as the precision of no positive prediction. */
export function cbpe({ calibration, error }: CbpeFit, served: Served): Record<CbpeMetric, Estimate> {
  const { n, predicted, probability } = served;
  const q = new Float64Array(n);
  const sums = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let i = 0; i < n; i++) {
    q[i] = calibration === null ? probability[i] : predictIsotonic(calibration, probability[i]);
    if (predicted[i] === 1) {
      sums.tp += q[i];
      sums.fp += 1 - q[i];
    } else {
      sums.fn += q[i];
      sums.tn += 1 - q[i];
    }
  }
  const value = { ...ofTable(sums), auc: expectedAuc(probability, q, n) };
  const estimate = (metric: CbpeMetric): Estimate => {
    const own = error[metric] / Math.sqrt(n);
    return {
      value: value[metric],
      error: own,
      lower: Math.max(0, value[metric] - 3 * own),
      upper: Math.min(1, value[metric] + 3 * own),
    };
  };
  return {
    accuracy: estimate('accuracy'),
    precision: estimate('precision'),
    recall: estimate('recall'),
    specificity: estimate('specificity'),
    f1: estimate('f1'),
    auc: estimate('auc'),
  };
}

/** The same metrics once labels are there; NaN where one is not defined. */
export function realised({ n, predicted, probability, truth }: Labelled): Record<CbpeMetric, number> {
  const sums = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let i = 0; i < n; i++) {
    if (predicted[i] === 1) {
      sums.tp += truth[i];
      sums.fp += 1 - truth[i];
    } else {
      sums.fn += truth[i];
      sums.tn += 1 - truth[i];
    }
  }
  return { ...ofTable(sums), auc: auc(truth, probability, null, n) ?? Number.NaN };
}

interface Table {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

const ofTable = ({ fn, fp, tn, tp }: Table): Record<Exclude<CbpeMetric, 'auc'>, number> => ({
  accuracy: (tp + tn) / (tp + fp + fn + tn),
  precision: tp / (tp + fp),
  recall: tp / (tp + fn),
  specificity: tn / (tn + fp),
  f1: tp / (tp + (fp + fn) / 2),
});

/** Trapezoids under the curve of expected true against expected false positives. */
function expectedAuc(probability: Float64Array, q: Float64Array, n: number): number {
  const order = indices(n).sort((a, b) => probability[b] - probability[a]);
  let positives = 0;
  let negatives = 0;
  let area = 0;
  for (const i of order) {
    area += (1 - q[i]) * (positives + q[i] / 2);
    positives += q[i];
    negatives += 1 - q[i];
  }
  return area / (positives * negatives);
}

/** Standard deviation of each metric over one row. */
function samplingErrors(reference: Labelled): Record<CbpeMetric, number> {
  const { n, predicted, probability, truth } = reference;
  const spread = (counts: (i: number) => boolean, value: (i: number) => number, scale = 1): number => {
    let rows = 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      if (!counts(i)) continue;
      const v = value(i) * scale;
      rows++;
      sum += v;
      squares += v * v;
    }
    // sd / sqrt(share of the rows that count)
    return Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2) / (rows / n));
  };
  let tp = 0;
  let relevant = 0;
  for (let i = 0; i < n; i++) {
    if (truth[i] !== 1 && predicted[i] !== 1) continue;
    relevant++;
    if (truth[i] === 1 && predicted[i] === 1) tp++;
  }
  const hit = (i: number): number => (truth[i] === 1 && predicted[i] === 1 ? 1 : 0);
  return {
    accuracy: spread(
      () => true,
      (i) => (truth[i] === predicted[i] ? 1 : 0),
    ),
    precision: spread((i) => predicted[i] === 1, hit),
    recall: spread((i) => truth[i] === 1, hit),
    specificity: spread(
      (i) => truth[i] === 0,
      (i) => 1 - predicted[i],
    ),
    f1: spread((i) => truth[i] === 1 || predicted[i] === 1, hit, relevant / (tp + (relevant - tp) / 2)),
    auc: aucSpread(probability, truth, n),
  };
}

/** Of each row of the rarer class, the share of the other class on its right side: the spread of it, over sqrt(their share). */
function aucSpread(probability: Float64Array, truth: Float64Array, n: number): number {
  let positives = 0;
  for (let i = 0; i < n; i++) positives += truth[i];
  const rare = positives / n > 0.5 ? 0 : 1;
  const rows = rare === 1 ? positives : n - positives;
  const others = n - rows;
  const sign = rare === 1 ? 1 : -1;
  const order = indices(n).sort((a, b) => sign * (probability[a] - probability[b]));
  let below = 0;
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < n; ) {
    let tied = 0;
    let tiedOthers = 0;
    const value = probability[order[k]];
    for (; k < n && probability[order[k]] === value; k++) {
      if (truth[order[k]] === rare) tied++;
      else tiedOthers++;
    }
    const share = (below + tiedOthers / 2) / others;
    sum += tied * share;
    squares += tied * share * share;
    below += tiedOthers;
  }
  return Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2) / (rows / n));
}

const SPLITS = 10;
const HELD_OUT = 0.1;

/**
 * Whether isotonic calibration lowers the calibration error of held-out rows: ten stratified splits, a tenth held out of each.
 * Not where there is one class only, or where the classes are as good as parted (AUC above 0.999).
 */
function needsCalibration({ n, probability, truth }: Labelled, stream: { word(): number }): boolean {
  const area = auc(truth, probability, null, n);
  if (area === null || area > 0.999) return false;
  const raw: number[] = [];
  const calibrated: number[] = [];
  const labels: number[] = [];
  const classes = [0, 1].map((y) => indices(n).filter((i) => truth[i] === y));
  for (let split = 0; split < SPLITS; split++) {
    const kept: number[] = [];
    const held: number[] = [];
    for (const rows of classes) {
      const out = Math.round(rows.length * HELD_OUT);
      for (let k = 0; k < rows.length; k++) {
        if (k < out) {
          const other = k + Math.floor(((stream.word() >>> 0) / 4294967296) * (rows.length - k));
          const row = rows[other];
          rows[other] = rows[k];
          rows[k] = row;
        }
        (k < out ? held : kept).push(rows[k]);
      }
    }
    const fit = fitIsotonic(
      Float64Array.from(kept, (i) => probability[i]),
      Float64Array.from(kept, (i) => truth[i]),
    );
    for (const i of held) {
      raw.push(probability[i]);
      calibrated.push(predictIsotonic(fit, probability[i]));
      labels.push(truth[i]);
    }
  }
  return calibrationError(raw, labels) > calibrationError(calibrated, labels);
}

/** Mean |probability - frequency| over ten bins with equal numbers of rows, the last one taking the rest. */
function calibrationError(probability: readonly number[], truth: readonly number[]): number {
  const order = probability.map((_, i) => i).sort((a, b) => probability[a] - probability[b]);
  const width = Math.floor(order.length / 10);
  if (width === 0) return 0;
  let sum = 0;
  for (let b = 0; b < 10; b++) {
    let gap = 0;
    const rows = order.slice(b * width, b === 9 ? order.length : (b + 1) * width);
    for (const i of rows) gap += probability[i] - truth[i];
    sum += Math.abs(gap);
  }
  return sum / order.length;
}
