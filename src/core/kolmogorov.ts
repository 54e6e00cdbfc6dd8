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

/** From here on the one-sample law of n is taken from its limit: its exact computation takes k^3 steps, k = n d. */
const LARGE = 1000;

/**
 * P(D >= d) of the two-sided one-sample statistic of n values. Up to n = 1,000 exact (relative error about 1e-10 where
 * n d^2 < 4, by the matrix power of Marsaglia, Tsang and Wang; above, twice the one-sided tail: that both sides are reached is
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

/** P(D < d): the middle element of the n-th power of a band matrix, times n! / n^n. */
function marsaglia(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const m = 2 * k - 1;
  const h = k - n * d;
  const matrix = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m && j <= i + 1; j++) matrix[i * m + j] = 1;
  for (let i = 0; i < m; i++) {
    matrix[i * m] -= h ** (i + 1);
    matrix[(m - 1) * m + i] -= h ** (m - i);
  }
  matrix[(m - 1) * m] += 2 * h - 1 > 0 ? (2 * h - 1) ** m : 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0, factorial = 1; j <= i; j++) {
      // The entry on diagonal i - j is divided by (i - j + 1)!.
      factorial = 1;
      for (let g = 2; g <= i - j + 1; g++) factorial *= g;
      matrix[i * m + j] /= factorial;
    }
  }
  const { exponent, power } = raised(matrix, m, n);
  let value = power.entries[(k - 1) * m + k - 1];
  let scale = exponent;
  for (let i = 1; i <= n; i++) {
    value *= i / n;
    if (value < 1e-140) {
      value *= 1e140;
      scale -= 140;
    }
  }
  return value * 10 ** scale;
}

/** A matrix that is 0 where the column is more than `band` right of the row. */
interface Banded {
  readonly entries: Float64Array;
  readonly band: number;
}

/** The power of a matrix by squaring, the exponent of ten apart. */
function raised(matrix: Float64Array, m: number, n: number): { power: Banded; exponent: number } {
  const once: Banded = { entries: matrix, band: 1 };
  if (n === 1) return { power: once, exponent: 0 };
  const half = raised(matrix, m, Math.floor(n / 2));
  let power = product(half.power, half.power, m);
  let exponent = 2 * half.exponent;
  if (n % 2 === 1) power = product(once, power, m);
  const { entries } = power;
  if (entries[((m - 1) / 2) * m + (m - 1) / 2] > 1e140) {
    for (let i = 0; i < entries.length; i++) entries[i] *= 1e-140;
    exponent += 140;
  }
  return { power, exponent };
}

/** Four terms at a time, so that each sum is written once for them; they are added in their order. */
function product({ band: reach, entries: a }: Banded, { band, entries: b }: Banded, m: number): Banded {
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    const row = i * m;
    const terms = Math.min(m, i + reach + 1);
    let k = 0;
    for (; k + 3 < terms; k += 4) {
      const [v0, v1, v2, v3] = [a[row + k], a[row + k + 1], a[row + k + 2], a[row + k + 3]];
      const [b0, b1, b2, b3] = [k * m, (k + 1) * m, (k + 2) * m, (k + 3) * m];
      const end = Math.min(m, k + 3 + band + 1);
      for (let j = 0; j < end; j++)
        out[row + j] = out[row + j] + v0 * b[b0 + j] + v1 * b[b1 + j] + v2 * b[b2 + j] + v3 * b[b3 + j];
    }
    for (; k < terms; k++) {
      const value = a[row + k];
      const end = Math.min(m, k + band + 1);
      for (let j = 0; j < end; j++) out[row + j] += value * b[k * m + j];
    }
  }
  return { entries: out, band: reach + band };
}
