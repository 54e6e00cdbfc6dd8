/**
 * ADWIN, adaptive windowing: a window that drops its oldest part as soon as some cut of it has two different means.
 *
 * The window is kept as rows of buckets; a bucket of row i sums up 2^i values, and a row that is full merges its two oldest
 * into the next: memory and time are logarithmic in the width W. At every clock-th value, for every cut into n0 older and n1
 * newer values with means u0 and u1:
 *
 *   d = ln(2 ln W / delta),   m = 1 / (n0 - min + 1) + 1 / (n1 - min + 1)
 *   eps = sqrt(2 m variance d) + 2 / 3 m d;   statistic = max |u0 - u1| / eps over the cuts; alarm above 1.
 *
 * Where a cut alarms, the oldest bucket goes and the cuts are tried again. `reset`: 'tail' keeps what is left (MOA; cuts with
 * more than min_window_length + 1 values on both sides), 'full' starts afresh with the next value (river; at least
 * min_window_length). The last bucket of a row is a cut, too: older libraries skip it and alarm later.
 *
 * Source: Bifet and Gavalda (2007), "Learning from time-changing data with adaptive windowing", SIAM SDM.
 *
 * @example adwin({ delta: 0.05 }).update(0.3);
 */
import { type Detector, detector } from './detector.js';

export interface AdwinOptions {
  /** Probability of a false alarm at one check, in its bound. */
  readonly delta?: number;
  /** Values between two checks. */
  readonly clock?: number;
  /** max_buckets: buckets a row. */
  readonly maxBuckets?: number;
  /** min_window_length: the least values on either side of a cut. */
  readonly minWindowLength?: number;
  /** grace_period: the width up to which nothing is checked. */
  readonly gracePeriod?: number;
  /** What an alarm leaves. */
  readonly reset?: 'tail' | 'full';
}

/** 2^40 values. */
const ROWS = 41;

interface AdwinMemory extends Record<string, number | number[]> {
  ticks: number;
  width: number;
  total: number;
  /** Sum of squared deviations from the mean of the window. */
  variance: number;
  rows: number;
  counts: number[];
  /** Row by row, the oldest bucket first. */
  totals: number[];
  variances: number[];
  ratio: number;
}

export function adwin({
  clock = 32,
  delta = 0.002,
  gracePeriod = 10,
  maxBuckets = 5,
  minWindowLength = 5,
  reset = 'tail',
}: AdwinOptions = {}): Detector {
  const stride = maxBuckets + 1;
  const least = reset === 'tail' ? minWindowLength + 2 : minWindowLength;

  /** Takes the `count` oldest buckets out of a row. */
  const shift = (m: AdwinMemory, row: number, count: number): void => {
    const start = row * stride;
    const kept = m.counts[row] - count;
    for (let k = 0; k < kept; k++) {
      m.totals[start + k] = m.totals[start + k + count];
      m.variances[start + k] = m.variances[start + k + count];
    }
    m.counts[row] = kept;
  };

  const insert = (m: AdwinMemory, x: number): void => {
    m.width += 1;
    m.totals[m.counts[0]] = x;
    m.variances[m.counts[0]] = 0;
    m.counts[0] += 1;
    if (m.width > 1) {
      const distance = x - m.total / (m.width - 1);
      m.variance += ((m.width - 1) * distance * distance) / m.width;
    }
    m.total += x;
    for (let row = 0, n = 1; m.counts[row] > maxBuckets && row + 1 < ROWS; row++, n *= 2) {
      const start = row * stride;
      const place = (row + 1) * stride + m.counts[row + 1];
      const distance = (m.totals[start] - m.totals[start + 1]) / n;
      m.totals[place] = m.totals[start] + m.totals[start + 1];
      m.variances[place] = m.variances[start] + m.variances[start + 1] + (n * distance * distance) / 2;
      m.counts[row + 1] += 1;
      if (row + 2 > m.rows) m.rows = row + 2;
      shift(m, row, 2);
    }
  };

  const dropOldest = (m: AdwinMemory): void => {
    const row = m.rows - 1;
    const n = 2 ** row;
    const total = m.totals[row * stride];
    m.width -= n;
    m.total -= total;
    const distance = m.width > 0 ? total / n - m.total / m.width : 0;
    m.variance -= m.variances[row * stride] + (n * m.width * distance * distance) / (n + m.width);
    shift(m, row, 1);
    while (m.rows > 1 && m.counts[m.rows - 1] === 0) m.rows -= 1;
  };

  /** Whether some cut parts two different means; keeps the largest ratio of difference and bound. */
  const parted = (m: AdwinMemory): boolean => {
    let n0 = 0;
    let n1 = m.width;
    let u0 = 0;
    let u1 = m.total;
    const logarithm = Math.log((2 * Math.log(m.width)) / delta);
    const variance = m.variance / m.width;
    for (let row = m.rows - 1, n = 2 ** row; row >= 0; row--, n /= 2) {
      const start = row * stride;
      const count = m.counts[row];
      for (let k = 0; k < count; k++) {
        n0 += n;
        n1 -= n;
        u0 += m.totals[start + k];
        u1 -= m.totals[start + k];
        if (n1 < least) return false;
        if (n0 < least) continue;
        const harmonic = 1 / (n0 - minWindowLength + 1) + 1 / (n1 - minWindowLength + 1);
        const epsilon = Math.sqrt(2 * harmonic * variance * logarithm) + (2 / 3) * logarithm * harmonic;
        const difference = Math.abs(u0 / n0 - u1 / n1);
        if (difference > m.ratio * epsilon) m.ratio = difference / epsilon;
        if (difference > epsilon) return true;
      }
    }
    return false;
  };

  return detector<AdwinMemory>({
    fresh: () => ({
      ticks: 0,
      width: 0,
      total: 0,
      variance: 0,
      rows: 1,
      counts: new Array<number>(ROWS).fill(0),
      totals: new Array<number>(ROWS * stride).fill(0),
      variances: new Array<number>(ROWS * stride).fill(0),
      ratio: 0,
    }),
    take: (m, x) => {
      insert(m, x);
      m.ticks += 1;
      if (m.ticks % clock !== 0 || m.width <= gracePeriod) return 'none';
      let drift = false;
      m.ratio = 0;
      while (m.width > 0 && parted(m)) {
        drift = true;
        dropOldest(m);
      }
      return drift ? 'alarm' : 'none';
    },
    statistic: (m) => m.ratio,
    resets: reset === 'full',
  });
}
