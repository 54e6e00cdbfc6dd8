/**
 * Geometric moving average: a fading mean of the deviations from the running mean. Increases only.
 *
 *   sum = alpha sum + (1 - alpha) (x - mean), mean = running mean, x included
 *   statistic = sum, in the units of x; alarm where it is above the threshold and n >= min_instances.
 *
 * Source: Roberts (1959), Technometrics 1(3); as in MOA, whose counter is one ahead: the alarm may come at value
 * min_instances - 1 already.
 *
 * @example gma({ alpha: 0.95, threshold: 0.3 }).update(0.4);
 */
import { above, type Detector, detector } from './detector.js';

export interface GmaOptions {
  /** min_instances: values before the first alarm, less one. */
  readonly minInstances?: number;
  /** Weight of what was. */
  readonly alpha?: number;
  /** lambda, in the units of x. */
  readonly threshold?: number;
  /** Threshold of a warning, in the units of x; null: no warnings. */
  readonly warning?: number | null;
}

export function gma({ alpha = 0.99, minInstances = 30, threshold = 1, warning = null }: GmaOptions = {}): Detector {
  return detector({
    fresh: () => ({ n: 0, mean: 0, sum: 0 }),
    take: (m, x) => {
      m.n += 1;
      m.mean += (x - m.mean) / m.n;
      m.sum = alpha * m.sum + (1 - alpha) * (x - m.mean);
      return m.n + 1 < minInstances ? 'none' : above(m.sum, threshold, warning);
    },
    statistic: (m) => m.sum,
  });
}
