/**
 * Calibration of predicted probabilities: do things happen as often as was predicted?
 *
 * Bins of equal width, [k / B, (k + 1) / B), the last one closed; each with its mean prediction, the frequency of the
 * outcome, and its weight. ECE is the weighted mean of |mean prediction - frequency|, MCE its maximum, RMSCE the root of the
 * weighted mean square. All are above 0 also for a perfectly calibrated model, from finite rows.
 * Sources: Murphy and Winkler (1977), Applied Statistics 26(1) (the reliability diagram); Naeini, Cooper and Hauskrecht
 * (2015), AAAI (ECE, MCE).
 */

export interface ReliabilityBin {
  /** Mean prediction and frequency of the outcome; null without any weight. */
  readonly mean: number | null;
  readonly frequency: number | null;
  readonly weight: number;
}

/** The table by bin: `bin1`, ... Rows with a missing value or a weight of 0 do not count. */
export function reliability(
  truth: Float64Array,
  probability: Float64Array,
  weights: Float64Array | null,
  n: number,
  bins = 10,
): Record<string, ReliabilityBin> {
  const weight = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const happened = new Float64Array(bins);
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i];
    const p = probability[i];
    if (w === 0 || Number.isNaN(p + truth[i])) continue;
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(p * bins)));
    weight[bin] += w;
    predicted[bin] += w * p;
    happened[bin] += w * truth[i];
  }
  return Object.fromEntries(
    Array.from(weight, (w, b) => [
      `bin${b + 1}`,
      w > 0
        ? { mean: predicted[b] / w, frequency: happened[b] / w, weight: w }
        : { mean: null, frequency: null, weight: 0 },
    ]),
  );
}

export interface CalibrationErrors {
  readonly ece: number | null;
  readonly mce: number | null;
  readonly rmsce: number | null;
}

export function calibrationErrors(table: Readonly<Record<string, ReliabilityBin>>): CalibrationErrors {
  let total = 0;
  let sum = 0;
  let squares = 0;
  let most = 0;
  for (const { frequency, mean, weight } of Object.values(table)) {
    const gap = Math.abs((mean ?? 0) - (frequency ?? 0));
    total += weight;
    sum += weight * gap;
    squares += weight * gap * gap;
    most = Math.max(most, gap);
  }
  if (!(total > 0)) return { ece: null, mce: null, rmsce: null };
  return { ece: sum / total, mce: most, rmsce: Math.sqrt(squares / total) };
}
