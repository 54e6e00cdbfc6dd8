/** The distributions of the Kolmogorov-Smirnov statistics, where both samples come from one continuous distribution. */
import { logGamma } from './gamma.js';

/**
 * P(D >= h / lcm(n, m)) of the two-sided statistic of samples of n and m, exactly: the probability that a random lattice path
 * from (0, 0) to (n, m) ever has |i / n - j / m| >= h / lcm(n, m). O(n m) steps. Ties make it conservative.
 * Source: Hodges (1958), "The significance probability of the Smirnov two-sample test", Arkiv foer Matematik 3.
 */
export function twoSampleTail(h: number, n: number, m: number): number {
  if (h <= 0) return 1;
  const divisor = greatestCommonDivisor(n, m);
  const a = m / divisor;
  const b = n / divisor;
  // inside[j]: probability of being at (i, j) without ever having been out.
  const inside = new Float64Array(m + 1);
  inside[0] = 1;
  let out = 0;
  for (let i = 0; i <= n; i++) {
    const leftI = n - i;
    // Beyond the first place that is out, no path comes.
    const last = Math.min(m, Math.ceil((i * a + h) / b));
    for (let j = Math.max(0, Math.floor((i * a - h) / b) - 1); j <= last; j++) {
      const here = inside[j];
      if (here === 0) continue;
      if (Math.abs(i * a - j * b) >= h) {
        out += here;
        inside[j] = 0;
        continue;
      }
      const left = leftI + m - j;
      if (left === 0) continue;
      if (j < m) inside[j + 1] += here * ((m - j) / left);
      inside[j] = here * (leftI / left);
    }
  }
  return Math.min(1, out);
}

/** The h of `twoSampleTail` for a statistic d: the whole number nearest to d lcm(n, m). */
export const latticeHeight = (d: number, n: number, m: number): number =>
  Math.round((d * n * m) / greatestCommonDivisor(n, m));

function greatestCommonDivisor(n: number, m: number): number {
  return m === 0 ? n : greatestCommonDivisor(m, n % m);
}

/** From here on the one-sample law of n is taken from its limit: its exact computation takes n^2 d steps. */
const LARGE = 1000;

/**
 * P(D >= d) of the two-sided one-sample statistic of n values. Up to n = 1,000 exact (relative error below 1e-8 where
 * n d^2 < 4, by the matrix of Marsaglia, Tsang and Wang; above, twice the one-sided tail: that both sides are reached is
 * then less likely than 1e-10 of it). Beyond, Kolmogorov's series with Stephens' correction (1.4 % at n = 15, less beyond).
 * Source: Marsaglia, Tsang and Wang (2003), "Evaluating Kolmogorov's distribution", Journal of Statistical Software 8(18);
 * Stephens (1970), JRSS B 32.
 */
export function oneSampleTail(d: number, n: number): number {
  if (!(d > 0)) return 1;
  if (d >= 1) return 0;
  if (n > LARGE) return kolmogorovTail(d * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)));
  if (n * d * d >= 4) return Math.min(1, 2 * oneSidedTail(d, n));
  return Math.max(0, Math.min(1, 1 - marsaglia(d, n)));
}

/** P(D+ >= d) of the one-sided one-sample statistic of n values. Source: Birnbaum and Tingey (1951), Ann. Math. Stat. 22. */
export function oneSidedTail(d: number, n: number): number {
  if (!(d > 0)) return 1;
  if (d >= 1) return 0;
  let sum = 0;
  const whole = logGamma(n + 1);
  for (let j = 0; j <= n * (1 - d); j++) {
    const right = 1 - d - j / n;
    if (right <= 0) break;
    const choices = whole - logGamma(j + 1) - logGamma(n - j + 1);
    sum += Math.exp(choices + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(right));
  }
  return Math.min(1, d * sum);
}

/** P(K > x) of the limit of sqrt(n) D: 2 sum (-1)^(k - 1) exp(-2 k^2 x^2), and below 1 its theta transform. */
export function kolmogorovTail(x: number): number {
  if (!(x > 0)) return 1;
  let sum = 0;
  if (x < 1) {
    for (let k = 1; k < 40; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
    return Math.max(0, 1 - (Math.sqrt(2 * Math.PI) / x) * sum);
  }
  for (let k = 1; k < 40; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, 2 * sum);
}

/** Entries of the matrix fall with 1 / i! below its diagonal: those beyond add less than the rounding does. */
const TERMS = 20;

/**
 * P(D < d): the middle element of H^n times n! / n^n, H being m x m with m = 2 k - 1 and k = floor(n d) + 1.
 *
 * Only the middle row of the power is worked out, one product by H at a time; H is the same when it is mirrored at its other
 * diagonal, so that half the powers do. Each product is divided by e, by which it grows.
 */
function marsaglia(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const m = 2 * k - 1;
  const h = k - n * d;
  const byFactorial = new Float64Array(TERMS).fill(1 / Math.E);
  for (let i = 1; i < TERMS; i++) byFactorial[i] = byFactorial[i - 1] / i;
  const firstColumn = new Float64Array(Math.min(m, TERMS - 1));
  for (let i = 0; i < firstColumn.length; i++) firstColumn[i] = (1 - h ** (i + 1)) * byFactorial[i + 1];
  if (m < TERMS) firstColumn[m - 1] = (1 - 2 * h ** m + Math.max(0, 2 * h - 1) ** m) * byFactorial[m];
  const half = Math.floor(n / 2);
  // Zeros follow the m entries.
  let row = new Float64Array(m + TERMS);
  let next = new Float64Array(m + TERMS);
  let halfway = row;
  row[k - 1] = 1;
  for (let power = 0; power < n - half; power++) {
    if (power === half) halfway = row.slice();
    times(row, byFactorial, firstColumn, m, h, next);
    [row, next] = [next, row];
  }
  if (n - half === half) halfway = row;
  let middle = 0;
  for (let j = 0; j < m; j++) middle += row[j] * halfway[m - 1 - j];
  return middle * Math.exp(logGamma(n + 1) + n - n * Math.log(n));
}

/** next = row H / e; four terms at a time, so that each sum is written once for them. */
function times(
  row: Float64Array,
  byFactorial: Float64Array,
  firstColumn: Float64Array,
  m: number,
  h: number,
  next: Float64Array,
): void {
  next.fill(0, 0, m);
  for (let i = 0; i < TERMS; i += 4) {
    const [b0, b1, b2, b3] = [byFactorial[i], byFactorial[i + 1], byFactorial[i + 2], byFactorial[i + 3]];
    for (let j = 1; j < m; j++) {
      const at = j - 1 + i;
      next[j] += row[at] * b0 + row[at + 1] * b1 + row[at + 2] * b2 + row[at + 3] * b3;
    }
  }
  // The last row of H lacks h^i / i! in its i-th place from the right.
  let lacks = row[m - 1];
  for (let i = 1; i < Math.min(m, TERMS); i++) {
    lacks *= h;
    next[m - i] -= lacks * byFactorial[i];
  }
  let first = 0;
  for (let i = 0; i < firstColumn.length; i++) first += row[i] * firstColumn[i];
  next[0] = first;
}
