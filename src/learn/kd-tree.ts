/**
 * A k-d tree: points in boxes, so that the neighbours of a place are found without a look at all points.
 *
 * The squared distance is sum_j s_j (x_j - z_j)^2: differences are taken first, so that points that are equally far in whole
 * numbers stay so. Each node has its bounding box and is parted at the median of its widest side. Source: Friedman, Bentley, Finkel (1977),
 * "An algorithm for finding best matches in logarithmic expected time", ACM TOMS 3(3).
 */
import { indices } from '../core/vector.js';

/** Points in a node that is not parted further. */
const LEAF = 16;

export class KdTree {
  /** Points in the order of the leaves: where each one stands among those given. */
  readonly order: Int32Array;
  private readonly points: Float64Array;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** The second child; the first one follows its parent. 0: a leaf. */
  private readonly seconds: number[] = [];
  private readonly boxes: number[] = [];

  constructor(
    columns: readonly Float64Array[],
    readonly n: number,
    /** s, one for each column. */
    private readonly scale: Float64Array,
    private readonly d = columns.length,
  ) {
    this.order = indices(n);
    this.build(columns, 0, n);
    this.points = new Float64Array(n * d);
    for (let k = 0; k < n; k++) for (let j = 0; j < d; j++) this.points[k * d + j] = columns[j][this.order[k]];
  }

  private build(columns: readonly Float64Array[], start: number, end: number): void {
    const node = this.starts.length;
    this.starts.push(start);
    this.ends.push(end);
    this.seconds.push(0);
    let widest = 0;
    let width = -1;
    for (const [j, column] of columns.entries()) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let k = start; k < end; k++) {
        const v = column[this.order[k]];
        if (v < low) low = v;
        if (v > high) high = v;
      }
      this.boxes.push(low, high);
      const side = this.scale[j] * (high - low) ** 2;
      if (side > width) {
        width = side;
        widest = j;
      }
    }
    if (end - start <= LEAF || !(width > 0)) return;
    const middle = (start + end) >> 1;
    select(this.order, columns[widest], start, end - 1, middle);
    this.build(columns, start, middle);
    this.seconds[node] = this.starts.length;
    this.build(columns, middle, end);
  }

  /** Calls `visit` with places in `order` and squared distances, of every point that may be within `bound()`. */
  search(place: Float64Array, bound: () => number, visit: (at: number, square: number) => void): void {
    if (this.n > 0) this.descend(0, place, bound, visit);
  }

  private descend(
    node: number,
    place: Float64Array,
    bound: () => number,
    visit: (at: number, square: number) => void,
  ): void {
    const second = this.seconds[node];
    if (second === 0) {
      const { d, points, scale } = this;
      for (let k = this.starts[node]; k < this.ends[node]; k++) {
        let square = 0;
        for (let j = 0; j < d; j++) {
          const apart = points[k * d + j] - place[j];
          square += scale[j] * (apart * apart);
        }
        visit(k, square);
      }
      return;
    }
    const toFirst = this.toBox(node + 1, place);
    const toSecond = this.toBox(second, place);
    const isFirst = toFirst <= toSecond;
    if (Math.min(toFirst, toSecond) <= bound()) this.descend(isFirst ? node + 1 : second, place, bound, visit);
    if (Math.max(toFirst, toSecond) <= bound()) this.descend(isFirst ? second : node + 1, place, bound, visit);
  }

  /** Squared distance to a node's box: never more than to a point in it, also in floating point. */
  private toBox(node: number, place: Float64Array): number {
    let square = 0;
    for (let j = 0, at = 2 * node * this.d; j < this.d; j++, at += 2) {
      const x = place[j];
      const apart = x < this.boxes[at] ? this.boxes[at] - x : x > this.boxes[at + 1] ? x - this.boxes[at + 1] : 0;
      square += this.scale[j] * (apart * apart);
    }
    return square;
  }
}

/** Puts what belongs to place k of the sorted order there, the smaller before it. Hoare's quickselect. */
function select(order: Int32Array, column: Float64Array, from: number, to: number, k: number): void {
  let low = from;
  let high = to;
  while (low < high) {
    const pivot = medianOfThree(column[order[low]], column[order[(low + high) >> 1]], column[order[high]]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (column[order[i]] < pivot) i++;
      while (column[order[j]] > pivot) j--;
      if (i <= j) {
        const swap = order[i];
        order[i++] = order[j];
        order[j--] = swap;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return;
  }
}

const medianOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
