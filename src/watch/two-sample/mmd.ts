/**
 * MMD, the maximum mean discrepancy of two samples of rows: a distance of their distributions, all columns at once.
 *
 *   k(a, b) = mean over sigmas of exp(-|a - b|^2 / (2 sigma^2))
 *   MMD^2 = mean k(x, x') + mean k(y, y') - 2 mean k(x, y), pairs of different rows: unbiased, may be negative
 *
 * sigma: sqrt(half the median squared distance of reference rows). p-value by permutation, (1 + those as large) / (1 + all):
 * never 0. The work grows with the square of the rows: a few hundred.
 *
 * Source: Gretton et al. (2012), "A kernel two-sample test", JMLR 13.
 *
 * @example mmdTest(kernelMatrix([x1, x2], [y1, y2], [medianSigma([x1, x2])]), 50, permutations)
 */

/** The median heuristic over rows given as columns. */
export function medianSigma(columns: readonly Float64Array[]): number {
  const n = columns[0].length;
  const squares = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) squares[i * n + j] = squaredDistance(columns, i, columns, j);
  squares.sort();
  return Math.sqrt(0.5 * squares[n + Math.floor((n * n - n) / 2) - 1]);
}

/** The kernel of all pairs of rows, the reference first: (n + m) x (n + m), row by row. */
export function kernelMatrix(
  reference: readonly Float64Array[],
  current: readonly Float64Array[],
  sigmas: readonly number[],
): Float64Array {
  const n = reference[0].length;
  const rows = n + current[0].length;
  const kernel = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    const a = i < n ? reference : current;
    for (let j = 0; j <= i; j++) {
      const square = squaredDistance(a, i < n ? i : i - n, j < n ? reference : current, j < n ? j : j - n);
      let sum = 0;
      for (const sigma of sigmas) sum += Math.exp(-square / (2 * sigma * sigma));
      kernel[i * rows + j] = sum / sigmas.length;
      kernel[j * rows + i] = kernel[i * rows + j];
    }
  }
  return kernel;
}

/** MMD^2 where the first n rows of an order are the reference. */
export function mmd(kernel: Float64Array, n: number, order: ArrayLike<number> | null = null): number {
  const rows = Math.round(Math.sqrt(kernel.length));
  const m = rows - n;
  let within = 0;
  let withinCurrent = 0;
  let between = 0;
  for (let i = 0; i < rows; i++) {
    const start = (order === null ? i : order[i]) * rows;
    for (let j = 0; j < i; j++) {
      const k = kernel[start + (order === null ? j : order[j])];
      if (i < n) within += k;
      else if (j >= n) withinCurrent += k;
      else between += k;
    }
  }
  return (2 * within) / (n * (n - 1)) + (2 * withinCurrent) / (m * (m - 1)) - (2 * between) / (n * m);
}

/** The statistic and its p-value over orders of all rows. */
export function mmdTest(
  kernel: Float64Array,
  n: number,
  permutations: readonly ArrayLike<number>[],
): { readonly statistic: number; readonly pValue: number } {
  const statistic = mmd(kernel, n);
  let asLarge = 0;
  for (const order of permutations) if (mmd(kernel, n, order) >= statistic) asLarge++;
  return { statistic, pValue: (1 + asLarge) / (1 + permutations.length) };
}

function squaredDistance(a: readonly Float64Array[], i: number, b: readonly Float64Array[], j: number): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += (a[c][i] - b[c][j]) ** 2;
  return sum;
}
