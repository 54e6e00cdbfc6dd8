/**
 * Quantile regression: what a share `quantile` of the targets lies below, as a linear function of the features.
 *
 * (b, theta) = argmin (1 / W) sum w rho(y - b - x theta), rho(r) = r (q - [r < 0]) the pinball loss, q the quantile.
 * Without features it is the lowest target that has at least a share q of the weight up to it. scikit-learn's
 * `QuantileRegressor(alpha=0)`.
 *
 * By the Frisch-Newton interior point method on the dual; the fit is then put through the rows that it all but touches
 * (an optimum passes through as many rows as there are coefficients), where that is no worse. A feature that is constant,
 * or a linear combination of earlier ones, gets 0, and is noted. Where many lines are optimal, it is one of them. `sd` is
 * the root mean square of the residuals. LearnerError: no labelled rows; numbers that are not finite.
 *
 * Source: Koenker and Bassett (1978), "Regression quantiles", Econometrica 46(1); Portnoy and Koenker (1997), "The
 * Gaussian hare and the Laplacian tortoise", Statistical Science 12(4).
 */
import { CholeskyDecomposition, Matrix, pseudoInverse } from 'ml-matrix';
import { dot, indices, linearCombination } from '../core/vector.js';
import { constant, type Fit, type Learner, linearPredictor } from './learner.js';
import { meanOf, type Rows, rowsOf, spreadOf } from './rows.js';

export interface QuantileOptions {
  readonly quantile: number;
}

export function quantile({ quantile: q }: QuantileOptions): Learner {
  return {
    given: (bias, coefficients, sd) =>
      coefficients.length === 0 ? constant(bias, sd) : linearPredictor(bias, coefficients, sd),
    fit(batches) {
      const rows = rowsOf(batches);
      const { features } = rows;
      const centres = features.map((column) => meanOf(column, rows.weights));
      const spreads = features.map((column) => spreadOf(column, rows.weights));
      const scaled = features.map((column, j) => column.map((v) => (v - centres[j]) / (spreads[j] || 1)));
      const kept = independent(scaled, centres, spreads, rows.weights);
      const theta = new Float64Array(features.length);
      let bias = lowest(rows.target, rows.weights, q);
      let iterations = 1;
      if (kept.length > 0) {
        const design = [new Float64Array(rows.n).fill(1), ...kept.map((j) => scaled[j])];
        const found = interiorPoint(design, rows, q);
        const beta = throughRows(design, rows, q, found.beta);
        iterations = found.iterations;
        bias = beta[0];
        for (const [k, j] of kept.entries()) {
          theta[j] = beta[k + 1] / spreads[j];
          bias -= theta[j] * centres[j];
        }
      }
      const note = kept.length < features.length ? 'features that are collinear or constant are left out' : null;
      return described(rows, theta, bias, q, iterations, note);
    },
  };
}

function described(
  rows: Rows,
  theta: Float64Array,
  bias: number,
  q: number,
  iterations: number,
  note: string | null,
): Fit {
  const { features, n, target, weights } = rows;
  const fitted = new Float64Array(n);
  linearCombination(bias, theta, features, fitted, n);
  let square = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    square += weights[i] * (target[i] - fitted[i]) ** 2;
    total += weights[i];
  }
  const sd = Math.sqrt(square / total);
  return {
    predictor: theta.length === 0 ? constant(bias, sd) : linearPredictor(bias, theta, sd),
    objective: pinball(rows, fitted, q) / total,
    iterations,
    gradientNorm: 0,
    note,
  };
}

/** Sum of the weighted pinball losses. */
function pinball({ n, target, weights }: Rows, fitted: Float64Array, q: number): number {
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const r = target[i] - fitted[i];
    loss += weights[i] * r * (r < 0 ? q - 1 : q);
  }
  return loss;
}

/** The lowest target with at least a share q of the weight up to it. */
function lowest(target: Float64Array, weights: Float64Array, q: number): number {
  const order = indices(target.length).sort((a, b) => target[a] - target[b]);
  const total = weights.reduce((sum, w) => sum + w, 0);
  let sum = 0;
  for (const i of order) {
    sum += weights[i];
    if (sum >= q * total * (1 - 1e-12)) return target[i];
  }
  return target[order[order.length - 1]];
}

