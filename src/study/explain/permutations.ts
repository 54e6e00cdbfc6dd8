/**
 * Shapley values from some of the orders in which the players can come in, for games with too many coalitions. In each order a
 * player adds `worth(those before it and it) - worth(those before it)`; the mean over random orders is unbiased, and the shares
 * add up to the whole in every single order.
 *
 * Each order is taken together with its reverse (antithetic): a player that comes late in one comes early in the other, and the
 * mean of such a pair varies less. In a game where only pairs of players act on each other, it does not vary at all.
 *
 * Source: Castro, Gomez and Tejada (2009), "Polynomial calculation of the Shapley value based on sampling", Computers &
 * Operations Research 36(5); reversed orders: Mitchell, Cooper, Frank and Holmes (2022), "Sampling Permutations for Shapley
 * Value Estimation", JMLR 23.
 */
import { Stream } from '../../core/random/index.js';

/** An order: players by number. */
export type Order = readonly number[];

/** `count` random orders of so many players, drawn from the seed alone; the reverse of each counts, too. */
export function randomOrders(players: number, count: number, seed: number): Order[] {
  const stream = new Stream({ seed, replicate: 0, component: 'explain', step: 0 });
  return Array.from({ length: count }, () => shuffled(players, stream));
}

/** Durstenfeld's shuffle. */
function shuffled(players: number, stream: Stream): Order {
  const order = Array.from({ length: players }, (_, i) => i);
  for (let i = players - 1; i > 0; i--) {
    const j = Math.floor(stream.uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Every coalition that the orders and their reverses come through, each once, as bits. */
export function coalitionsOf(orders: readonly Order[]): number[] {
  const found = new Set<number>();
  for (const order of orders)
    for (const one of [order, [...order].reverse()]) for (const c of cameIn(one)) found.add(c);
  return [...found];
}

/** The coalitions of an order as its players come in: nobody, the first, the first two, ... */
function cameIn(order: Order): number[] {
  let coalition = 0;
  return [0, ...order.map((player) => (coalition |= 1 << player))];
}

/** The shares in each pair of an order and its reverse. */
export function pairedShares(orders: readonly Order[], worth: (coalition: number) => number): Float64Array[] {
  return orders.map((order) => {
    const shares = new Float64Array(order.length);
    for (const one of [order, [...order].reverse()]) {
      const coalitions = cameIn(one);
      one.forEach((player, k) => {
        shares[player] += (worth(coalitions[k + 1]) - worth(coalitions[k])) / 2;
      });
    }
    return shares;
  });
}

/** Means over the pairs, and their standard errors; NaN where there are fewer than two pairs. */
export function sampledShares(
  orders: readonly Order[],
  worth: (coalition: number) => number,
): { readonly shares: Float64Array; readonly errors: Float64Array } {
  const pairs = pairedShares(orders, worth);
  const n = pairs.length;
  const shares = new Float64Array(orders[0].length);
  const errors = new Float64Array(shares.length);
  for (let i = 0; i < shares.length; i++) {
    for (const pair of pairs) shares[i] += pair[i] / n;
    for (const pair of pairs) errors[i] += (pair[i] - shares[i]) ** 2;
    errors[i] = Math.sqrt(errors[i] / (n - 1) / n);
  }
  return { shares, errors };
}
