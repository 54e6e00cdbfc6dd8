/**
 * A decision tree (CART), by histograms.
 *
 * Each split, x_j <= cut or not, is the one that takes most off the weighted sum of squares about the two means,
 * sum w (y - mean)^2. On a target of 0 and 1 that is half of Gini's impurity, so the same splits come of it. It stops at
 * `maxDepth`, where a side would have less than `minLeaf` of weight, or where nothing is gained. Of splits that gain the
 * same, the earlier feature and the lower cut is taken. A leaf predicts the mean of its targets: of 0 and 1 their share.
 * `smoothing` adds that many rows with the mean of all: (sum w y + smoothing mean) / (sum w + smoothing).
 *
 * Cuts are midway between values, at most 255 for a feature, of equal weight (`bins.ts`). Importances: what the splits on
 * each feature took off, as shares. The spread `sd` divides by the weight less the number of leaves. Constant features are
 * never split on; a constant target gives one leaf. LearnerError: no labelled rows; numbers that are not finite.
 *
 * Source: Breiman, Friedman, Olshen, Stone (1984), Classification and Regression Trees; Ke et al. (2017), "LightGBM",
 * NeurIPS (histograms).
 */
import { indices } from '../core/vector.js';
import { BINS, type Binned, binned } from './bins.js';
import { type Learner, LearnerError, type Predictor } from './learner.js';
import { meanOf, rowsOf } from './rows.js';

export interface TreeOptions {
  readonly maxDepth: number;
  readonly minLeaf: number;
  readonly smoothing: number;
}

/** Nodes in an order in which children come after their parent; the right child follows the left one. */
export interface Nodes {
  /** -1: a leaf. */
  readonly feature: Int32Array;
  readonly cut: Float64Array;
  readonly left: Int32Array;
  readonly value: Float64Array;
}

export interface Growing extends TreeOptions {
  /** Features to look at for one split. */
  choose(): readonly number[];
}

export function tree(options: TreeOptions): Learner {
  return {
    given() {
      throw new LearnerError('a tree cannot start from given coefficients');
    },
    fit(batches) {
      const rows = rowsOf(batches);
      const all = [...rows.features.keys()];
      const places = indices(rows.n);
      const grown = grow(binned(rows), rows.target, rows.weights, places, { ...options, choose: () => all });
      const { gains, leaves, nodes } = grown;
      const { square, weight } = residuals(grown, rows.target, rows.weights, places);
      const sd = Math.sqrt(weight > leaves.length ? square / (weight - leaves.length) : square / weight);
      return {
        predictor: treePredictor(nodes, shares(gains), sd),
        objective: square / weight,
        iterations: 1,
        gradientNorm: 0,
        note: null,
      };
    },
  };
}

export function treePredictor(nodes: Nodes, importances: Float64Array, sd: number): Predictor {
  return {
    intercept: null,
    coefficients: null,
    sd,
    importances,
    predict(features, out, n) {
      out.fill(0, 0, n);
      addPredictions(nodes, features, out, n);
    },
    toJSON: () => ({ learner: 'tree', nodes: plainNodes(nodes), importances: [...importances], sd }),
  };
}

/** Adds to `out` what the tree says of each row. */
export function addPredictions(
  { cut, feature, left, value }: Nodes,
  features: readonly Float64Array[],
  out: Float64Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    let node = 0;
    // A number, not a choice: which side a row goes to is not to be foreseen, and a branch would be.
    for (let j = feature[0]; j >= 0; j = feature[node]) node = left[node] + Number(!(features[j][i] <= cut[node]));
    out[i] += value[node];
  }
}

/** What one row, a number for each feature at place i, comes to. */
export function predictionAt(nodes: Nodes, features: readonly Float64Array[], i: number): number {
  return nodes.value[leafAt(nodes, features, i)];
}

/** The leaf of the row at place i. */
export function leafAt({ cut, feature, left }: Nodes, features: readonly Float64Array[], i: number): number {
  let node = 0;
  for (let j = feature[0]; j >= 0; j = feature[node]) node = left[node] + Number(!(features[j][i] <= cut[node]));
  return node;
}

