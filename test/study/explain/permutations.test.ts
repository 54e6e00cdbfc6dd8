import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/core/random/index.js';
import { coalitionsOf, pairedShares, randomOrders, sampledShares } from '../../../src/study/explain/permutations.js';
import { shapleyValues } from '../../../src/study/explain/shapley.js';
import { sampleSd } from '../../../src/study/statistics.js';

const PLAYERS = 7;
const stream = new Stream({ seed: 3, replicate: 0, component: 'game', step: 0 });
/** Every interaction of any order. */
const game = Float64Array.from({ length: 2 ** PLAYERS }, () => stream.uniform());
const worth = (coalition: number) => game[coalition];

describe('randomOrders', () => {
  it('puts every player at every place equally often', () => {
    const n = 4000;
    const counts = new Float64Array(PLAYERS * PLAYERS);
    for (const order of randomOrders(PLAYERS, n, 1))
      for (const [k, player] of order.entries()) counts[PLAYERS * k + player]++;
    const p = 1 / PLAYERS;
    // 49 counts, each within 4 standard deviations of a binomial.
    for (const count of counts) expect(Math.abs(count - n * p)).toBeLessThan(4 * Math.sqrt(n * p * (1 - p)));
  });

  it('is the same for the same seed, and another for another', () => {
    expect(randomOrders(PLAYERS, 5, 1)).toEqual(randomOrders(PLAYERS, 5, 1));
    expect(randomOrders(PLAYERS, 5, 1)).not.toEqual(randomOrders(PLAYERS, 5, 2));
  });
});

describe('sampledShares', () => {
  it('is unbiased: within 4 standard errors of the exact shares', () => {
    const n = 3000;
    const pairs = pairedShares(randomOrders(PLAYERS, n, 5), worth);
    shapleyValues(game).forEach((exact, i) => {
      const own = pairs.map((pair) => pair[i]);
      const mean = own.reduce((a, b) => a + b, 0) / n;
      const error = sampleSd(own) / Math.sqrt(n);
      expect(error).toBeGreaterThan(0);
      expect(Math.abs(mean - exact)).toBeLessThan(4 * error);
    });
  });

  it('tells the standard error: over many samples, that is how far they spread', () => {
    const samples = Array.from({ length: 400 }, (_, seed) => sampledShares(randomOrders(PLAYERS, 10, seed), worth));
    for (let i = 0; i < PLAYERS; i++) {
      const spread = sampleSd(samples.map(({ shares }) => shares[i]));
      const told = Math.sqrt(samples.reduce((sum, { errors }) => sum + errors[i] ** 2, 0) / samples.length);
      // Relative standard errors: of a deviation from 400, 1 / sqrt(800); of the root of a mean of 400 variances from ten each,
      // sqrt(2 / 9 / 400) / 2.
      expect(Math.abs(told / spread - 1)).toBeLessThan(4 * Math.hypot(Math.sqrt(1 / 800), Math.sqrt(2 / 3600) / 2));
    }
  });

  it('adds up to the whole in every pair', () => {
    for (const pair of pairedShares(randomOrders(PLAYERS, 20, 6), worth))
      expect(pair.reduce((a, b) => a + b, 0)).toBeCloseTo(game[game.length - 1] - game[0], 12);
  });

  it('needs one pair only where no three players act on each other', () => {
    const alone = [1, -2, 3, 0.5, 0, 4, -1];
    const worthOf = (coalition: number) => {
      const on = alone.map((v, i) => (coalition & (1 << i) ? v : 0));
      return on.reduce((a, b) => a + b, 0) ** 2;
    };
    const exact = shapleyValues(Float64Array.from({ length: 2 ** PLAYERS }, (_, c) => worthOf(c)));
    const [pair] = pairedShares(randomOrders(PLAYERS, 1, 7), worthOf);
    for (let i = 0; i < PLAYERS; i++) expect(pair[i]).toBeCloseTo(exact[i], 10);
  });

  it('has no standard error from one pair', () => {
    for (const error of sampledShares(randomOrders(3, 1, 1), (c) => c).errors) expect(error).toBeNaN();
  });
});

it('coalitionsOf names each coalition that is asked for once, nobody and everybody among them', () => {
  const orders = randomOrders(PLAYERS, 10, 8);
  const found = coalitionsOf(orders);
  expect(new Set(found).size).toBe(found.length);
  const asked = new Set<number>();
  pairedShares(orders, (coalition) => {
    asked.add(coalition);
    return 0;
  });
  expect(new Set(found)).toEqual(asked);
  expect(found).toEqual(expect.arrayContaining([0, 2 ** PLAYERS - 1]));
  // Two orders a pair, each with k - 1 coalitions of its own at most.
  expect(found.length).toBeLessThanOrEqual(2 + 10 * 2 * (PLAYERS - 1));
});
