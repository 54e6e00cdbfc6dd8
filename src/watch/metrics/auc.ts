/**
 * Area under the ROC curve: the probability that a random positive scores above a random negative, ties counting half
 * (the Mann-Whitney statistic). Exact, also with ties and weights.
 */

let order = new Uint32Array(0);
let scratch = new Uint32Array(0);
let high = new Uint32Array(0);
let low = new Uint32Array(0);

function grow(n: number): void {
  if (order.length >= n) return;
  order = new Uint32Array(n);
  scratch = new Uint32Array(n);
  high = new Uint32Array(n);
  low = new Uint32Array(n);
}

/** Null where there is only one class. Rows with a missing value or no weight do not count. */
export function auc(truth: Float64Array, score: Float64Array, weights: Float64Array | null, n: number): number | null {
  grow(n);
  const count = keys(truth, score, weights, n);
  radixSort(count);
  let positives = 0;
  let negatives = 0;
  let wins = 0;
  for (let i = 0; i < count; ) {
    let tiedPositives = 0;
    let tiedNegatives = 0;
    const value = score[order[i]];
    for (; i < count && score[order[i]] === value; i++) {
      const row = order[i];
      const w = weights === null ? 1 : weights[row];
      if (truth[row] === 1) tiedPositives += w;
      else tiedNegatives += w;
    }
    wins += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return positives > 0 && negatives > 0 ? wins / (positives * negatives) : null;
}

/** Writes order-preserving integer keys of the scores that count (by row), and their rows into `order`. */
function keys(truth: Float64Array, score: Float64Array, weights: Float64Array | null, n: number): number {
  const bits = new Uint32Array(score.buffer, score.byteOffset, 2 * n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    if ((weights !== null && weights[i] === 0) || Number.isNaN(truth[i] + score[i])) continue;
    order[count++] = i;
    const top = bits[2 * i + 1];
    const negative = top >>> 31 === 1;
    // -0 and 0 are the same score: the comparison of scores above ties them, being neighbours in key order.
    high[i] = negative ? ~top : top | 0x80000000;
    low[i] = negative ? ~bits[2 * i] : bits[2 * i];
  }
  return count;
}

const BITS = 11;
const BUCKETS = 1 << BITS;
const histogram = new Uint32Array(BUCKETS);

/** Least-significant-digit radix sort of `order` by (high, low): six passes of 11 bits, those with one digit skipped. */
function radixSort(count: number): void {
  for (const [key, shift] of [
    [low, 0],
    [low, 11],
    [low, 22],
    [high, 0],
    [high, 11],
    [high, 22],
  ] as const) {
    histogram.fill(0);
    for (let i = 0; i < count; i++) histogram[(key[order[i]] >>> shift) & (BUCKETS - 1)]++;
    if (count > 0 && histogram[(key[order[0]] >>> shift) & (BUCKETS - 1)] === count) continue;
    let sum = 0;
    for (let b = 0; b < BUCKETS; b++) {
      const inBucket = histogram[b];
      histogram[b] = sum;
      sum += inBucket;
    }
    for (let i = 0; i < count; i++) {
      const row = order[i];
      scratch[histogram[(key[row] >>> shift) & (BUCKETS - 1)]++] = row;
    }
    const sorted = scratch;
    scratch = order;
    order = sorted;
  }
}
