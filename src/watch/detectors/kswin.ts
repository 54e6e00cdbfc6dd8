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
  /** Values in order. */
  sorted: number[];
  /** Places of the ring by value. */
  order: number[];
  /** Of each place of the ring, the place in the order. */
  rank: number[];
  /** Neighbours in the order that are equal. */
  ties: number;
  d: number;
  p: number;
}

/** Of two bits for each place of the order: nothing, chosen among the older, newest. */
const CHOSEN = 1;
const NEWEST = 2;

/**
 * For each way in which four places of the order may be taken, two bits each: the sum of the steps (1 chosen, -1 newest), the
 * largest and the least sum on the way, none of it more than 4, as bytes that begin at 0.
 */
const FOURS = Int32Array.from({ length: 256 }, (_, code) => {
  let [sum, highest, lowest] = [0, 0, 0];
  for (let k = 0; k < 4; k++) {
    const taken = (code >> (2 * k)) & 3;
    sum += taken === CHOSEN ? 1 : taken === NEWEST ? -1 : 0;
    highest = Math.max(highest, sum);
    lowest = Math.min(lowest, sum);
  }
  return (sum + 4) | ((highest + 4) << 8) | ((lowest + 4) << 16);
});

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
  const taken = new Uint8Array(Math.ceil(windowSize / 4));
  const tails = Float64Array.from({ length: statSize + 1 }, (_, h) => twoSampleTail(h, statSize, statSize));

  /** Whether the value in the k-th place of the order is one of several. */
  const isTied = ({ n, sorted }: KswinMemory, k: number): boolean =>
    (k > 0 && sorted[k - 1] === sorted[k]) || (k + 1 < n && sorted[k + 1] === sorted[k]);

  /** Puts a value into the ring and its place into the order. */
  const insert = (m: KswinMemory, x: number): void => {
    const { order, rank, sorted } = m;
    const slot = m.next;
    let k = m.n;
    if (m.n === windowSize) {
      k = rank[slot];
      if (m.ties > 0 && isTied(m, k)) m.ties--;
      for (; k + 1 < windowSize && sorted[k + 1] < x; k++) {
        const other = order[k + 1];
        sorted[k] = sorted[k + 1];
        order[k] = other;
        rank[other] = k;
      }
    } else m.n++;
    for (; k > 0 && sorted[k - 1] > x; k--) {
      const other = order[k - 1];
      sorted[k] = sorted[k - 1];
      order[k] = other;
      rank[other] = k;
    }
    sorted[k] = x;
    order[k] = slot;
    rank[slot] = k;
    if (isTied(m, k)) m.ties++;
    m.next = slot + 1 === windowSize ? 0 : slot + 1;
  };

  /** Marks who is compared, by place in the order. */
  const mark = ({ next, rank }: KswinMemory): void => {
    choose(positions, older);
    taken.fill(0);
    // Once round the ring without a branch, which nobody could foresee.
    for (let k = 0; k < statSize; k++) {
      const chosen = next + positions[k] - windowSize;
      const a = rank[chosen + (windowSize & (chosen >> 31))];
      taken[a >> 2] |= CHOSEN << (2 * (a & 3));
      const newest = next + older + k - windowSize;
      const b = rank[newest + (windowSize & (newest >> 31))];
      taken[b >> 2] |= NEWEST << (2 * (b & 3));
    }
  };

  /** Largest difference of the two counts at or below a value, where all values differ: four places at a time. */
  const height = (): number => {
    let difference = 0;
    let highest = 0;
    let lowest = 0;
    for (let g = 0; g < taken.length; g++) {
      const four = FOURS[taken[g]];
      // The larger is what it was, less the negative part of what it has above the other.
      const above = highest - (difference + ((four >> 8) & 255) - 4);
      highest -= above & (above >> 31);
      const below = difference + (four >> 16) - 4 - lowest;
      lowest += below & (below >> 31);
      difference += (four & 255) - 4;
    }
    return Math.max(highest, -lowest);
  };

  /** The same where some are equal: they count together, after the last of them. */
  const heightOfTied = ({ sorted }: KswinMemory): number => {
    let difference = 0;
    let most = 0;
    for (let k = 0; k < windowSize; k++) {
      const which = (taken[k >> 2] >> (2 * (k & 3))) & 3;
      difference += which === CHOSEN ? 1 : which === NEWEST ? -1 : 0;
      if (k + 1 < windowSize && sorted[k + 1] === sorted[k]) continue;
      most = Math.max(most, Math.abs(difference));
    }
    return most;
  };

  return detector<KswinMemory>({
    fresh: () => ({
      n: 0,
      next: 0,
      sorted: new Array<number>(windowSize).fill(0),
      order: new Array<number>(windowSize).fill(0),
      rank: new Array<number>(windowSize).fill(0),
      ties: 0,
      d: 0,
      p: 1,
    }),
    take: (m, x) => {
      insert(m, x);
      if (m.n < windowSize) return 'none';
      mark(m);
      const h = m.ties === 0 ? height() : heightOfTied(m);
      m.d = h / statSize;
      m.p = tails[h];
      if (m.d <= minStatistic) return 'none';
      if (m.p <= alpha) return 'alarm';
      return warning !== null && m.p <= warning ? 'warning' : 'none';
    },
    statistic: (m) => m.p,
  });
}

/**
 * Places drawn from a random stream: the first of a partial Fisher-Yates shuffle. Two are drawn from each word, the second from
 * what the first leaves of it: chances are right to `from² / 2^32`.
 */
export function withoutReplacement(stream: { word(): number }): Choose {
  let pool = new Int32Array(0);
  return (positions, from) => {
    if (pool.length !== from) pool = Int32Array.from({ length: from }, (_, k) => k);
    const count = positions.length;
    for (let k = 0; k < count; ) {
      const x = (stream.word() >>> 0) * 2.3283064365386963e-10 * (from - k);
      const first = Math.floor(x);
      const one = k + first;
      const chosen = pool[one];
      positions[k] = chosen;
      pool[one] = pool[k];
      pool[k] = chosen;
      k++;
      if (k === count) break;
      const two = k + Math.floor((x - first) * (from - k));
      const next = pool[two];
      positions[k] = next;
      pool[two] = pool[k];
      pool[k] = next;
      k++;
    }
    // Back in order: what comes next depends on the stream alone.
    for (let k = 0; k < count; k++) {
      pool[positions[k]] = positions[k];
      pool[k] = k;
    }
  };
}
