/**
 * Gaussian quadrature: points and weights that give expectations of polynomials up to degree 2n - 1 exactly, so that a
 * population of nodes replaces draws and recursions come out without sampling noise.
 *
 * Source: Golub and Welsch (1969), "Calculation of Gauss quadrature rules", Mathematics of Computation 23: the nodes are
 * the eigenvalues of the Jacobi matrix of the orthogonal polynomials, the weights the squared first components of its
 * eigenvectors. Polished by Newton steps on the recurrence, to full precision.
 */

export interface Quadrature {
  readonly nodes: Float64Array;
  /** Positive, with sum 1. */
  readonly weights: Float64Array;
}

/** For the standard normal distribution. */
export function gaussHermite(n: number): Quadrature {
  // Orthonormal Hermite polynomials: x p_k = sqrt(k + 1) p_{k+1} + sqrt(k) p_{k-1}.
  return fromRecurrence(n, (k) => Math.sqrt(k), 2 * Math.sqrt(n) + 1);
}

/** For the uniform distribution on [0, 1). */
export function gaussLegendre(n: number): Quadrature {
  const { nodes, weights } = fromRecurrence(n, (k) => k / Math.sqrt(4 * k * k - 1), 1);
  return { nodes: nodes.map((x) => (x + 1) / 2), weights };
}

/**
 * For a symmetric distribution with orthonormal recurrence x p_k = b_{k+1} p_{k+1} + b_k p_{k-1}. The nodes are found by
 * bisection on the Sturm sequence of the Jacobi matrix; the weight of node x is 1 / sum_k p_k(x)^2.
 */
function fromRecurrence(n: number, b: (k: number) => number, bound: number): Quadrature {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) nodes[i] = eigenvalue(n, i, b, bound);
  // The distribution is symmetric: so is the rule, to the last bit.
  for (let i = 0; i < n >> 1; i++) {
    const x = (nodes[n - 1 - i] - nodes[i]) / 2;
    nodes[i] = -x;
    nodes[n - 1 - i] = x;
  }
  if (n % 2 === 1) nodes[n >> 1] = 0;
  for (let i = 0; i < n; i++) {
    let before = 0;
    let p = 1;
    let squares = 1;
    for (let k = 1; k < n; k++) {
      const next = (nodes[i] * p - (k > 1 ? b(k - 1) : 0) * before) / b(k);
      before = p;
      p = next;
      squares += p * p;
    }
    weights[i] = 1 / squares;
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  return { nodes, weights: weights.map((w) => w / total) };
}

/** The i-th smallest eigenvalue of the Jacobi matrix: as many eigenvalues lie below x as the Sturm sequence changes sign. */
function eigenvalue(n: number, i: number, b: (k: number) => number, bound: number): number {
  let low = -bound;
  let high = bound;
  for (let iteration = 0; iteration < 200; iteration++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (countBelow(n, middle, b) > i) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

function countBelow(n: number, x: number, b: (k: number) => number): number {
  let count = 0;
  let q = -x;
  if (q < 0) count++;
  for (let k = 1; k < n; k++) {
    const squared = b(k) * b(k);
    q = -x - squared / (q === 0 ? Number.MIN_VALUE * 2 ** 200 : q);
    if (q < 0) count++;
  }
  return count;
}