/** Columns that no combination of those before them makes, the constant included. */
function independent(
  scaled: readonly Float64Array[],
  centres: readonly number[],
  spreads: readonly number[],
  weights: Float64Array,
): number[] {
  const basis: Float64Array[] = [];
  const kept: number[] = [];
  for (const [j, column] of scaled.entries()) {
    if (!(spreads[j] > 1e-12 * Math.abs(centres[j]))) continue;
    const rest = column.slice();
    // Twice is enough: what the first pass leaves of rounding, the second takes.
    for (let pass = 0; pass < 2; pass++) {
      for (const e of basis) {
        const share = along(rest, e, weights);
        for (let i = 0; i < rest.length; i++) rest[i] -= share * e[i];
      }
    }
    const size = Math.sqrt(along(rest, rest, weights));
    if (!(size > 1e-8)) continue;
    basis.push(rest.map((v) => v / size));
    kept.push(j);
  }
  return kept;
}

function along(a: Float64Array, b: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < a.length; i++) {
    sum += weights[i] * a[i] * b[i];
    total += weights[i];
  }
  return sum / total;
}

/**
 * max y'a over X'a = (1 - q) X'1, 0 <= a <= 1, the rows scaled by their weights: its multipliers are the coefficients.
 * A predictor and corrector step a round (Mehrotra), as Portnoy and Koenker have it.
 */
function interiorPoint(design: readonly Float64Array[], { n, target, weights }: Rows, q: number) {
  const p = design.length;
  const columns = design.map((column) => column.map((v, i) => v * weights[i]));
  const y = target.map((v, i) => v * weights[i]);
  const x = new Float64Array(n).fill(1 - q);
  const s = new Float64Array(n).fill(q);
  const right = columns.map((column) => (1 - q) * column.reduce((sum, v) => sum + v, 0));
  const ones = new Float64Array(n).fill(1);
  const minus = y.map((v) => -v);
  let dual = normal(columns, ones, minus, p);
  const residual = new Float64Array(n);
  combine(dual, columns, residual);
  const z = new Float64Array(n);
  const w = new Float64Array(n);
  const tiny = 1e-3 * (meanOf(y.map(Math.abs), ones) || 1);
  for (let i = 0; i < n; i++) {
    const r = minus[i] - residual[i] || tiny;
    z[i] = Math.max(r, 0);
    w[i] = z[i] - r;
  }
  const scale = 1 + y.reduce((sum, v) => sum + Math.abs(v), 0);
  const gap = () => dot(minus, x, n) - dual.reduce((sum, v, k) => sum + v * right[k], 0) + w.reduce((a, b) => a + b, 0);
  const weight = new Float64Array(n);
  const r = new Float64Array(n);
  const dx = new Float64Array(n);
  const dz = new Float64Array(n);
  const dw = new Float64Array(n);
  const bent = new Float64Array(n);
  let iterations = 0;
  for (let last = Number.POSITIVE_INFINITY; iterations < 80; iterations++) {
    const now = gap();
    if (!(now > 1e-13 * scale) || !Number.isFinite(now) || (iterations > 30 && now >= last)) break;
    last = now;
    for (let i = 0; i < n; i++) {
      weight[i] = 1 / (z[i] / x[i] + w[i] / s[i]);
      r[i] = z[i] - w[i];
    }
    let move = normal(columns, weight, r, p);
    combine(move, columns, residual);
    for (let i = 0; i < n; i++) {
      dx[i] = weight[i] * (residual[i] - r[i]);
      dz[i] = -z[i] * (1 + dx[i] / x[i]);
      dw[i] = -w[i] * (1 - dx[i] / s[i]);
    }
    let [primal, ofDual] = lengths(x, s, z, w, dx, dz, dw);
    if (Math.min(primal, ofDual) < 1) {
      const mu = dot(z, x, n) + dot(w, s, n);
      let after = 0;
      for (let i = 0; i < n; i++) {
        after += (z[i] + ofDual * dz[i]) * (x[i] + primal * dx[i]) + (w[i] + ofDual * dw[i]) * (s[i] - primal * dx[i]);
      }
      const centre = (mu * (after / mu) ** 3) / (2 * n);
      for (let i = 0; i < n; i++) bent[i] = r[i] + (dx[i] * dz[i] - centre) / x[i] + (dx[i] * dw[i] + centre) / s[i];
      move = normal(columns, weight, bent, p);
      combine(move, columns, residual);
      for (let i = 0; i < n; i++) {
        const [wasX, wasZ, wasW] = [dx[i], dz[i], dw[i]];
        dx[i] = weight[i] * (residual[i] - bent[i]);
        dz[i] = (centre - z[i] * dx[i] - wasX * wasZ) / x[i] - z[i];
        dw[i] = (centre + w[i] * dx[i] + wasX * wasW) / s[i] - w[i];
      }
      [primal, ofDual] = lengths(x, s, z, w, dx, dz, dw);
    }
    for (let i = 0; i < n; i++) {
      x[i] += primal * dx[i];
      s[i] -= primal * dx[i];
      z[i] += ofDual * dz[i];
      w[i] += ofDual * dw[i];
    }
    dual = dual.map((v, k) => v + ofDual * move[k]);
  }
  return { beta: dual.map((v) => -v), iterations };
}

