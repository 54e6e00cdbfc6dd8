/** Aggregates over the population: weighted, over the rows for which the condition holds and the value is not missing. */
import { quantileOf } from '../quantile.js';

/** Collects one aggregate block by block; `value` gives null-like NaN where no row counts. */
export interface Aggregator {
  add(x: Float64Array, i: number, weight: Float64Array | null, n: number): void;
  value(): number;
}

/** sum(w x) */
const sum = (): Aggregator => {
  let total = 0;
  return {
    add(x, i, weight, n) {
      for (let r = 0; r < n; r++) {
        const w = weight === null ? 1 : weight[r];
        if (w !== 0 && !Number.isNaN(x[i + r])) total += w * x[i + r];
      }
    },
    value: () => total,
  };
};

/** Weighted mean and variance in one pass (West 1979), so that a large mean costs no digits. */
const moments = (finish: (mean: number, m2: number, weight: number) => number): Aggregator => {
  let mean = 0;
  let m2 = 0;
  let total = 0;
  return {
    add(x, i, weight, n) {
      for (let r = 0; r < n; r++) {
        const w = weight === null ? 1 : weight[r];
        const v = x[i + r];
        if (w === 0 || Number.isNaN(v)) continue;
        total += w;
        const delta = v - mean;
        mean += (w / total) * delta;
        m2 += w * delta * (v - mean);
      }
    },
    value: () => (total > 0 ? finish(mean, m2, total) : Number.NaN),
  };
};

const mean = (): Aggregator => {
  let total = 0;
  let weights = 0;
  return {
    add(x, i, weight, n) {
      for (let r = 0; r < n; r++) {
        const w = weight === null ? 1 : weight[r];
        const v = x[i + r];
        if (w === 0 || Number.isNaN(v)) continue;
        weights += w;
        total += w * v;
      }
    },
    value: () => (weights > 0 ? total / weights : Number.NaN),
  };
};

const share = (): Aggregator => {
  let held = 0;
  let weights = 0;
  return {
    add(x, i, weight, n) {
      for (let r = 0; r < n; r++) {
        const w = weight === null ? 1 : weight[r];
        if (w === 0 || Number.isNaN(x[i + r])) continue;
        weights += w;
        if (x[i + r] !== 0) held += w;
      }
    },
    value: () => (weights > 0 ? held / weights : Number.NaN),
  };
};

const extreme = (better: (a: number, b: number) => boolean): Aggregator => {
  let best = Number.NaN;
  return {
    add(x, i, weight, n) {
      for (let r = 0; r < n; r++) {
        const v = x[i + r];
        if ((weight === null || weight[r] !== 0) && !Number.isNaN(v) && (Number.isNaN(best) || better(v, best)))
          best = v;
      }
    },
    value: () => best,
  };
};

/**
 * Quantile, linear between order statistics (Hyndman and Fan 1996, type 7); with weights, the smallest value at which
 * the cumulative share of weight reaches q.
 */
const quantile = (q: number): Aggregator => {
  const values: number[] = [];
  const weights: number[] = [];
  let weighted = false;
  return {
    add(x, i, weight, n) {
      for (let r = 0; r < n; r++) {
        const w = weight === null ? 1 : weight[r];
        if (w === 0 || Number.isNaN(x[i + r])) continue;
        values.push(x[i + r]);
        weights.push(w);
        weighted ||= w !== 1;
      }
    },
    value: () => (weighted ? weightedQuantile(values, weights, q) : quantileOf(Float64Array.from(values).sort(), q)),
  };
};

function weightedQuantile(values: readonly number[], weights: readonly number[], q: number): number {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const total = weights.reduce((s, w) => s + w, 0);
  let cumulative = 0;
  for (const i of order) {
    cumulative += weights[i];
    if (cumulative >= q * total) return values[i];
  }
  return order.length > 0 ? values[order[order.length - 1]] : Number.NaN;
}

/** A new aggregator by name; `q` is read by `quantile` only. */
export function aggregator(name: string, q: number): Aggregator {
  switch (name) {
    case 'sum':
      return sum();
    case 'mean':
      return mean();
    case 'share':
      return share();
    case 'sd':
      return moments((_, m2, weight) => Math.sqrt(m2 / weight));
    case 'min':
      return extreme((a, b) => a < b);
    case 'max':
      return extreme((a, b) => a > b);
    default:
      return quantile(q);
  }
}