export const plainNodes = ({ cut, feature, left, value }: Nodes) => ({
  feature: [...feature],
  cut: [...cut],
  left: [...left],
  value: [...value],
});

export const nodesFrom = ({ cut, feature, left, value }: ReturnType<typeof plainNodes>): Nodes => ({
  feature: Int32Array.from(feature),
  cut: Float64Array.from(cut),
  left: Int32Array.from(left),
  value: Float64Array.from(value),
});

/** As shares of their sum; all 0 where nothing was gained. */
export function shares(gains: Float64Array): Float64Array {
  const sum = gains.reduce((a, b) => a + b, 0);
  return sum > 0 ? gains.map((gain) => gain / sum) : gains;
}

function residuals({ leaves, nodes }: Grown, target: Float64Array, weights: Float64Array, places: Int32Array) {
  let square = 0;
  let weight = 0;
  for (const { end, node, start } of leaves) {
    const fitted = nodes.value[node];
    for (let k = start; k < end; k++) {
      const i = places[k];
      square += weights[i] * (target[i] - fitted) ** 2;
      weight += weights[i];
    }
  }
  return { square, weight };
}

/** A gain below this share of the sum of squares of all is rounding. */
const NOTHING = 1e-12;

/** Of each of one feature's bins, the sum of weights and that of weighted targets. */
const sums = new Float64Array(2 * BINS);
/** Bits of the bins that hold rows, 32 a word. */
const held = new Int32Array(BINS / 32);

/** A tree, what its splits on each feature took off, and which of its rows are in each leaf. */
export interface Grown {
  readonly nodes: Nodes;
  readonly gains: Float64Array;
  /** The rows of a leaf are those at `start` to `end` (without) of the places. */
  readonly leaves: readonly { readonly node: number; readonly start: number; readonly end: number }[];
}

