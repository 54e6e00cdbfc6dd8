/**
 * Exact Shapley values of a game of k players. `worth[m]` is the worth of the coalition of the players whose bits are set in
 * `m`, for every m below 2^k:
 *
 *   share_i = sum over S without i of |S|! (k - |S| - 1)! / k! (worth(S and i) - worth(S))
 *
 * This is what player i adds, averaged over all k! orders in which the players can come in. The shares add up to
 * `worth(all) - worth(none)`; who never changes anything gets 0, who changes the same gets the same, and the shares of a sum of
 * games are the sums of the shares.
 *
 * Source: Shapley (1953), "A Value for n-Person Games", Contributions to the Theory of Games II.
 */
export function shapleyValues(worth: ArrayLike<number>): Float64Array {
  const players = Math.log2(worth.length);
  if (!Number.isInteger(players)) throw new RangeError(`a game has 2^k coalitions, not ${worth.length}`);
  const weights = coalitionWeights(players);
  const shares = new Float64Array(players);
  for (let coalition = 0; coalition < worth.length; coalition++) {
    const weight = weights[sizeOf(coalition)];
    for (let i = 0; i < players; i++) {
      const bit = 1 << i;
      if ((coalition & bit) === 0) shares[i] += weight * (worth[coalition | bit] - worth[coalition]);
    }
  }
  return shares;
}

/** `s! (k - s - 1)! / k!` for s = 0 to k - 1, which is `1 / (k binomial(k - 1, s))`. */
export function coalitionWeights(players: number): Float64Array {
  const weights = new Float64Array(players);
  let binomial = 1;
  for (let s = 0; s < players; s++) {
    weights[s] = 1 / (players * binomial);
    binomial = (binomial * (players - 1 - s)) / (s + 1);
  }
  return weights;
}

/** Players of a coalition. */
export function sizeOf(coalition: number): number {
  let size = 0;
  for (let rest = coalition; rest !== 0; rest &= rest - 1) size++;
  return size;
}
