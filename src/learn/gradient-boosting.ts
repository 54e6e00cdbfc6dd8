/**
 * Gradient boosting: a sum of small trees, each grown on what those before it still get wrong.
 *
 *   F_0 = argmin_c sum w L(y, c),   F_m(x) = F_{m-1}(x) + shrinkage * (value of x's leaf in tree m)
 *
 * Tree m is grown (as `tree` tells, without smoothing) on the negative gradient of the loss at F_{m-1}; its leaves then take
 * the value that lowers the loss of their own rows:
 *
 *   squared: L = r^2 / 2, r = y - F. F_0 is the mean, the gradient is r, and a leaf takes the mean of r.
 *   huber:   L = r^2 / 2 where |r| <= delta, else delta (|r| - delta / 2). F_0 is the median, the gradient is r kept within
 *            -delta .. delta, and a leaf takes one step from its median residual r~:
 *            r~ + sum w sign(r - r~) min(delta, |r - r~|) / sum w.
 *            delta is at each tree the `huberQuantile`-th quantile of |r|: what is beyond counts as an outlier.
 *
 * Quantiles and medians: the smallest value at which the weight reaches the share. Of a target of 0 and 1 it is least
 * squares: what it predicts may leave [0, 1] a little.
 *
 * `subsample` below 1: each tree sees that share of the rows, drawn without replacement (stochastic gradient boosting); the
 * draws come from a stream keyed by the training and the tree's number.
 *
 * Defaults: 100 trees, shrinkage 0.1, maxDepth 3, minLeaf 5, subsample 1, squared loss, huberQuantile 0.9. The objective is the
 * mean loss of the training rows, halved squares where the loss is squared; `sd` the root of their mean squared residual.
 * Importances: what the splits on each feature took off, over all trees, as shares. A constant target gives a constant.
 * LearnerError: no labelled rows; numbers that are not finite.
 *
 * Source: Friedman (2001), "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29(5),
 * algorithms 2 and 4; Friedman (2002), "Stochastic gradient boosting", Computational Statistics & Data Analysis 38(4).
 */
import { Stream, type StreamKey } from '../core/random/index.js';
import { indices, isConstant, pick } from '../core/vector.js';
import { binned } from './bins.js';
import { type Learner, LearnerError, NO_KEY, type Predictor } from './learner.js';
import { meanOf, rowsOf } from './rows.js';
import { addPredictions, type Grown, grow, leafAt, type Nodes, plainNodes, shares, type TreeOptions } from './tree.js';

export interface BoostingOptions extends Omit<TreeOptions, 'smoothing'> {
  readonly trees: number;
  /** Share of each tree that is added. */
  readonly shrinkage: number;
  /** Share of the rows that each tree sees. */
  readonly subsample: number;
  readonly loss: 'squared' | 'huber';
  /** Share of the absolute residuals that are no outliers (huber). */
  readonly huberQuantile: number;
}

export function gradientBoosting(options: BoostingOptions): Learner {
  const { huberQuantile, loss, shrinkage, subsample } = options;
  return {
    given() {
      throw new LearnerError('gradient boosting cannot start from given coefficients');
    },
    fit(batches, _previous, key = NO_KEY) {
      const { features, n, target, weights } = rowsOf(batches);
      const bins = binned({ features, n, target, weights });
      const all = [...features.keys()];
      const start = loss === 'huber' ? weightedQuantile(target, weights, 0.5) : meanOf(target, weights);
      const importances = new Float64Array(features.length);
      const residual = target.map((y) => y - start);
      const gradient = new Float64Array(n);
      const size = new Float64Array(n);
      const trees: Nodes[] = [];
      const leaf = new Int32Array(n);
      const even = isConstant(weights);
      const everyRow = indices(n);
      const quantile = (values: Float64Array, q: number) => weightedQuantile(values, even ? null : weights, q);
      let delta = Number.POSITIVE_INFINITY;
      for (let m = 0; m < options.trees; m++) {
        if (loss === 'huber') {
          for (let i = 0; i < n; i++) size[i] = Math.abs(residual[i]);
          delta = quantile(size, huberQuantile);
        }
        for (let i = 0; i < n; i++) gradient[i] = within(residual[i], delta);
        const places = subsample < 1 ? some(n, subsample, key, m) : everyRow.slice();
        const grown = grow(bins, gradient, weights, places, { ...options, smoothing: 0, choose: () => all });
        const { gains, leaves, nodes } = grown;
        for (let j = 0; j < gains.length; j++) importances[j] += gains[j];
        if (places.length < n) for (let i = 0; i < n; i++) leaf[i] = leafAt(nodes, features, i);
        else for (const { end, node, start: from } of leaves) for (let k = from; k < end; k++) leaf[places[k]] = node;
        const value = nodes.value.slice();
        if (loss === 'huber') huberLeaves(value, grown, residual, even ? null : weights, places, delta);
        for (let k = 0; k < value.length; k++) value[k] *= shrinkage;
        trees.push({ ...nodes, value });
        for (let i = 0; i < n; i++) residual[i] -= value[leaf[i]];
      }
      const squares = meanOf(
        residual.map((r) => r * r),
        weights,
      );
      return {
        predictor: boostingPredictor(start, trees, shares(importances), Math.sqrt(squares)),
        objective: loss === 'huber' ? meanOf(residual.map(huberLoss(delta)), weights) : squares / 2,
        iterations: trees.length,
        gradientNorm: 0,
        note: null,
      };
    },
  };
}

