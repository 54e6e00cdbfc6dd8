/**
 * Area under the ROC curve: the probability that a random positive scores above a random negative, ties counting half
 * (the Mann-Whitney statistic). Exact, also with ties and weights.
 */

/** Rows that count: their scores, their weights, and of these what is of positives. */
class Scored {
  score = new Float64Array(0);
  weight = new Float64Array(0);
  positive = new Float64Array(0);

  grow(n: number): void {
    if (this.score.length >= n) return;
    this.score = new Float64Array(n);
    this.weight = new Float64Array(n);
    this.positive = new Float64Array(n);
  }
}

let rows = new Scored();
let scratch = new Scored();

/** Null where there is only one class. Rows with a missing value or no weight do not count. */
export function auc(truth: Float64Array, score: Float64Array, weights: Float64Array | null, n: number): number | null {
  rows.grow(n);
  scratch.grow(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i];
    if (w === 0 || Number.isNaN(truth[i] + score[i])) continue;
    rows.score[count] = score[i];
    rows.weight[count] = w;
    rows.positive[count++] = truth[i] === 1 ? w : 0;
  }
  if (!bucketSort(count)) radixSort(count);
  return areaOf(count);
}

function areaOf(count: number): number | null {
  const { positive, score, weight } = rows;
  let positives = 0;
  let negatives = 0;
  let wins = 0;
  for (let i = 0; i < count; ) {
    const value = score[i];
    let tiedPositives = positive[i];
    let tied = weight[i];
    for (i++; i < count && score[i] === value; i++) {
      tiedPositives += positive[i];
      tied += weight[i];
    }
    const tiedNegatives = tied - tiedPositives;
    wins += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return positives > 0 && negatives > 0 ? wins / (positives * negatives) : null;
}

/** Shifts a row that putting right within buckets may take: scores that crowd into few of them take more. */
const SHIFTS = 8;
let starts = new Uint32Array(0);

/**
 * Sorts the rows by score: into as many buckets of equal width, then by insertion. False where that takes too many shifts; they
 * are then the same rows, in any order.
 */
function bucketSort(count: number): boolean {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = rows.score[i];
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const perScore = (count - 1) / (most - least);
  if (!(perScore > 0 && perScore < Number.POSITIVE_INFINITY)) return least === most;
  if (starts.length <= count) starts = new Uint32Array(count + 1);
  else starts.fill(0, 0, count + 1);
  const { score } = rows;
  for (let i = 0; i < count; i++) starts[(1 + (score[i] - least) * perScore) | 0]++;
  for (let b = 1; b <= count; b++) starts[b] += starts[b - 1];
  for (let i = 0; i < count; i++) put(i, starts[((score[i] - least) * perScore) | 0]++);
  [rows, scratch] = [scratch, rows];
  return insertionSort(count, SHIFTS * count);
}

/** Copies the i-th row to a place of `scratch`. */
function put(i: number, place: number): void {
  scratch.score[place] = rows.score[i];
  scratch.weight[place] = rows.weight[i];
  scratch.positive[place] = rows.positive[i];
}

/** False where it would take more shifts. */
function insertionSort(count: number, shifts: number): boolean {
  const { positive, score, weight } = rows;
  let left = shifts;
  for (let i = 1; i < count; i++) {
    const value = score[i];
    if (score[i - 1] <= value) continue;
    const [own, ownPositive] = [weight[i], positive[i]];
    let to = i;
    for (; to > 0 && score[to - 1] > value; to--) {
      score[to] = score[to - 1];
      weight[to] = weight[to - 1];
      positive[to] = positive[to - 1];
    }
    score[to] = value;
    weight[to] = own;
    positive[to] = ownPositive;
    left -= i - to;
    if (left < 0) return false;
  }
  return true;
}

const BITS = 11;
const BUCKETS = 1 << BITS;
const histogram = new Uint32Array(BUCKETS);

/** Least-significant-digit radix sort of the rows by score: six passes of 11 bits, those with one digit skipped. */
function radixSort(count: number): void {
  for (const [word, shift] of [
    [0, 0],
    [0, 11],
    [0, 22],
    [1, 0],
    [1, 11],
    [1, 22],
  ]) {
    const bits = new Uint32Array(rows.score.buffer);
    // -0 and 0 are the same score: as neighbours they are tied all the same.
    const digit = (i: number): number => {
      const isNegative = bits[2 * i + 1] >>> 31 === 1;
      const top = word === 1 && !isNegative ? 0x80000000 : 0;
      const key = bits[2 * i + word] ^ (isNegative ? 0xffffffff : top);
      return (key >>> shift) & (BUCKETS - 1);
    };
    histogram.fill(0);
    for (let i = 0; i < count; i++) histogram[digit(i)]++;
    if (count > 0 && histogram[digit(0)] === count) continue;
    let sum = 0;
    for (let b = 0; b < BUCKETS; b++) {
      const inBucket = histogram[b];
      histogram[b] = sum;
      sum += inBucket;
    }
    for (let i = 0; i < count; i++) put(i, histogram[digit(i)]++);
    [rows, scratch] = [scratch, rows];
  }
}