/** Grows a tree on the rows at `places`, which are put in the leaves' order. */
export function grow(
  { codes, cuts }: Binned,
  target: Float64Array,
  weights: Float64Array,
  places: Int32Array,
  { choose, maxDepth, minLeaf, smoothing }: Growing,
): Grown {
  // Weights that were scaled add up to whole numbers but for rounding.
  const enough = minLeaf * (1 - 1e-9);
  const centre = meanAt(target, weights, places);
  const y = new Float64Array(target.length);
  for (let i = 0; i < y.length; i++) y[i] = target[i] - centre;
  const right = new Int32Array(places.length);
  /** Of the rows at the places, the weight and the weighted target. */
  const own = new Float64Array(2 * places.length);
  const gains = new Float64Array(codes.length);
  const nodes: { feature: number; cut: number; left: number; value: number }[] = [];
  const leaves: { node: number; start: number; end: number }[] = [];
  const least = NOTHING * squaresAt(y, weights, places);
  const waiting: { node: number; start: number; end: number; depth: number }[] = [];
  const add = (start: number, end: number, depth: number): void => {
    waiting.push({ node: nodes.length, start, end, depth });
    nodes.push({ feature: -1, cut: 0, left: -1, value: 0 });
  };
  add(0, places.length, 0);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { depth, end, node, start } = next;
    const { w, wy } = sumsAt(y, weights, places, start, end);
    nodes[node].value = leafValue(start, end, w);
    const isEnd = depth >= maxDepth || w < 2 * enough || end - start < 2;
    const split = isEnd ? null : bestSplit(start, end, w, wy);
    if (split === null) {
      leaves.push({ node, start, end });
      continue;
    }
    const middle = partition(codes[split.feature], split.bin, start, end);
    gains[split.feature] += split.gain;
    nodes[node] = { ...nodes[node], feature: split.feature, cut: cuts[split.feature][split.bin], left: nodes.length };
    add(start, middle, depth + 1);
    add(middle, end, depth + 1);
  }
  const column = (of: (node: (typeof nodes)[number]) => number) => nodes.map(of);
  return {
    gains,
    leaves,
    nodes: nodesFrom({
      feature: column(({ feature }) => feature),
      cut: column(({ cut }) => cut),
      left: column(({ left }) => left),
      value: column(({ value }) => value),
    }),
  };

  /** From the targets as they are: a share of 0 and 1 is exact, and never leaves [0, 1]. */
  function leafValue(start: number, end: number, w: number): number {
    const { wy } = sumsAt(target, weights, places, start, end);
    return smoothing === 0 ? wy / w : (wy + smoothing * centre) / (w + smoothing);
  }

  function bestSplit(start: number, end: number, w: number, wy: number) {
    /** `above`: the next bin that holds rows. */
    let best = { feature: -1, bin: 0, above: 0, gain: 0 };
    let enoughGain = least;
    const before = (wy * wy) / w;
    for (let k = start; k < end; k++) {
      const i = places[k];
      own[2 * k] = weights[i];
      own[2 * k + 1] = weights[i] * y[i];
    }
    for (const feature of choose()) {
      const bins = cuts[feature].length + 1;
      if (bins < 2) continue;
      histogram(codes[feature], start, end);
      let leftW = 0;
      let leftY = 0;
      let isOver = false;
      let isNew = false;
      for (let word = 0; word < held.length; word++) {
        let bits = held[word];
        held[word] = 0;
        while (bits !== 0) {
          const bin = 32 * word + 31 - Math.clz32(bits & -bits);
          bits &= bits - 1;
          if (isNew) {
            best.above = bin;
            isNew = false;
          }
          const binW = sums[2 * bin];
          leftY += sums[2 * bin + 1];
          sums[2 * bin] = 0;
          sums[2 * bin + 1] = 0;
          if (isOver || binW === 0) continue;
          leftW += binW;
          const rightW = w - leftW;
          if (leftW < enough) continue;
          if (rightW < enough || !(rightW > 1e-12 * w)) {
            // The bins that are left have only to be emptied.
            isOver = true;
            continue;
          }
          const rightY = wy - leftY;
          const gain = (leftY * leftY * rightW + rightY * rightY * leftW) / (leftW * rightW) - before;
          if (!(gain > enoughGain)) continue;
          best = { feature, bin, above: BINS, gain };
          isNew = true;
          enoughGain = gain * (1 + 1e-10);
        }
      }
    }
    // Of the cuts that part the node's rows the same way, that in the middle of the gap.
    return best.feature < 0 ? null : { ...best, bin: (best.bin + best.above - 1) >> 1 };
  }

  function histogram(code: Uint8Array, start: number, end: number): void {
    for (let k = start; k < end; k++) {
      const b = code[places[k]];
      held[b >> 5] |= 1 << (b & 31);
      sums[2 * b] += own[2 * k];
      sums[2 * b + 1] += own[2 * k + 1];
    }
  }

  /** The rows up to the bin first, both sides in their order; where the second side begins. */
  function partition(code: Uint8Array, bin: number, start: number, end: number): number {
    let middle = start;
    let count = 0;
    for (let k = start; k < end; k++) {
      const i = places[k];
      // Written to both sides, and kept on one: a branch could not be foreseen.
      const isLeft = Number(code[i] <= bin);
      places[middle] = i;
      right[count] = i;
      middle += isLeft;
      count += 1 - isLeft;
    }
    places.set(right.subarray(0, count), middle);
    return middle;
  }
}

function meanAt(target: Float64Array, weights: Float64Array, places: Int32Array): number {
  if (places.length === target.length) return meanOf(target, weights);
  const { w, wy } = sumsAt(target, weights, places, 0, places.length);
  return wy / w;
}

function sumsAt(y: Float64Array, weights: Float64Array, places: Int32Array, start: number, end: number) {
  let w = 0;
  let wy = 0;
  for (let k = start; k < end; k++) {
    const i = places[k];
    w += weights[i];
    wy += weights[i] * y[i];
  }
  return { w, wy };
}

function squaresAt(y: Float64Array, weights: Float64Array, places: Int32Array): number {
  let sum = 0;
  for (const i of places) sum += weights[i] * y[i] * y[i];
  return sum;
}