/** `trees`: what they add, the shrinkage in it. */
export function boostingPredictor(
  start: number,
  trees: readonly Nodes[],
  importances: Float64Array,
  sd: number,
): Predictor {
  return {
    intercept: null,
    coefficients: null,
    sd,
    importances,
    predict(features, out, n) {
      out.fill(start, 0, n);
      for (const nodes of trees) addPredictions(nodes, features, out, n);
    },
    toJSON: () => ({
      learner: 'gradient-boosting',
      start,
      trees: trees.map(plainNodes),
      importances: [...importances],
      sd,
    }),
  };
}

const within = (r: number, delta: number): number => Math.min(delta, Math.max(-delta, r));

const huberLoss = (delta: number) => (r: number) =>
  Math.abs(r) <= delta ? (r * r) / 2 : delta * (Math.abs(r) - delta / 2);

/** Writes what each leaf adds, a step from the median of its residuals; `places` are in the leaves' order. */
function huberLeaves(
  value: Float64Array,
  { leaves }: Grown,
  residual: Float64Array,
  weights: Float64Array | null,
  places: Int32Array,
  delta: number,
): void {
  const r = pick(residual, places);
  const w = weights === null ? null : pick(weights, places);
  for (const { end, node, start } of leaves) {
    const median = weightedQuantile(r.subarray(start, end), w?.subarray(start, end) ?? null, 0.5);
    let sum = 0;
    let total = 0;
    for (let k = start; k < end; k++) {
      const weight = w === null ? 1 : w[k];
      sum += weight * within(r[k] - median, delta);
      total += weight;
    }
    value[node] = median + sum / total;
  }
}

/** The smallest value at which the weight of what is not above it reaches a share q of all. `weights` null: all equal. */
function weightedQuantile(values: Float64Array, weights: Float64Array | null, q: number): number {
  // A product such as 0.1 * 30 may come out above 3 by rounding alone.
  const share = q * (1 - 1e-13);
  if (weights === null) return values.slice().sort()[Math.max(0, Math.ceil(share * values.length) - 1)];
  const order = indices(values.length).sort((a, b) => values[a] - values[b]);
  let total = 0;
  for (const w of weights) total += w;
  let sum = 0;
  for (const i of order) {
    sum += weights[i];
    if (sum >= share * total) return values[i];
  }
  return values[order[order.length - 1]];
}

/** Some of n places, drawn without replacement, in their order. */
function some(n: number, share: number, key: StreamKey, tree: number): Int32Array {
  const stream = new Stream({ ...key, component: `${key.component}/tree ${tree}` });
  let wanted = Math.min(n, Math.max(1, Math.round(share * n)));
  const places = new Int32Array(wanted);
  // Each is taken with the probability by which the rest must still be found.
  for (let i = 0, k = 0; wanted > 0; i++) {
    if (stream.uniform() * (n - i) >= wanted) continue;
    places[k++] = i;
    wanted--;
  }
  return places;
}
