/**
 * EDDM, the early drift detection method: the distance between errors against the longest it ever was. x is 1 for an error.
 *
 *   m, s = mean and standard deviation (divisor e) of the distances between the e errors so far;   q = m + 2 s
 *   statistic = q / max q; warning below alpha, alarm below beta, strictly, after min_instances values and min_errors errors.
 *
 * 1 to 3 false alarms in 1,000, and at least one in 92 of 100 streams of 2,000: a noisy baseline.
 *
 * Source: Baena-Garcia et al. (2006), "Early drift detection method", IWKDDS; as in MOA, whose counter starts at 1.
 *
 * @example eddm({ beta: 0.8 }).update(1);
 */
import { type Detector, detector } from './detector.js';

export interface EddmOptions {
  /** Share of the longest distance below which it warns. */
  readonly alpha?: number;
  /** Share below which it alarms. */
  readonly beta?: number;
  /** min_instances: values before the first alarm. */
  readonly minInstances?: number;
  /** min_errors: errors before the first alarm. */
  readonly minErrors?: number;
}

export function eddm({ alpha = 0.95, beta = 0.9, minErrors = 30, minInstances = 30 }: EddmOptions = {}): Detector {
  return detector({
    fresh: () => ({ n: 1, errors: 0, last: 0, mean: 0, squares: 0, longest: 0, ratio: 1, warned: 0 }),
    take: (m, x) => {
      m.n += 1;
      if (x === 1) {
        m.warned = 0;
        m.errors += 1;
        const distance = m.n - 1 - m.last;
        m.last = m.n - 1;
        const before = distance - m.mean;
        m.mean += before / m.errors;
        m.squares += (distance - m.mean) * before;
        const q = m.mean + 2 * Math.sqrt(m.squares / m.errors);
        if (q > m.longest) {
          if (m.n > minInstances) m.longest = q;
        } else {
          m.ratio = q / m.longest;
          if (m.n > minInstances && m.errors > minErrors) {
            if (m.ratio < beta) return 'alarm';
            if (m.ratio < alpha) m.warned = 1;
          }
        }
      }
      return m.warned === 1 ? 'warning' : 'none';
    },
    statistic: (m) => m.ratio,
  });
}