/** How far all stay above 0, at most 1. */
function lengths(
  x: Float64Array,
  s: Float64Array,
  z: Float64Array,
  w: Float64Array,
  dx: Float64Array,
  dz: Float64Array,
  dw: Float64Array,
): [primal: number, dual: number] {
  let primal = Number.POSITIVE_INFINITY;
  let dual = Number.POSITIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    if (dx[i] < 0) primal = Math.min(primal, -x[i] / dx[i]);
    else if (dx[i] > 0) primal = Math.min(primal, s[i] / dx[i]);
    if (dz[i] < 0) dual = Math.min(dual, -z[i] / dz[i]);
    if (dw[i] < 0) dual = Math.min(dual, -w[i] / dw[i]);
  }
  return [Math.min(1, 0.9995 * primal), Math.min(1, 0.9995 * dual)];
}

/** (X' diag(weight) X)^-1 X' diag(weight) r. */
function normal(columns: readonly Float64Array[], weight: Float64Array, r: Float64Array, p: number): number[] {
  const n = r.length;
  const matrix = new Matrix(p, p);
  const right: number[] = [];
  const weighted = new Float64Array(n);
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < n; i++) weighted[i] = weight[i] * columns[j][i];
    for (let k = j; k < p; k++) {
      const sum = dot(weighted, columns[k], n);
      matrix.set(j, k, sum);
      matrix.set(k, j, sum);
    }
    right.push(dot(weighted, r, n));
  }
  const factor = new CholeskyDecomposition(matrix);
  const b = Matrix.columnVector(right);
  return (factor.isPositiveDefinite() ? factor.solve(b) : pseudoInverse(matrix).mmul(b)).to1DArray();
}

const combine = (beta: readonly number[], columns: readonly Float64Array[], out: Float64Array): void =>
  linearCombination(0, beta, columns, out, out.length);

/** The fit through the rows nearest to `beta`, as many as it has numbers, where it is no worse. */
function throughRows(
  design: readonly Float64Array[],
  rows: Rows,
  q: number,
  beta: readonly number[],
): readonly number[] {
  const p = design.length;
  const fitted = new Float64Array(rows.n);
  combine(beta, design, fitted);
  const apart = fitted.map((v, i) => Math.abs(rows.target[i] - v));
  const nearest = [
    ...Uint32Array.from(apart.keys())
      .sort((a, b) => apart[a] - apart[b])
      .subarray(0, 20 * p),
  ];
  const system: number[][] = [];
  const reduced: number[][] = [];
  for (const i of nearest) {
    const row = design.map((column) => column[i]);
    const rest = row.slice();
    for (const e of reduced) {
      const share = rest.reduce((sum, v, k) => sum + v * e[k], 0);
      for (let k = 0; k < p; k++) rest[k] -= share * e[k];
    }
    const size = Math.hypot(...rest);
    if (size < 1e-7 * Math.hypot(...row)) continue;
    reduced.push(rest.map((v) => v / size));
    system.push([...row, rows.target[i]]);
    if (system.length === p) break;
  }
  if (system.length < p) return beta;
  const solved = solveRows(system, p);
  const through = new Float64Array(rows.n);
  combine(solved, design, through);
  return pinball(rows, through, q) <= pinball(rows, fitted, q) * (1 + 1e-12) ? solved : beta;
}

/** Gaussian elimination with partial pivoting; the last column is the right side. */
function solveRows(rows: number[][], p: number): number[] {
  for (let k = 0; k < p; k++) {
    let pivot = k;
    for (let i = k + 1; i < p; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = k + 1; i < p; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= p; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  const x = new Array<number>(p).fill(0);
  for (let k = p - 1; k >= 0; k--) {
    let sum = rows[k][p];
    for (let j = k + 1; j < p; j++) sum -= rows[k][j] * x[j];
    x[k] = sum / rows[k][k];
  }
  return x;
}
