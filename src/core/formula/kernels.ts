/**
 * The arithmetic of formulas, one loop for each operation over a block of rows. A kernel writes `out[i]` for i < n from
 * operands that begin at an offset (a column of the population, or a register of block length at offset 0).
 *
 * Truth is 1 and 0; a number is true where it is neither 0 nor missing. A comparison with a missing value is false.
 */
import { exp } from '../exp.js';
import { normalCdf } from '../normal.js';

export type Kernel1 = (out: Float64Array, n: number, a: Float64Array, i: number) => void;
export type Kernel2 = (out: Float64Array, n: number, a: Float64Array, i: number, b: Float64Array, j: number) => void;
export type Kernel3 = (
  out: Float64Array,
  n: number,
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  c: Float64Array,
  k: number,
) => void;

const truth = (x: number): boolean => x !== 0 && !Number.isNaN(x);

export const BINARY: Readonly<Record<string, Kernel2>> = {
  '+': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] + b[j + r];
  },
  '-': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] - b[j + r];
  },
  '*': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] * b[j + r];
  },
  '/': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] / b[j + r];
  },
  // The remainder has the sign of the divisor, as in mathematics: -1 % 12 is 11.
  '%': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] - b[j + r] * Math.floor(a[i + r] / b[j + r]);
  },
  '^': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) {
      const exponent = b[j + r];
      out[r] = exponent === 2 ? a[i + r] * a[i + r] : a[i + r] ** exponent;
    }
  },
  '==': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] === b[j + r] ? 1 : 0;
  },
  '!=': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] < b[j + r] || a[i + r] > b[j + r] ? 1 : 0;
  },
  '<': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] < b[j + r] ? 1 : 0;
  },
  '<=': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] <= b[j + r] ? 1 : 0;
  },
  '>': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] > b[j + r] ? 1 : 0;
  },
  '>=': (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = a[i + r] >= b[j + r] ? 1 : 0;
  },
  and: (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = truth(a[i + r]) && truth(b[j + r]) ? 1 : 0;
  },
  or: (out, n, a, i, b, j) => {
    for (let r = 0; r < n; r++) out[r] = truth(a[i + r]) || truth(b[j + r]) ? 1 : 0;
  },
};

/** A function of one argument, applied to every row. */
function each(f: (x: number) => number): Kernel1 {
  return (out, n, a, i) => {
    for (let r = 0; r < n; r++) out[r] = f(a[i + r]);
  };
}

export const UNARY: Readonly<Record<string, Kernel1>> = {
  '-': (out, n, a, i) => {
    for (let r = 0; r < n; r++) out[r] = -a[i + r];
  },
  not: (out, n, a, i) => {
    for (let r = 0; r < n; r++) out[r] = truth(a[i + r]) ? 0 : 1;
  },
  exp: (out, n, a, i) => {
    for (let r = 0; r < n; r++) out[r] = exp(a[i + r]);
  },
  log: (out, n, a, i) => {
    for (let r = 0; r < n; r++) out[r] = Math.log(a[i + r]);
  },
  sqrt: (out, n, a, i) => {
    for (let r = 0; r < n; r++) out[r] = Math.sqrt(a[i + r]);
  },
  abs: (out, n, a, i) => {
    for (let r = 0; r < n; r++) out[r] = Math.abs(a[i + r]);
  },
  sigmoid: (out, n, a, i) => {
    for (let r = 0; r < n; r++) out[r] = 1 / (1 + exp(-a[i + r]));
  },
  logit: each((p) => Math.log(p / (1 - p))),
  Phi: each(normalCdf),
  sin: each(Math.sin),
  cos: each(Math.cos),
  tanh: each(Math.tanh),
  floor: each(Math.floor),
  ceil: each(Math.ceil),
  round: each(Math.round),
  sign: each(Math.sign),
  missing: each((x) => (Number.isNaN(x) ? 1 : 0)),
};

export const MINIMUM: Kernel2 = (out, n, a, i, b, j) => {
  for (let r = 0; r < n; r++) out[r] = Math.min(a[i + r], b[j + r]);
};

export const MAXIMUM: Kernel2 = (out, n, a, i, b, j) => {
  for (let r = 0; r < n; r++) out[r] = Math.max(a[i + r], b[j + r]);
};

/** clamp(x, low, high) */
export const CLAMP: Kernel3 = (out, n, a, i, b, j, c, k) => {
  for (let r = 0; r < n; r++) out[r] = Math.min(Math.max(a[i + r], b[j + r]), c[k + r]);
};

/** if(condition, then, otherwise) */
export const CHOOSE: Kernel3 = (out, n, a, i, b, j, c, k) => {
  for (let r = 0; r < n; r++) out[r] = truth(a[i + r]) ? b[j + r] : c[k + r];
};

/** step(t, at): 0 before `at`, 1 from then on. */
export const STEP: Kernel2 = (out, n, a, i, b, j) => {
  for (let r = 0; r < n; r++) out[r] = a[i + r] >= b[j + r] ? 1 : 0;
};

/** ramp(t, from, to): 0 before `from`, 1 after `to`, a straight line between. */
export const RAMP: Kernel3 = (out, n, a, i, b, j, c, k) => {
  for (let r = 0; r < n; r++) {
    const width = c[k + r] - b[j + r];
    const along = width > 0 ? (a[i + r] - b[j + r]) / width : a[i + r] >= b[j + r] ? 1 : 0;
    out[r] = Math.min(1, Math.max(0, along));
  }
};

/** pulse(t, from, to): 1 while from <= t < to, else 0. */
export const PULSE: Kernel3 = (out, n, a, i, b, j, c, k) => {
  for (let r = 0; r < n; r++) out[r] = a[i + r] >= b[j + r] && a[i + r] < c[k + r] ? 1 : 0;
};

/** season(t, period, phase): sin(2 pi (t - phase) / period). */
export const SEASON: Kernel3 = (out, n, a, i, b, j, c, k) => {
  for (let r = 0; r < n; r++) out[r] = Math.sin((2 * Math.PI * (a[i + r] - c[k + r])) / b[j + r]);
};
