import { describe, expect, it } from 'vitest';
import { aciBound, latestScores, nextAlpha } from '../../../src/learn/uncertainty/adaptive-conformal.js';
import { columnsOf, missing, shared, vector } from '../../support/shared.js';

/** The reference's own rule: the `higher` quantile of the last scores; infinite for alpha_t <= 1 / (t + 1). */
function reference(score: Float64Array, gamma: number) {
  const [alpha, window, burnIn] = [0.1, 100, 50];
  const alphas: number[] = [];
  const quantiles: number[] = [];
  const missed: number[] = [];
  let current = alpha;
  for (let t = 0; t < score.length; t++) {
    const sorted = score.slice(Math.max(0, t - window), t).sort();
    const q = (level: number) => sorted[Math.ceil(level * (sorted.length - 1))];
    const burning = t <= burnIn;
    const own =
      burning && t > Math.ceil(1 / alpha)
        ? burnInQuantile(score.subarray(0, t), 1 - alpha)
        : burning || current <= 1 / (t + 1)
          ? Number.POSITIVE_INFINITY
          : current >= 1
            ? 0
            : q(1 - current);
    alphas.push(current);
    quantiles.push(own);
    const err = score[t] > own ? 1 : 0;
    if (err === 1) missed.push(t);
    if (t > burnIn) current = nextAlpha(current, alpha, gamma, err);
  }
  return { alphas, quantiles, missed };
}

function burnInQuantile(scores: Float64Array, level: number): number {
  const sorted = scores.slice().sort();
  const at = level * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

interface Traced {
  readonly alpha_t: { t: number[]; v: number[] };
  readonly q_t: { t: number[]; v: (number | string)[] };
  readonly miscovered: number[];
}

describe.skipIf(missing('vectors/aci/expected.json'))('the reference implementation', () => {
  it.each([0.005, 0.05])('has the same levels, quantiles and misses: gamma %s', (gamma) => {
    const { alpha_t, miscovered, q_t } = vector('aci', `aci-${gamma}-100`) as Traced;
    const found = reference(columnsOf(shared('vectors/aci/input.csv')).score, gamma);
    // Within the burn-in the reference does not say which misses it counts.
    expect(found.missed.filter((t) => t > 50)).toEqual(miscovered.filter((t) => t > 50));
    alpha_t.t.forEach((t, k) => {
      expect(Math.abs(found.alphas[t] - alpha_t.v[k])).toBeLessThan(1e-9);
    });
    q_t.t.forEach((t, k) => {
      const expected = Number(q_t.v[k]);
      if (t <= 50) return;
      if (Number.isFinite(expected)) expect(Math.abs(found.quantiles[t] - expected)).toBeLessThan(1e-9);
      else expect(found.quantiles[t]).toBe(expected);
    });
  });
});

describe('the level', () => {
  /** A stream of misses that knows the level: the guarantee holds for any. */
  const adversaries: Readonly<Record<string, (alpha: number, t: number) => number>> = {
    'always missed': () => 1,
    'never missed': () => 0,
    'missed when it is sure': (alpha) => (alpha > 0.5 ? 1 : 0),
    'half missed': (_, t) => (t % 3) / 2,
  };

  it.each(Object.keys(adversaries))('keeps its promise to the last digit: %s', (name) => {
    for (const gamma of [0.001, 0.05, 0.5, 2]) {
      const alpha = 0.1;
      let current = alpha;
      let misses = 0;
      const T = 1000;
      for (let t = 0; t < T; t++) {
        const err = current <= 0 ? 0 : current >= 1 ? 1 : adversaries[name](current, t);
        misses += err;
        current = nextAlpha(current, alpha, gamma, err);
      }
      const mean = misses / T;
      expect(Math.abs(mean - alpha)).toBeLessThanOrEqual(aciBound(alpha, gamma, T));
      expect(mean).toBeCloseTo(alpha + (alpha - current) / (gamma * T), 12);
    }
  });
});

it('keeps the latest scores, with their weights', () => {
  const before = { values: Float64Array.of(1, 2, 3), weights: null };
  const found = latestScores(before, { values: Float64Array.of(4, 5), weights: Float64Array.of(7, 8) }, 3);
  expect([...found.values]).toEqual([3, 4, 5]);
  expect([...(found.weights ?? [])]).toEqual([1, 7, 8]);
  expect([...latestScores(before, before, 100).values]).toEqual([1, 2, 3, 1, 2, 3]);
});
