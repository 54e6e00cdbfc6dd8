/**
 * ECDD: an EWMA chart for 0/1 errors. x is 1 for an error.
 *
 *   p = mean of x,   z = z + lambda (x - z), from 0
 *   sigma_z = sqrt(p (1 - p) lambda / (2 - lambda) (1 - (1 - lambda)^(2 n)))
 *   statistic = (z - p) / sigma_z; alarm above L(p), warning above warning_fraction L(p).
 *
 * L(p) is a published polynomial for an average run length (ARL) of 100, 400 or 1,000 values between false alarms.
 * Simulated, the one for 400 gives 290 to 370; those for 100 and 1,000 give 39 to 94 and 64 to 579 and are here for comparison
 * only. Even at 400 it alarms 2.6 to 3.4 times in 1,000: a noisy baseline.
 *
 * Source: Ross, Adams, Tasoulis and Hand (2012), "Exponentially weighted moving average charts for detecting concept drift",
 * Pattern Recognition Letters 33(2). From value min_instances on; for 400, as in MOA, one value earlier for a warning.
 *
 * @example ecdd({ arl: 400 }).update(1);
 */
import { type Detector, detector } from './detector.js';

export interface EcddOptions {
  /** lambda: weight of the newest value. */
  readonly lambda?: number;
  /** Average run length that is aimed at, in values. */
  readonly arl?: 100 | 400 | 1000;
  /** warning_fraction: share of L(p) that warns. */
  readonly warningFraction?: number;
  /** min_instances: values before the first alarm. */
  readonly minInstances?: number;
}

/** Coefficients of p^0, p^1, p^3, p^5 and p^7. */
const CONTROL_LIMIT = {
  100: [2.76, -6.23, 18.12, -312.45, 1002.18],
  400: [3.97, -6.56, 48.73, -330.13, 848.18],
  1000: [1.17, 7.56, -21.24, 112.12, -987.23],
} as const;

export function ecdd({
  arl = 400,
  lambda = 0.2,
  minInstances = 30,
  warningFraction = 0.5,
}: EcddOptions = {}): Detector {
  const [a0, a1, a3, a5, a7] = CONTROL_LIMIT[arl];
  const early = arl === 400 ? 1 : 0;
  return detector({
    fresh: () => ({ n: 0, sum: 0, z: 0, remaining: 1, statistic: 0 }),
    take: (m, x) => {
      m.n += 1;
      m.sum += x;
      const p = m.sum / m.n;
      m.z += lambda * (x - m.z);
      m.remaining *= (1 - lambda) * (1 - lambda);
      const sigma = Math.sqrt(((p * (1 - p) * lambda) / (2 - lambda)) * (1 - m.remaining));
      const square = p * p;
      const limit = a0 + p * (a1 + square * (a3 + square * (a5 + square * a7)));
      m.statistic = m.z === p ? 0 : (m.z - p) / sigma;
      if (m.n >= minInstances && m.z > p + limit * sigma) return 'alarm';
      return m.n + early >= minInstances && m.z > p + warningFraction * limit * sigma ? 'warning' : 'none';
    },
    statistic: (m) => m.statistic,
  });
}
