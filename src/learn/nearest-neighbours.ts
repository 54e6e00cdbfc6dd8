/**
 * k nearest neighbours: the mean target of the k rows that are most alike; of 0 and 1, their share.
 *
 * Alike is the Euclidean distance, of features divided by their standard deviation unless `standardise` is false; a
 * constant feature does not count. Weights count rows: neighbours are taken until their weight is k. Rows at exactly the
 * distance at which it becomes k share what is left of it by weight, so that ties fall the same way in any order of the
 * rows. With fewer rows than k it is the mean of all.
 *
 * The spread `sd` and the objective, the mean squared residual, come of up to 1,000 training rows, evenly taken, each
 * predicted from the others. LearnerError: no labelled rows; numbers that are not finite.
 *
 * Source: Cover and Hart (1967), "Nearest neighbor pattern classification", IEEE Trans. Information Theory 13(1).
 */
import { indices, isConstant, pick } from '../core/vector.js';
import { KdTree } from './kd-tree.js';
import { type Learner, LearnerError, type Predictor } from './learner.js';
import { type Rows, rowsOf, spreadOf } from './rows.js';

export interface NearestOptions {
  readonly k: number;
  readonly standardise: boolean;
}

/** Distinct points, with the weight and the weighted targets of the rows that stand there. */
export interface Points {
  readonly columns: readonly Float64Array[];
  readonly weight: Float64Array;
  readonly sum: Float64Array;
}

/** Rows that the spread is judged by. */
const JUDGED = 1000;

export function nearestNeighbours({ k, standardise }: NearestOptions): Learner {
  return {
    given() {
      throw new LearnerError('nearest neighbours cannot start from given coefficients');
    },
    fit(batches) {
      const rows = rowsOf(batches);
      const scale = Float64Array.from(rows.features, (column) => scaleOf(column, rows.weights, standardise));
      const neighbourhood = new Neighbourhood(merged(rows, scale), scale, k);
      const square = neighbourhood.leftOut(rows);
      return {
        predictor: nearestPredictor(neighbourhood, Math.sqrt(square)),
        objective: square,
        iterations: 1,
        gradientNorm: 0,
        note: null,
      };
    },
  };
}

/** What a squared difference is multiplied by: 0 where the feature is constant. */
function scaleOf(column: Float64Array, weights: Float64Array, standardise: boolean): number {
  if (isConstant(column)) return 0;
  const square = standardise ? spreadOf(column, weights) ** 2 : 1;
  return Number.isFinite(square) && square > 0 && Number.isFinite(1 / square) ? 1 / square : 0;
}

export function nearestPredictor(neighbourhood: Neighbourhood, sd: number): Predictor {
  const { k, points, scale } = neighbourhood;
  const place = new Float64Array(scale.length);
  return {
    intercept: null,
    coefficients: null,
    sd,
    predict(features, out, n) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < scale.length; j++) place[j] = features[j][i];
        out[i] = neighbourhood.mean(place);
      }
    },
    toJSON: () => ({
      learner: 'nearest-neighbours',
      k,
      scale: [...scale],
      columns: points.columns.map((column) => [...column]),
      weight: [...points.weight],
      sum: [...points.sum],
      sd,
    }),
  };
}

/** Rows that stand at one place, as one point. */
function merged({ features, n, target, weights }: Rows, scale: Float64Array): Points {
  const used = features.filter((_, j) => scale[j] > 0);
  const order = indices(n).sort((a, b) => {
    for (const column of used) if (column[a] !== column[b]) return column[a] - column[b];
    return a - b;
  });
  const firsts: number[] = [];
  const weight: number[] = [];
  const sum: number[] = [];
  for (const i of order) {
    const last = firsts[firsts.length - 1];
    if (last === undefined || used.some((column) => column[i] !== column[last])) {
      firsts.push(i);
      weight.push(0);
      sum.push(0);
    }
    weight[weight.length - 1] += weights[i];
    sum[sum.length - 1] += weights[i] * target[i];
  }
  return {
    columns: features.map((column) => Float64Array.from(firsts, (i) => column[i])),
    weight: Float64Array.from(weight),
    sum: Float64Array.from(sum),
  };
}

/** Finds the neighbours of a place, and their mean. */
export class Neighbourhood {
  private readonly tree: KdTree;
  private readonly weight: Float64Array;
  private readonly sum: Float64Array;
  /** The candidates: a heap of squared distances with weights and weighted targets, the farthest first. */
  private readonly far: number[] = [];
  private readonly mass: number[] = [];
  private readonly sums: number[] = [];
  private held = 0;
  /** The least squared distance of a point that is no candidate. */
  private left = 0;

