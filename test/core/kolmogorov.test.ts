import { describe, expect, it } from 'vitest';
import { kolmogorovTail, oneSampleTail, oneSidedTail, twoSampleTail } from '../../src/core/kolmogorov.js';

describe('two samples', () => {
  it('counts orders: D = 1 in two of C(n + m, n)', () => {
    expect(twoSampleTail(6, 3, 2)).toBeCloseTo(2 / 10, 14);
    expect(twoSampleTail(5, 5, 5)).toBeCloseTo(2 / 252, 14);
    expect(twoSampleTail(0, 4, 7)).toBe(1);
  });

  it('has the reflection formula of equal samples', () => {
    // P(D >= h / n) = 2 sum_k (-1)^(k - 1) C(2n, n - k h) / C(2n, n): Gnedenko and Korolyuk (1951).
    const choose = (n: number, k: number): number => (k < 0 ? 0 : k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    const n = 20;
    for (const h of [3, 5, 9]) {
      let sum = 0;
      for (let k = 1; k * h <= n; k++) sum += (k % 2 === 1 ? 2 : -2) * choose(2 * n, n - k * h);
      expect(twoSampleTail(h, n, n) / (sum / choose(2 * n, n))).toBeCloseTo(1, 11);
    }
  });
});

/**
 * P(D < d), where D of n uniform values u_(i) is below d if and only if i / n - d < u_(i) < (i - 1) / n + d: the number of values
 * below each of these bounds is a chain of binomials that may neither lag nor lead. Source: Noe (1972), Ann. Math. Stat. 43.
 */
function noe(d: number, n: number): number {
  const bounds: number[] = [];
  for (let i = 1; i <= n; i++) bounds.push(i / n - d, (i - 1) / n + d);
  const times = [...new Set([0, ...bounds.filter((t) => t > 0 && t < 1).sort((a, b) => a - b), 1])];
  const logFactorial = [0];
  for (let i = 1; i <= n; i++) logFactorial.push(logFactorial[i - 1] + Math.log(i));
  // share[i]: of i values below the bound so far, the chance over i!, times n^i to stay in range.
  let share = new Float64Array(n + 1);
  share[0] = 1;
  for (let k = 1; k < times.length; k++) {
    const wide = times[k] - times[k - 1];
    const next = new Float64Array(n + 1);
    // More than n (t - d) and fewer than n (t + d) must be below.
    const least = Math.floor(n * (times[k] - d) + 1e-9) + 1;
    const most = Math.ceil(n * (times[k] + d) - 1e-9) - 1;
    for (let i = 0; i <= n; i++) {
      if (share[i] === 0) continue;
      for (let j = Math.max(i, least); j <= Math.min(n, most); j++)
        next[j] += share[i] * Math.exp((j - i) * Math.log(n * wide) - logFactorial[j - i]);
    }
    share = next;
  }
  return share[n] * Math.exp(logFactorial[n] - n * Math.log(n));
}

describe('one sample', () => {
  it('of one value: P(D >= d) = 2 (1 - d) from a half on', () => {
    for (const d of [0.5, 0.7, 0.95]) expect(oneSampleTail(d, 1)).toBeCloseTo(2 * (1 - d), 12);
    expect(oneSidedTail(0.3, 1)).toBeCloseTo(0.7, 14);
  });

  it('has the value that Marsaglia, Tsang and Wang print', () => {
    // K(10, 0.274) = 0.6284796154565.
    expect(oneSampleTail(0.274, 10)).toBeCloseTo(1 - 0.6284796154565, 12);
  });

  it('is n! (2 d - 1 / n)^n below 1 / n', () => {
    for (const [n, d] of [
      [2, 0.4],
      [7, 0.13],
    ]) {
      let factorial = 1;
      for (let i = 2; i <= n; i++) factorial *= i;
      expect(oneSampleTail(d, n)).toBeCloseTo(1 - factorial * (2 * d - 1 / n) ** n, 13);
    }
  });

  it('is what a walk over all ways to share the values out says', () => {
    for (const [n, d] of [
      [3, 0.41],
      [20, 0.21],
      [61, 0.16],
      [200, 0.1],
      [600, 0.06],
    ])
      expect(oneSampleTail(d, n) / (1 - noe(d, n))).toBeCloseTo(1, 8);
  });

  it('goes over without a jump from the matrix to the tail, and from there to the limit', () => {
    const n = 100;
    const at = (square: number): number => oneSampleTail(Math.sqrt(square / n), n);
    expect(at(3.9999999) / at(4.0000001)).toBeCloseTo(1, 5);
    // Stephens' correction at n = 1,000: within 0.2 % in the middle.
    expect(
      oneSampleTail(0.04, 1000) / kolmogorovTail(0.04 * (Math.sqrt(1000) + 0.12 + 0.11 / Math.sqrt(1000))),
    ).toBeCloseTo(1, 2);
  });
});

describe('the limit', () => {
  it('has its tabled points and one value where its two series meet', () => {
    expect(kolmogorovTail(1.3580986393225505)).toBeCloseTo(0.05, 10);
    expect(kolmogorovTail(1 - 1e-9)).toBeCloseTo(kolmogorovTail(1), 8);
    expect(kolmogorovTail(0)).toBe(1);
  });
});
