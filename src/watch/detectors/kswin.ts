/**
 * KSWIN: the newest stat_size values of a sliding window against as many drawn from the older ones, by the exact two-sample
 * Kolmogorov-Smirnov test.
 *
 *   statistic = p-value, once the window is full; alarm where it is at most alpha and D is above min_statistic (0.1).
 *
 * The sample is drawn anew, without replacement, at each value; the p-values of neighbouring steps are therefore strongly
 * dependent, and alpha is no rate of false alarms: 0.005 gives one in 1,000 values, 0.0001 (the default here) one in 40,000.
 *
 * Source: Raab, Heusinger and Schleif (2020), "Reactive soft prototype computing for concept drift streams", Neurocomputing
 * 416; as in river (whose default alpha is 0.005).
 *
 * @example
 * const stream = new Stream({ seed: 1, replicate: 0, component: 'monitor', step: 0 });
 * kswin({ choose: withoutReplacement(stream) }).update(0.4);
 */
import { twoSampleTail } from '../../core/kolmogorov.js';
import { type Detector, detector } from './detector.js';

/** Fills `positions` with as many different whole numbers below `from`: places in the older part, the oldest first. */
export type Choose = (positions: Int32Array, from: number) => void;

export interface KswinOptions {
  readonly choose: Choose;
  /** p-value at and below which it alarms. */
  readonly alpha?: number;
  /** p-value at and below which it warns; null: no warnings. */
  readonly warning?: number | null;
  /** window_size, in values. */
  readonly windowSize?: number;
  /** stat_size: the newest values that are compared, and how many of the older. */
  readonly statSize?: number;
  /** D up to which there is no alarm. */
  readonly minStatistic?: number;
}

interface KswinMemory extends Record<string, number | number[]> {
  n: number;
  /** Where the next value goes: the window is a ring. */
  next: number;
  values: number[];
  /** Places of the ring by value. */
  order: number[];
  d: number;
  p: number;
}

export function kswin({
  alpha = 0.0001,
  choose,
  minStatistic = 0.1,
  statSize = 30,
  warning = null,
  windowSize = 100,
}: KswinOptions): Detector {
  const older = windowSize - statSize;
  const positions = new Int32Array(statSize);
  const side = new Int8Array(windowSize);
  const tails = Float64Array.from({ length: statSize + 1 }, (_, h) => twoSampleTail(h, statSize, statSize));

  /** Puts a value into the ring and its place into the order. */
  const insert = (m: KswinMemory, x: number): void => {
    const { order, values } = m;
    const slot = m.next;
    let k: number;
    if (m.n === windowSize) {
      k = 0;
      while (order[k] !== slot) k++;
      for (; k + 1 < windowSize && values[order[k + 1]] < x; k++) order[k] = order[k + 1];
    } else {
      k = m.n;
      m.n += 1;
    }
    for (; k > 0 && values[order[k - 1]] > x; k--) order[k] = order[k - 1];
    order[k] = slot;
    values[slot] = x;
    m.next = slot + 1 === windowSize ? 0 : slot + 1;
  };

  /** Largest difference of the two counts at or below a value. */
  const height = (m: KswinMemory): number => {
    const { next, order, values } = m;
    choose(positions, older);
    side.fill(0);
    for (let k = 0; k < statSize; k++) {
      const chosen = next + positions[k];
      side[chosen < windowSize ? chosen : chosen - windowSize] = 1;
      const newest = next + older + k;
      side[newest < windowSize ? newest : newest - windowSize] = -1;
    }
    let difference = 0;
    let highest = 0;
    let lowest = 0;
    for (let k = 0; k < windowSize; k++) {
      const slot = order[k];
      difference += side[slot];
      if (difference <= highest && difference >= lowest) continue;
      // Equal values count together: only after the last of them.
      if (k + 1 < windowSize && values[order[k + 1]] === values[slot]) continue;
      if (difference > highest) highest = difference;
      else lowest = difference;
    }
    return Math.max(highest, -lowest);
  };

  return detector<KswinMemory>({
    fresh: () => ({
      n: 0,
      next: 0,
      values: new Array<number>(windowSize).fill(0),
      order: new Array<number>(windowSize).fill(0),
      d: 0,
      p: 1,
    }),
    take: (m, x) => {
      insert(m, x);
      if (m.n < windowSize) return 'none';
      const h = height(m);
      m.d = h / statSize;
      m.p = tails[h];
      if (m.d <= minStatistic) return 'none';
      if (m.p <= alpha) return 'alarm';
      return warning !== null && m.p <= warning ? 'warning' : 'none';
    },
    statistic: (m) => m.p,
  });
}

/** Places drawn from a random stream: the first of a partial Fisher-Yates shuffle. */
export function withoutReplacement(stream: { word(): number }): Choose {
  let pool = new Int32Array(0);
  return (positions, from) => {
    if (pool.length !== from) pool = Int32Array.from({ length: from }, (_, k) => k);
    const count = positions.length;
    for (let k = 0; k < count; k++) {
      const other = k + Math.floor((stream.word() >>> 0) * 2.3283064365386963e-10 * (from - k));
      const chosen = pool[other];
      positions[k] = chosen;
      pool[other] = pool[k];
      pool[k] = chosen;
    }
    // Back in order: what comes next depends on the stream alone.
    for (let k = 0; k < count; k++) {
      pool[positions[k]] = positions[k];
      pool[k] = k;
    }
  };
}