  constructor(
    readonly points: Points,
    readonly scale: Float64Array,
    readonly k: number,
  ) {
    this.tree = new KdTree(points.columns, points.weight.length, scale);
    this.weight = pick(points.weight, this.tree.order);
    this.sum = pick(points.sum, this.tree.order);
  }

  /** Of the points but for a row of this weight and weighted target that stands at the place itself. */
  mean(place: Float64Array, lessWeight = 0, lessSum = 0): number {
    const { k, sum, tree, weight } = this;
    const weightAt = (at: number, square: number) =>
      square === 0 && lessWeight > 0 ? Math.max(0, weight[at] - lessWeight) : weight[at];
    const sumAt = (at: number, square: number) => (square === 0 ? sum[at] - lessSum : sum[at]);
    this.far.length = 0;
    this.mass.length = 0;
    this.sums.length = 0;
    this.held = 0;
    this.left = Number.POSITIVE_INFINITY;
    const bound = () => (this.held >= k ? this.far[0] : Number.POSITIVE_INFINITY);
    tree.search(place, bound, (at, square) => {
      if (square >= bound()) this.left = Math.min(this.left, square);
      else {
        const w = weightAt(at, square);
        if (w > 0) this.push(square, w, sumAt(at, square));
      }
    });
    const radius = bound();
    const total = { closer: 0, closerSum: 0, atRadius: 0, atRadiusSum: 0 };
    const add = (square: number, w: number, y: number) => {
      if (square < radius) {
        total.closer += w;
        total.closerSum += y;
      } else {
        total.atRadius += w;
        total.atRadiusSum += y;
      }
    };
    // Only where a point at the radius itself was left out are all that stand there counted anew.
    if (this.left > radius || radius === Number.POSITIVE_INFINITY) {
      for (let c = 0; c < this.far.length; c++) add(this.far[c], this.mass[c], this.sums[c]);
    } else {
      tree.search(
        place,
        () => radius,
        (at, square) => {
          const w = square <= radius ? weightAt(at, square) : 0;
          if (w > 0) add(square, w, sumAt(at, square));
        },
      );
    }
    const { atRadius, atRadiusSum, closer, closerSum } = total;
    if (!(atRadius > 0)) return closerSum / closer;
    return (closerSum + ((k - closer) * atRadiusSum) / atRadius) / k;
  }

  /** Mean squared residual of rows that are predicted from all others. */
  leftOut({ features, n, target, weights }: Rows): number {
    if (n === 1) return 0;
    const place = new Float64Array(features.length);
    const judged = Math.min(n, JUDGED);
    let square = 0;
    let total = 0;
    for (let r = 0; r < judged; r++) {
      const i = Math.floor((r * n) / judged);
      for (let j = 0; j < place.length; j++) place[j] = features[j][i];
      square += weights[i] * (target[i] - this.mean(place, weights[i], weights[i] * target[i])) ** 2;
      total += weights[i];
    }
    return square / total;
  }

  /** Adds a candidate, and drops the farthest that are not needed for a weight of k. */
  private push(square: number, w: number, y: number): void {
    const { far, mass } = this;
    far.push(square);
    mass.push(w);
    this.sums.push(y);
    this.held += w;
    for (let at = far.length - 1; at > 0; ) {
      const up = (at - 1) >> 1;
      if (far[up] >= far[at]) break;
      this.swap(at, up);
      at = up;
    }
    while (this.held - mass[0] >= this.k) this.pop();
  }

  private pop(): void {
    const { far, mass } = this;
    this.held -= mass[0];
    this.left = Math.min(this.left, far[0]);
    this.swap(0, far.length - 1);
    far.pop();
    mass.pop();
    this.sums.pop();
    for (let at = 0; ; ) {
      let down = 2 * at + 1;
      if (down >= far.length) return;
      if (down + 1 < far.length && far[down + 1] > far[down]) down++;
      if (far[at] >= far[down]) return;
      this.swap(at, down);
      at = down;
    }
  }

  private swap(a: number, b: number): void {
    const { far, mass, sums } = this;
    [far[a], far[b]] = [far[b], far[a]];
    [mass[a], mass[b]] = [mass[b], mass[a]];
    [sums[a], sums[b]] = [sums[b], sums[a]];
  }
}
