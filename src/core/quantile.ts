/**
 * Quantile of sorted numbers: `x[h] + (h - floor h) (x[h+1] - x[h])` with `h = (n - 1) q`, counted from 0; NaN for none. `q`
 * beyond 0 or 1 counts as that end.
 *
 * Source: definition 7 of Hyndman and Fan (1996), "Sample Quantiles in Statistical Packages", The American Statistician
 * 50(4); the default of R and NumPy.
 */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const position = Math.min(1, Math.max(0, q)) * (n - 1);
  const low = Math.floor(position);
  const high = Math.min(n - 1, low + 1);
  return sorted[low] + (position - low) * (sorted[high] - sorted[low]);
}
