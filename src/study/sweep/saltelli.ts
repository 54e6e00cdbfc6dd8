/**
 * The Saltelli design: two matrices A and B of n points in k dimensions, and for each dimension the matrix AB_i, which is A
 * with column i of B. n (k + 2) points, from which first-order and total Sobol' indices are estimated.
 *
 * A and B are the two halves of the columns of one 2k-dimensional Sobol' sequence.
 *
 * Source: Saltelli et al. (2010), "Variance based sensitivity analysis of model output. Design and estimator for the
 * total sensitivity index", Comput. Phys. Commun. 181(2).
 */

/** Rows of `k` coordinates from `n` rows of 2k: for each n first A, then B, then AB_1 to AB_k. */
export function saltelliRows(halves: Float64Array, n: number, k: number): Float64Array {
  const block = (k + 2) * k;
  const rows = new Float64Array(n * block);
  for (let i = 0; i < n; i++) {
    const a = halves.subarray(i * 2 * k, i * 2 * k + k);
    const b = halves.subarray(i * 2 * k + k, (i + 1) * 2 * k);
    rows.set(a, i * block);
    rows.set(b, i * block + k);
    for (let j = 0; j < k; j++) {
      const start = i * block + (2 + j) * k;
      rows.set(a, start);
      rows[start + j] = b[j];
    }
  }
  return rows;
}
