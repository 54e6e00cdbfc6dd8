/**
 * The Shewhart chart: one value too far from a centre that the first values fix.
 *
 *   centre, sigma = mean and standard deviation (divisor n - 1) of the first min_instances values
 *   statistic = |x - centre| / sigma; alarm where it is above k.
 *
 * Finds large steps at once and small ones never. Source: Shewhart (1931), "Economic control of quality of manufactured
 * product"; as in river.
 *
 * @example shewhart({ k: 4 }).update(2.5);
 */
import { type Detector, detector, inMode, type Mode } from './detector.js';

export interface ShewhartOptions {
  /** Distance that alarms, in sigma. */
  readonly k?: number;
  /** min_instances: values that fix centre and sigma. */
  readonly minInstances?: number;
  readonly mode?: Mode;
  /** Distance that warns, in sigma; null: no warnings. */
  readonly warning?: number | null;
}

export function shewhart({ k = 3, minInstances = 30, mode = 'both', warning = null }: ShewhartOptions = {}): Detector {
  return detector({
    fresh: () => ({ n: 0, mean: 0, squares: 0, sigma: 0, deviation: 0 }),
    take: (m, x) => {
      if (m.n < minInstances) {
        m.n += 1;
        const before = x - m.mean;
        m.mean += before / m.n;
        m.squares += before * (x - m.mean);
        m.sigma = m.n > 1 ? Math.sqrt(m.squares / (m.n - 1)) : 0;
        if (m.n < minInstances) return 'none';
      }
      m.deviation = x - m.mean;
      const distance = inMode(mode, m.deviation, -m.deviation);
      if (distance > k * m.sigma) return 'alarm';
      return warning !== null && distance > warning * m.sigma ? 'warning' : 'none';
    },
    statistic: (m) => {
      const distance = inMode(mode, m.deviation, -m.deviation);
      return distance === 0 ? 0 : distance / m.sigma;
    },
  });
}
