/**
 * The EWMA control chart: an exponentially weighted mean against the running mean.
 *
 *   z = alpha x + (1 - alpha) z,   m = running mean, x included
 *   sigma^2 = weighted mean of x^2 less the square of the weighted mean of x, with the same alpha
 *   bound = sigma sqrt(alpha / (2 - alpha) (1 - (1 - alpha)^(2 n)))
 *   statistic = (z - m) / bound, in standard errors; alarm where it (or its negative) is above the threshold and n >= min_instances.
 *
 * sigma is local: on 0/1 errors it falls to nothing while there are none, and the next one alarms (1.9 to 5.6 false alarms in
 * 1,000). For numbers, not for errors.
 *
 * Source: Roberts (1959), "Control chart tests based on geometric moving averages", Technometrics 1(3); as in river.
 *
 * @example ewma({ alpha: 0.05, threshold: 3 }).update(1.3);
 */
import { type Detector, detector, inMode, type Mode } from './detector.js';

export interface EwmaOptions {
  /** Weight of the newest value. */
  readonly alpha?: number;
  /** L, in standard errors of z. */
  readonly threshold?: number;
  /** min_instances: values before the first alarm. */
  readonly minInstances?: number;
  readonly mode?: Mode;
  /** Threshold of a warning, in standard errors; null: no warnings. */
  readonly warning?: number | null;
}

export function ewma({
  alpha = 0.1,
  minInstances = 30,
  mode = 'both',
  threshold = 4,
  warning = null,
}: EwmaOptions = {}): Detector {
  const limit = alpha / (2 - alpha);
  return detector({
    fresh: () => ({ n: 0, mean: 0, z: 0, first: 0, second: 0, remaining: 1, error: 0 }),
    take: (m, x) => {
      m.n += 1;
      m.mean += (x - m.mean) / m.n;
      if (m.n === 1) {
        m.z = x;
        m.first = x;
        m.second = x * x;
      } else {
        m.z = alpha * x + (1 - alpha) * m.z;
        m.first = alpha * x + (1 - alpha) * m.first;
        m.second = alpha * x * x + (1 - alpha) * m.second;
      }
      m.remaining *= (1 - alpha) * (1 - alpha);
      m.error = Math.sqrt(Math.max(m.second - m.first * m.first, 0)) * Math.sqrt(limit * (1 - m.remaining));
      if (m.n < minInstances) return 'none';
      const distance = inMode(mode, m.z - m.mean, m.mean - m.z);
      if (distance > threshold * m.error) return 'alarm';
      return warning !== null && distance > warning * m.error ? 'warning' : 'none';
    },
    statistic: (m) => {
      const distance = inMode(mode, m.z - m.mean, m.mean - m.z);
      return distance === 0 ? 0 : distance / m.error;
    },
  });
}
