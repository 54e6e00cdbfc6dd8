import { describe, expect, it } from 'vitest';
import { exp } from '../../src/core/exp.js';

/** e^x for a whole x >= 0, by its series in whole numbers. */
function reference(x: number): number {
  const one = 1n << 200n;
  let term = one;
  let sum = one;
  for (let k = 1n; term > 0n; k++) {
    term = (term * BigInt(x)) / k;
    sum += term;
  }
  return Number(sum) / Number(one);
}

const UNIT = Number.EPSILON;

describe('e^x', () => {
  it('is within one unit in the last place of its series', () => {
    for (let x = 0; x <= 300; x++) {
      expect(Math.abs(exp(x) / reference(x) - 1)).toBeLessThanOrEqual(UNIT);
      expect(Math.abs(exp(-x) * reference(x) - 1)).toBeLessThanOrEqual(2 * UNIT);
    }
  });

  it("agrees with the engine's to its last place, between whole numbers too", () => {
    for (let k = -70_000; k <= 70_000; k++) {
      const x = k * 0.010117;
      expect(Math.abs(exp(x) - Math.exp(x))).toBeLessThanOrEqual(1.5 * UNIT * Math.exp(x));
    }
  });

  it('adds up: e^x e^y = e^(x + y)', () => {
    for (let x = -8; x <= 8; x += 0.125)
      for (let y = -8; y <= 8; y += 0.25) expect(exp(x) * exp(y)).toBeCloseTo(exp(x + y), 12 - Math.ceil((x + y) / 2));
  });

  it('never falls', () => {
    let before = 0;
    for (let x = -2; x <= 2; x += 1 / 8192) {
      expect(exp(x)).toBeGreaterThanOrEqual(before);
      before = exp(x);
    }
  });

  it('takes what is extreme', () => {
    expect(exp(0)).toBe(1);
    expect(exp(-0)).toBe(1);
    expect(exp(5e-324)).toBe(1);
    expect(exp(Number.NaN)).toBeNaN();
    expect(exp(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(exp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(-745)).toBe(5e-324);
    expect(exp(709.7) / Math.exp(709.7)).toBeCloseTo(1, 15);
    expect(exp(710)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(-1e300)).toBe(0);
  });
});
