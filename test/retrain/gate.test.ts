import { describe, expect, it } from 'vitest';
import { betterInArms, betterPaired, Losses, lossOf } from '../../src/retrain/gate.js';

const of = (values: readonly number[], weights?: readonly number[]): Losses => {
  const losses = new Losses();
  values.forEach((value, i) => {
    losses.add(value, weights?.[i]);
  });
  return losses;
};

describe('losses', () => {
  it('have a mean and its squared standard error', () => {
    const losses = of([1, 2, 3, 6]);
    expect(losses.mean).toBe(3);
    // s² = 14 / 3, over n = 4.
    expect(losses.error).toBeCloseTo(14 / 12, 14);
  });

  it('count by weight, with an effective number of rows', () => {
    expect(of([1, 5], [3, 1]).mean).toBe(2);
    expect(of([1, 5], [3, 1]).n).toBe(16 / 10);
    expect(of([1, 2], [1, 0]).n).toBe(1);
    expect(of([]).n).toBe(0);
    expect(of([1]).error).toBeNaN();
  });

  it('are the squared error and the log loss', () => {
    expect(lossOf('numeric', 3, 1)).toBe(4);
    expect(lossOf('binary', 1, 0.25)).toBeCloseTo(Math.log(4), 14);
    expect(lossOf('binary', 0, 1)).toBeCloseTo(15 * Math.log(10), 1);
  });
});

describe('a challenger is better', () => {
  it('by any advantage at a confidence of 0.5', () => {
    expect(betterPaired(of([-1, -1, 1.9]), 0.5)).toBe(true);
    expect(betterPaired(of([-1, -1, 2]), 0.5)).toBe(false);
  });

  it('by the paired t test at a higher one', () => {
    // mean -1, s = 1, n = 4: t = -2, between the quantiles of 0.90 (1.638) and 0.95 (2.353) with 3 degrees of freedom.
    const differences = of([-1 - Math.sqrt(1.5), -1 + Math.sqrt(1.5), -1, -1]);
    expect(differences.error).toBeCloseTo(0.25, 14);
    expect(betterPaired(differences, 0.9)).toBe(true);
    expect(betterPaired(differences, 0.95)).toBe(false);
  });

  it('by Welch where the two have met other rows', () => {
    const [low, high] = [of([0, 1, 2]), of([2, 3, 4, 5, 6])];
    // Difference 3, error sqrt(1/3 + 2.5/5) = 0.913, t = 3.286 with 5.876 degrees of freedom: one-sided p = 0.0086.
    expect(betterInArms(low, high, 0.99)).toBe(true);
    expect(betterInArms(low, high, 0.995)).toBe(false);
    expect(betterInArms(high, low, 0.5)).toBe(false);
  });

  it('never by nothing', () => {
    expect(betterPaired(of([]), 0.5)).toBe(false);
    expect(betterPaired(of([-1]), 0.5)).toBe(false);
    expect(betterPaired(of([-1, -1]), 0.99)).toBe(true);
    expect(betterPaired(of([0, 0]), 0.5)).toBe(false);
  });
});
