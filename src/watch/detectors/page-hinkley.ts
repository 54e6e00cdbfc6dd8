/**
 * The Page-Hinkley test: the sum of deviations from the running mean, less a tolerance, against its lowest value so far.
 *
 *   mean = running mean, x included;   d = x - mean
 *   U = alpha U + d - delta,   u = min U;       D = alpha D + d + delta,   v = max D
 *   statistic = max(U - u, v - D), in the units of x; alarm where it is above the threshold and n >= min_instances.
 *
 * The threshold is in the units of x: with 0/1 errors the delay is hundreds of steps, with N(0, 1) the defaults raise 0.47
 * false alarms in 1,000 steps. Scale x by its standard deviation, or the threshold.
 *
 * Source: Page (1954), "Continuous inspection schemes", Biometrika 41; Hinkley (1971), Biometrika 58. With fading sums and
 * both directions as in river.
 *
 * @example
 * const watch = pageHinkley({ threshold: 8, mode: 'up' });
 * for (const error of errors) if (watch.update(error) === 'alarm') break;
 */
import { above, type Detector, detector, inMode, type Mode } from './detector.js';

export interface PageHinkleyOptions {
  /** min_instances: values before the first alarm. */
  readonly minInstances?: number;
  /** Tolerated deviation a value, in the units of x. */
  readonly delta?: number;
  /** lambda, in the units of x. */
  readonly threshold?: number;
  /** Fading of the sums; 1 forgets nothing. */
  readonly alpha?: number;
  readonly mode?: Mode;
  /** Threshold of a warning, in the units of x; null: no warnings. */
  readonly warning?: number | null;
}

export function pageHinkley({
  alpha = 0.9999,
  delta = 0.005,
  minInstances = 30,
  mode = 'both',
  threshold = 50,
  warning = null,
}: PageHinkleyOptions = {}): Detector {
  return detector({
    fresh: () => ({ n: 0, mean: 0, up: 0, down: 0, lowest: Number.MAX_VALUE, highest: -Number.MAX_VALUE }),
    take: (m, x) => {
      m.n += 1;
      m.mean += (x - m.mean) / m.n;
      const deviation = x - m.mean;
      m.up = alpha * m.up + deviation - delta;
      m.down = alpha * m.down + deviation + delta;
      if (m.up < m.lowest) m.lowest = m.up;
      if (m.down > m.highest) m.highest = m.down;
      if (m.n < minInstances) return 'none';
      return above(inMode(mode, m.up - m.lowest, m.highest - m.down), threshold, warning);
    },
    statistic: (m) => (m.n === 0 ? 0 : inMode(mode, m.up - m.lowest, m.highest - m.down)),
  });
}
