/** Aggregates over the population: weighted, over the rows for which the condition holds and the value is not missing. */
import { quantileOf } from '../quantile.js';

/** Collects one aggregate block by block; `value` gives null-like NaN where no row counts. */
export interface Aggregator {
  add(x: Float64Array, i: number, weight: Float64Array | null, n: number): void;
  value(): number;
}

/** The weight of the rows that count, and their weighted total. */
interface Totals {
  weight: number;
  total: number;
}

/** Adds the rows i..i+n-1 of x to `into`. Without weights several sums go on side by side: none waits for the one before. */
function addTotals(into: Totals, x: Float64Array, i: number, weight: Float64Array | null, n: number): void {
  let { total } = into;
  if (weight !== null) {
    for (let r = 0; r < n; r++) {
      const w = weight[r];
      const v = x[i + r];
      if (w === 0 || Number.isNaN(v)) continue;
      into.weight += w;
      total += w * v;
    }
    into.total = total;
    return;
  }
  let other = 0;
  let missing = 0;
  let r = 0;
  for (; r + 1 < n; r += 2) {
    const v = x[i + r];
    const u = x[i + r + 1];
    if (Number.isNaN(v)) missing++;
    else total += v;
    if (Number.isNaN(u)) missing++;
    else other += u;
  }
  if (r < n && !Number.isNaN(x[i + r])) total += x[i + r];
  else if (r < n) missing++;
  into.weight += n - missing;
  into.total = total + other;
}

/** sum(w x) */
const sum = (): Aggregator => {
  const totals = { weight: 0, total: 0 };
  return {
    add: (x, i, weight, n) => addTotals(totals, x, i, weight, n),
    value: () => totals.total,
  };
};

/**
 * Weighted mean and variance, so that a large mean costs no digits: each block about its own mean, then put together.
 * Source: Chan, Golub and LeVeque (1983), "Algorithms for computing the sample variance", The American Statistician 37(3).
 */
const moments = (finish: (mean: number, m2: number, weight: number) => number): Aggregator => {
  let mean = 0;
  let m2 = 0;
  let all = 0;
  return {
    add(x, i, weights, n) {
      const block = { weight: 0, total: 0 };
      addTotals(block, x, i, weights, n);
      if (!(block.weight > 0)) return;
      const own = block.total / block.weight;
      for (let r = 0; r < n; r++) {
        const w = weights === null ? 1 : weights[r];
        const apart = x[i + r] - own;
        if (w !== 0 && !Number.isNaN(apart)) m2 += w * apart * apart;
      }
      const before = all;
      all += block.weight;
      const further = own - mean;
      mean += (block.weight / all) * further;
      m2 += ((before * block.weight) / all) * further * further;
    },
    value: () => (all > 0 ? finish(mean, m2, all) : Number.NaN),
  };
};

const mean = (): Aggregator => {
  const totals = { weight: 0, total: 0 };
  return {
    add: (x, i, weight, n) => addTotals(totals, x, i, weight, n),
    value: () => (totals.weight > 0 ? totals.total / totals.weight : Number.NaN),
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
