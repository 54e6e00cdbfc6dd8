/**
 * DDM, the drift detection method: the error rate against the best it ever was. x is 1 for an error.
 *
 *   p = running error rate,   s = sqrt(p (1 - p) / n)
 *   p_min, s_min = those where p + s was smallest
 *   statistic = (p + s - p_min) / s_min; warning above 2, alarm above 3, strictly, after warm_start values.
 *
 * A start without any error gives s_min = 0: the first error alarms. p is cumulative: after a long good period DDM is slow.
 *
 * Source: Gama, Medas, Castillo and Rodrigues (2004), "Learning with drift detection", SBIA; as in river.
 *
 * @example ddm({ warmStart: 100 }).update(0);
 */
import { type Detector, detector } from './detector.js';

export interface DdmOptions {
  /** warm_start: values before the first alarm. */
  readonly warmStart?: number;
  /** warning_threshold, in s_min. */
  readonly warningThreshold?: number;
  /** drift_threshold, in s_min. */
  readonly driftThreshold?: number;
}

export function ddm({ driftThreshold = 3, warmStart = 30, warningThreshold = 2 }: DdmOptions = {}): Detector {
  return detector({
    fresh: () => ({
      n: 0,
      p: 0,
      level: 0,
      pMin: Number.MAX_VALUE,
      sMin: Number.MAX_VALUE,
      lowest: Number.MAX_VALUE,
    }),
    take: (m, x) => {
      m.n += 1;
      m.p += (x - m.p) / m.n;
      if (m.n <= warmStart) return 'none';
      const s = Math.sqrt((m.p * (1 - m.p)) / m.n);
      m.level = m.p + s;
      if (m.level <= m.lowest) {
        m.pMin = m.p;
        m.sMin = s;
        m.lowest = m.level;
      }
      if (m.level > m.pMin + driftThreshold * m.sMin) return 'alarm';
      return m.level > m.pMin + warningThreshold * m.sMin ? 'warning' : 'none';
    },
    statistic: (m) => (m.n <= warmStart || m.level === m.pMin ? 0 : (m.level - m.pMin) / m.sMin),
  });
}
