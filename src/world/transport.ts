/**
 * Mass over nodes: where people of a population of nodes move, it is weight that goes from node to node.
 *
 * A node stands for everybody at its place, who do not all move alike: who repaid goes up, who did not goes down. Each
 * branch's weight goes to the nodes about its new place, along every coordinate that has moved, split between the two nearest
 * so that the mean is kept; beyond the last node it stays there. On a lattice, whose moves lead from node to node, this is
 * the Markov chain of the population, exact.
 *
 *   w'(k) = sum over rows i of w_i * prod over coordinates of the share of i's new place that falls to k
 *
 * Between nodes it spreads mass a little (its variance), as any grid does. The sum of weights is kept.
 */
import type { Frame } from '../core/frame.js';
import type { Quadrature } from './quadrature.js';

/** A coordinate of the nodes, in rising order. */
interface Axis {
  readonly name: string;
  readonly stride: number;
  readonly sorted: Float64Array;
  /** Which node each sorted value is. */
  readonly order: readonly number[];
}

/** Moves the weights to where the columns `base.NAME` of the `moved` coordinates say, and puts the nodes back in place. */
export function transport(
  frame: Frame,
  nodes: ReadonlyMap<string, Quadrature>,
  branches: boolean,
  moved: ReadonlySet<string>,
): void {
  const half = branches ? frame.rows / 2 : frame.rows;
  const from = frame.weights;
  const next = frame.buffer('weights.moved');
  next.fill(0);
  const axes = axesOf(nodes);
  const going = axes.filter(({ name }) => moved.has(name));
  const columns = going.map(({ name }) => frame.column(`base.${name}`));
  for (let i = 0; i < frame.rows; i++) {
    const w = from === null ? 1 : from[i];
    if (w > 0) deposit(i, i % half, w, 0);
  }
  const present = frame.buffer('weights.present');
  for (let i = 0; i < frame.rows; i++) present[i] = branches ? next[i % half] / 2 : next[i];
  frame.baseWeights = present;
  for (const { name } of going) frame.columns.set(`base.${name}`, frame.buffer(`base.${name}`));

  /** Along the coordinates from `k` on, from the node that has been come to so far. */
  function deposit(i: number, node: number, w: number, k: number): void {
    if (k === going.length) {
      next[node] += w;
      return;
    }
    const { order, sorted, stride } = going[k];
    const own = Math.floor(node / stride) % sorted.length;
    const { above, below, share } = bracket(sorted, columns[k][i]);
    deposit(i, node + (order[below] - own) * stride, w * (1 - share), k + 1);
    if (share > 0) deposit(i, node + (order[above] - own) * stride, w * share, k + 1);
  }
}

function axesOf(nodes: ReadonlyMap<string, Quadrature>): Axis[] {
  let stride = 1;
  return [...nodes].map(([name, { nodes: values }]) => {
    const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
    const axis = { name, stride, order, sorted: Float64Array.from(order, (k) => values[k]) };
    stride *= values.length;
    return axis;
  });
}

/** The two places about x, and the share that falls to the one above. What is missing stays at the first. */
function bracket(sorted: Float64Array, x: number): { below: number; above: number; share: number } {
  const last = sorted.length - 1;
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle] <= x) low = middle;
    else high = middle - 1;
  }
  if (low === last || !(x > sorted[low])) return { below: low, above: low, share: 0 };
  const share = (x - sorted[low]) / (sorted[low + 1] - sorted[low]);
  // A sum such as 0.1 + 0.2 misses its node by rounding alone.
  if (share < 1e-9) return { below: low, above: low, share: 0 };
  if (share > 1 - 1e-9) return { below: low + 1, above: low + 1, share: 0 };
  return { below: low, above: low + 1, share };
}
