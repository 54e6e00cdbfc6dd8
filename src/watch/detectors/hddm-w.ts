/**
 * HDDM_W: exponentially weighted means before and after the best point so far, by McDiarmid's bound. x lies in [0, 1]; 1 for an
 * error.
 *
 *   ewma = lambda x + (1 - lambda) ewma,   b = lambda^2 + (1 - lambda)^2 b  (the first value: ewma = x)
 *   bound(b, confidence) = sqrt(b ln(1 / confidence) / 2)
 *   the best point has the smallest ewma + bound of all values; sample 1 ends there, sample 2 begins after it
 *   alarm where ewma_2 - ewma_1 > bound(b_1 + b_2, drift_confidence); warning likewise; two-sided: decreases, too.
 *   statistic = difference / bound; alarm above 1.
 *
 * b of a first value is 1 one-sided (as in MOA) and lambda^2 + (1 - lambda)^2 two-sided (as in river): the reference vectors
 * of the two differ in it. With lambda 0.05 small error rates are out of its sight.
 *
 * Source: Frias-Blanco et al. (2015), IEEE TKDE 27(3).
 *
 * @example hddmW({ lambda: 0.02 }).update(1);
 */
import { type Detector, detector, type Level } from './detector.js';

export interface HddmWOptions {
  /** drift_confidence: probability of a false alarm at one comparison. */
  readonly driftConfidence?: number;
  /** warning_confidence. */
  readonly warningConfidence?: number;
  /** lambda: weight of the newest value. */
  readonly lambda?: number;
  /** two_sided: decreases alarm, too. */
  readonly twoSided?: boolean;
}

export function hddmW({
  driftConfidence = 0.001,
  lambda = 0.05,
  twoSided = false,
  warningConfidence = 0.005,
}: HddmWOptions = {}): Detector {
  const logDrift = Math.log(1 / driftConfidence);
  const logWarning = Math.log(1 / warningConfidence);
  const decay = 1 - lambda;
  const own = lambda * lambda;
  const first = twoSided ? own + decay * decay : 1;

  // A bound coefficient of 0 marks an empty sample.
  return detector({
    fresh: () => ({
      total: 0,
      totalB: 0,
      cutUp: Number.MAX_VALUE,
      up1: 0,
      up1B: 0,
      up2: 0,
      up2B: 0,
      cutDown: -Number.MAX_VALUE,
      down1: 0,
      down1B: 0,
      down2: 0,
      down2B: 0,
      statistic: 0,
    }),
    take: (m, x) => {
      if (m.totalB === 0) {
        m.total = x;
        m.totalB = first;
      } else {
        m.total = lambda * x + decay * m.total;
        m.totalB = own + decay * decay * m.totalB;
      }
      const epsilon = Math.sqrt((m.totalB * logDrift) / 2);
      m.statistic = 0;
      let level: Level = 'none';

      if (m.total + epsilon < m.cutUp) {
        m.cutUp = m.total + epsilon;
        m.up1 = m.total;
        m.up1B = m.totalB;
        m.up2 = 0;
        m.up2B = 0;
      } else if (m.up2B === 0) {
        m.up2 = x;
        m.up2B = first;
      } else {
        m.up2 = lambda * x + decay * m.up2;
        m.up2B = own + decay * decay * m.up2B;
      }
      if (m.up1B > 0 && m.up2B > 0) {
        const rise = m.up2 - m.up1;
        const b = m.up1B + m.up2B;
        const bound = Math.sqrt((b * logDrift) / 2);
        m.statistic = rise / bound;
        if (rise > bound) return 'alarm';
        if (rise > Math.sqrt((b * logWarning) / 2)) level = 'warning';
      }
      if (!twoSided) return level;

      if (m.total - epsilon > m.cutDown) {
        m.cutDown = m.total - epsilon;
        m.down1 = m.total;
        m.down1B = m.totalB;
        m.down2 = 0;
        m.down2B = 0;
      } else if (m.down2B === 0) {
        m.down2 = x;
        m.down2B = first;
      } else {
        m.down2 = lambda * x + decay * m.down2;
        m.down2B = own + decay * decay * m.down2B;
      }
      if (m.down1B > 0 && m.down2B > 0) {
        const fall = m.down1 - m.down2;
        const b = m.down1B + m.down2B;
        const bound = Math.sqrt((b * logDrift) / 2);
        if (fall / bound > m.statistic) m.statistic = fall / bound;
        if (fall > bound) return 'alarm';
        if (fall > Math.sqrt((b * logWarning) / 2)) level = 'warning';
      }
      return level;
    },
    statistic: (m) => m.statistic,
  });
}
