import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/core/random/index.js';
import { coalitionWeights, shapleyValues, sizeOf } from '../../../src/study/explain/shapley.js';

const random = (players: number, seed: number): Float64Array => {
  const stream = new Stream({ seed, replicate: 0, component: 'game', step: 0 });
  return Float64Array.from({ length: 2 ** players }, () => stream.uniform() - 0.5);
};

const orders = (items: readonly number[]): number[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) => orders(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));

/** By the definition: the mean over all orders of what a player adds. */
function byOrders(worth: Float64Array, players: number): Float64Array {
  const all = orders(Array.from({ length: players }, (_, i) => i));
  const shares = new Float64Array(players);
  for (const order of all) {
    let coalition = 0;
    for (const player of order) {
      const next = coalition | (1 << player);
      shares[player] += (worth[next] - worth[coalition]) / all.length;
      coalition = next;
    }
  }
  return shares;
}

describe('shapleyValues', () => {
  it('gives the left glove two thirds where two right ones compete for it', () => {
    // Players: left, right, right. A pair is worth 1.
    const worth = Float64Array.from({ length: 8 }, (_, c) => (c & 1 && c & 6 ? 1 : 0));
    const [left, right, other] = shapleyValues(worth);
    expect(left).toBeCloseTo(2 / 3, 15);
    expect(right).toBeCloseTo(1 / 6, 15);
    expect(other).toBeCloseTo(1 / 6, 15);
  });

  it("gives the five permanent and ten other members of the UN Security Council Shapley and Shubik's power", () => {
    // A motion passes with all five and at least four others: 421/2145 for each permanent member, 4/2145 for each other.
    const worth = Float64Array.from({ length: 2 ** 15 }, (_, c) => ((c & 31) === 31 && sizeOf(c >> 5) >= 4 ? 1 : 0));
    const shares = shapleyValues(worth);
    for (const share of shares.subarray(0, 5)) expect(share).toBeCloseTo(421 / 2145, 12);
    for (const share of shares.subarray(5)) expect(share).toBeCloseTo(4 / 2145, 12);
  });

  it('is the mean over all orders of what each adds', () => {
    for (const players of [1, 2, 3, 4, 5]) {
      const worth = random(players, players);
      const [exact, slow] = [shapleyValues(worth), byOrders(worth, players)];
      for (let i = 0; i < players; i++) expect(exact[i]).toBeCloseTo(slow[i], 12);
    }
  });

  it('adds up to the whole', () => {
    for (let players = 0; players <= 10; players++) {
      const worth = random(players, 100 + players);
      const sum = shapleyValues(worth).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(worth[worth.length - 1] - worth[0], 12);
    }
  });

  it('gives exactly 0 to who changes nothing', () => {
    const without = random(4, 7);
    const shares = shapleyValues(Float64Array.from({ length: 32 }, (_, c) => without[c & 15]));
    expect(shares[4]).toBe(0);
  });

  it('gives the same to who changes the same', () => {
    const own = random(5, 8);
    // Symmetric in players 0 and 3: the coalitions with one of them are worth the same.
    const worth = own.map((v, c) => (v + own[(c & 22) | ((c & 1) << 3) | ((c & 8) >> 3)]) / 2);
    const shares = shapleyValues(worth);
    expect(Math.abs(shares[0] - shares[3])).toBeLessThan(1e-12);
  });

  it('is linear in the game', () => {
    const [a, b] = [random(4, 9), random(4, 10)];
    const [of, ofA, ofB] = [a.map((v, c) => 2 * v - 3 * b[c]), a, b].map(shapleyValues);
    for (let i = 0; i < 4; i++) expect(of[i]).toBeCloseTo(2 * ofA[i] - 3 * ofB[i], 12);
  });

  it('splits a product of a pair evenly', () => {
    const worth = Float64Array.from({ length: 8 }, (_, c) => ((c & 3) === 3 ? 10 : 0));
    expect([...shapleyValues(worth)]).toEqual([5, 5, 0]);
  });

  it('refuses what is no table of coalitions', () => {
    expect(() => shapleyValues([1, 2, 3])).toThrow(RangeError);
  });
});

it('weighs all orders: binomial(k - 1, s) weights of each size come to 1 / k', () => {
  for (const players of [1, 4, 12]) {
    let binomial = 1;
    coalitionWeights(players).forEach((weight, s) => {
      expect(weight * binomial).toBeCloseTo(1 / players, 14);
      binomial = (binomial * (players - 1 - s)) / (s + 1);
    });
  }
});
