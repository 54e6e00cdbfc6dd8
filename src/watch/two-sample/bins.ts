/** Bins of a reference sample, and how much of a sample falls into each. */
import type { Sample } from './sample.js';

/**
 * The inner edges of bins that hold equal shares of the reference: its quantiles at 1 / bins, 2 / bins ... (linear
 * interpolation; with weights, the smallest value that the share reaches), each edge once.
 */
export function quantileEdges({ total, values, weights }: Sample, bins: number): Float64Array {
  const edges: number[] = [];
  let k = 0;
  let cumulative = weights === null ? 0 : weights[0];
  for (let b = 0; b <= bins; b++) {
    let edge: number;
    if (weights === null) {
      const place = (b * (values.length - 1)) / bins;
      const low = Math.floor(place);
      const high = Math.min(low + 1, values.length - 1);
      edge = values[low] + (place - low) * (values[high] - values[low]);
    } else {
      while (cumulative < (b / bins) * total && k + 1 < values.length) cumulative += weights[++k];
      edge = values[k];
    }
    if (edges.length === 0 || edge !== edges[edges.length - 1]) edges.push(edge);
  }
  return Float64Array.from(edges.slice(1, -1));
}

/**
 * The edges of bins of equal width by Doane's rule: ceil(range / width) of them, width = range / (1 + log2 n + log2(1 + |g| / s)),
 * g the skewness, s = sqrt(6 (n - 2) / ((n + 1) (n + 3))). Outer edges are the least and the greatest value.
 * Source: Doane (1976), "Aesthetic frequency classifications", The American Statistician 30(4); as in NumPy.
 */
export function doaneEdges({ values }: Sample): Float64Array {
  const n = values.length;
  const low = values[0];
  const range = values[n - 1] - low;
  if (!(range > 0)) return Float64Array.of(low - 0.5, low + 0.5);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i];
  mean /= n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) * (values[i] - mean);
  const sd = Math.sqrt(squares / n);
  let skewness = 0;
  for (let i = 0; i < n; i++) skewness += ((values[i] - mean) / sd) ** 3;
  skewness = Math.abs(skewness / n);
  let bins = 1;
  if (n > 2) {
    const spread = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
    const width = range / (1 + Math.log2(n) + Math.log2(1 + skewness / spread));
    bins = Math.ceil(range / width);
  }
  return Float64Array.from({ length: bins + 1 }, (_, k) => (k === bins ? values[n - 1] : low + k * (range / bins)));
}

/** Share of a sample in each of the bins that inner edges part: bin k holds edge[k - 1] < x <= edge[k]; both ends are open. */
export function sharesBetween(edges: Float64Array, { total, values, weights }: Sample): Float64Array {
  const shares = new Float64Array(edges.length + 1);
  let bin = 0;
  for (let i = 0; i < values.length; i++) {
    while (bin < edges.length && values[i] > edges[bin]) bin++;
    shares[bin] += weights === null ? 1 : weights[i];
  }
  for (let k = 0; k < shares.length; k++) shares[k] /= total;
  return shares;
}

/** Share of a sample in bins of given edges: edge[k] <= x < edge[k + 1], the last one closed; what lies outside comes last. */
export function sharesWithin(edges: Float64Array, { total, values, weights }: Sample): Float64Array {
  const bins = edges.length - 1;
  const shares = new Float64Array(bins + 1);
  let bin = 0;
  for (let i = 0; i < values.length; i++) {
    while (bin < bins - 1 && values[i] >= edges[bin + 1]) bin++;
    const inside = values[i] >= edges[0] && values[i] <= edges[bins];
    shares[inside ? bin : bins] += weights === null ? 1 : weights[i];
  }
  for (let k = 0; k < shares.length; k++) shares[k] /= total;
  return shares;
}

/** Counts as shares of their sum. */
export function sharesOf(counts: Float64Array): Float64Array {
  let total = 0;
  for (let k = 0; k < counts.length; k++) total += counts[k];
  return counts.map((count) => count / total);
}
