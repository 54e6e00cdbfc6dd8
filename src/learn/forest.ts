/**
 * A random forest: the mean of trees, each grown on rows drawn with replacement, each split among some of the features.
 *
 * Every tree draws as many rows as there are, each with a probability by its weight, and looks at ceil(featureShare d)
 * features, drawn anew, for each split; it is otherwise as `tree` tells. Its draws come from a stream keyed by the training
 * and the tree's number, so the forest is the same for the same (seed, replicate, model, step).
 *
 * The spread `sd` and the objective, the mean squared residual, are of the rows' out-of-bag predictions: the mean of the
 * trees that did not draw the row (where every tree drew it, the row is left out). Importances: the mean of the trees'.
 * LearnerError: no labelled rows; numbers that are not finite.
 *
 * Source: Breiman (2001), "Random forests", Machine Learning 45(1).
 */
import { Stream } from '../core/random/index.js';
import { isConstant } from '../core/vector.js';
import { type Binned, binned } from './bins.js';
import { type Learner, LearnerError, NO_KEY, type Predictor } from './learner.js';
import { type Rows, rowsOf } from './rows.js';
import { addPredictions, grow, type Nodes, plainNodes, predictionAt, shares, type TreeOptions } from './tree.js';

export interface ForestOptions extends Omit<TreeOptions, 'smoothing'> {
  readonly trees: number;
  /** Share of the features that are looked at for a split. */
  readonly featureShare: number;
}

export function forest(options: ForestOptions): Learner {
  return {
    given() {
      throw new LearnerError('a forest cannot start from given coefficients');
    },
    fit(batches, _previous, key = NO_KEY) {
      const rows = rowsOf(batches);
      const bins = binned(rows);
      const draw = drawer(rows);
      const bag = new OutOfBag(rows);
      const importances = new Float64Array(rows.features.length);
      const grown = Array.from({ length: options.trees }, (_, k) => {
        const stream = new Stream({ ...key, component: `${key.component}/tree ${k}` });
        const { counts, gains, nodes } = oneTree(rows, bins, draw, stream, options);
        bag.add(nodes, counts);
        for (const [j, share] of shares(gains).entries()) importances[j] += share;
        return nodes;
      });
      const square = bag.meanSquare();
      return {
        predictor: forestPredictor(grown, shares(importances), Math.sqrt(square)),
        objective: square,
        iterations: options.trees,
        gradientNorm: 0,
        note: null,
      };
    },
  };
}

export function forestPredictor(trees: readonly Nodes[], importances: Float64Array, sd: number): Predictor {
  return {
    intercept: null,
    coefficients: null,
    sd,
    importances,
    predict(features, out, n) {
      out.fill(0, 0, n);
      for (const nodes of trees) addPredictions(nodes, features, out, n);
      for (let i = 0; i < n; i++) out[i] /= trees.length;
    },
    toJSON: () => ({ learner: 'forest', trees: trees.map(plainNodes), importances: [...importances], sd }),
  };
}

function oneTree(rows: Rows, bins: Binned, draw: (u: number) => number, stream: Stream, options: ForestOptions) {
  const counts = new Float64Array(rows.n);
  for (let k = 0; k < rows.n; k++) counts[draw(stream.uniform())]++;
  const places = new Int32Array(counts.reduce((n, count) => n + (count > 0 ? 1 : 0), 0));
  for (let i = 0, k = 0; i < rows.n; i++) if (counts[i] > 0) places[k++] = i;
  const choose = chooser(rows.features.length, options.featureShare, stream);
  return { counts, ...grow(bins, rows.target, counts, places, { ...options, smoothing: 0, choose }) };
}

/** The row at a share of the weight. */
function drawer({ n, weights }: Rows): (u: number) => number {
  if (isConstant(weights)) return (u) => Math.floor(n * u);
  const cumulative = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += weights[i];
    cumulative[i] = sum;
  }
  // Where each of n equal shares of the weight begins: the search is a few rows long.
  const first = new Int32Array(n + 1);
  for (let k = 0, i = 0; k <= n; k++) {
    while (i < n - 1 && cumulative[i] <= (k / n) * sum) i++;
    first[k] = i;
  }
  return (u) => {
    let i = first[Math.floor(n * u)];
    while (i < n - 1 && cumulative[i] <= u * sum) i++;
    return i;
  };
}

/** Some features, drawn anew at each call, in their order. */
function chooser(d: number, share: number, stream: Stream): () => readonly number[] {
  const count = Math.min(d, Math.max(1, Math.ceil(share * d - 1e-9)));
  const all = Array.from({ length: d }, (_, j) => j);
  if (count === d) return () => all;
  return () => {
    for (let k = 0; k < count; k++) {
      const other = k + Math.floor((d - k) * stream.uniform());
      [all[k], all[other]] = [all[other], all[k]];
    }
    return all.slice(0, count).sort((a, b) => a - b);
  };
}

/** What the trees say that did not draw a row. */
class OutOfBag {
  private readonly sums: Float64Array;
  private readonly votes: Int32Array;

  constructor(private readonly rows: Rows) {
    this.sums = new Float64Array(rows.n);
    this.votes = new Int32Array(rows.n);
  }

  add(nodes: Nodes, counts: Float64Array): void {
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] > 0) continue;
      this.sums[i] += predictionAt(nodes, this.rows.features, i);
      this.votes[i]++;
    }
  }

  /** 0 where every tree drew every row. */
  meanSquare(): number {
    const { n, target, weights } = this.rows;
    let square = 0;
    let weight = 0;
    for (let i = 0; i < n; i++) {
      if (this.votes[i] === 0) continue;
      square += weights[i] * (target[i] - this.sums[i] / this.votes[i]) ** 2;
      weight += weights[i];
    }
    return weight > 0 ? square / weight : 0;
  }
}
