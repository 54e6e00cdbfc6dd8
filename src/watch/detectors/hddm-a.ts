/**
 * HDDM_A: the mean since the best point so far against the mean up to it, by Hoeffding's bound. x lies in [0, 1]; 1 for an error.
 *
 *   eps(n) = sqrt(ln(1 / drift_confidence) / (2 n)); the best point has the smallest mean + eps
 *   m = (n - n_min) / (n_min n);   alarm where c / n - c_min / n_min >= sqrt(m / 2 ln(2 / drift_confidence))
 *   warning likewise with warning_confidence; two-sided: decreases from the worst point, too.
 *   statistic = difference / bound; alarm at 1.
 *
 * Source: Frias-Blanco et al. (2015), "Online and non-parametric drift detection methods based on Hoeffding's bounds", IEEE
 * TKDE 27(3); one-sided as in MOA, two-sided as in river (a decrease is signalled).
 *
 * @example hddmA({ twoSided: true }).update(0);
 */
import { type Detector, detector, type Level } from './detector.js';

export interface HddmAOptions {
  /** drift_confidence: probability of a false alarm at one comparison. */
  readonly driftConfidence?: number;
  /** warning_confidence. */
  readonly warningConfidence?: number;
  /** two_sided: decreases alarm, too. */
  readonly twoSided?: boolean;
}

export function hddmA({
  driftConfidence = 0.001,
  twoSided = false,
  warningConfidence = 0.005,
}: HddmAOptions = {}): Detector {
  const logCut = Math.log(1 / driftConfidence);
  const logDrift = Math.log(2 / driftConfidence);
  const logWarning = Math.log(2 / warningConfidence);
  const epsilon = (n: number): number => Math.sqrt((1 / (2 * n)) * logCut);

  return detector({
    fresh: () => ({ n: 0, sum: 0, nMin: 0, sumMin: 0, nMax: 0, sumMax: 0, statistic: 0 }),
    take: (m, x) => {
      m.n += 1;
      m.sum += x;
      if (m.nMin === 0) {
        m.nMin = m.n;
        m.sumMin = m.sum;
      }
      if (m.nMax === 0) {
        m.nMax = m.n;
        m.sumMax = m.sum;
      }
      const mean = m.sum / m.n;
      const here = epsilon(m.n);
      if (m.sumMin / m.nMin + epsilon(m.nMin) >= mean + here) {
        m.nMin = m.n;
        m.sumMin = m.sum;
      }
      if (m.sumMax / m.nMax - epsilon(m.nMax) <= mean - here) {
        m.nMax = m.n;
        m.sumMax = m.sum;
      }
      m.statistic = 0;
      let level: Level = 'none';
      if (m.nMin !== m.n) {
        const spread = (m.n - m.nMin) / (m.nMin * m.n) / 2;
        const rise = mean - m.sumMin / m.nMin;
        const bound = Math.sqrt(spread * logDrift);
        m.statistic = rise / bound;
        if (rise >= bound) return 'alarm';
        if (rise >= Math.sqrt(spread * logWarning)) level = 'warning';
      }
      if (twoSided && m.nMax !== m.n) {
        const spread = (m.n - m.nMax) / (m.nMax * m.n) / 2;
        const fall = m.sumMax / m.nMax - mean;
        const bound = Math.sqrt(spread * logDrift);
        if (fall / bound > m.statistic) m.statistic = fall / bound;
        if (fall >= bound) return 'alarm';
        if (fall >= Math.sqrt(spread * logWarning)) level = 'warning';
      }
      return level;
    },
    statistic: (m) => m.statistic,
  });
}
