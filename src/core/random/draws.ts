/**
 * Block-wise draws. Each fills the first `n` places of `out` from `stream`; parameters are columns of the same length.
 * Every individual takes the same number of words whatever the parameters, so runs and twins stay aligned.
 */
import { LocalStream } from './local.js';
import { type Stream, UNIFORM_STEP } from './stream.js';
import { fillNormals, normalFromWords, type WordSource } from './ziggurat.js';

/** Individuals per pass: two words each stay in the first-level cache. */
const BLOCK = 1024;
const words = new Int32Array(2 * BLOCK);
const local = new LocalStream();

/** Calls `fill` for consecutive blocks, after two words for each individual of the block have been drawn. */
function inBlocks(stream: Stream, n: number, fill: (start: number, count: number) => void): void {
  for (let start = 0; start < n; start += BLOCK) {
    const count = Math.min(BLOCK, n - start);
    stream.words(words, 2 * count);
    fill(start, count);
  }
}

/** Uniform on [0, 1) with 53 bits: mean 1/2, variance 1/12. */
export function fillUniform(stream: Stream, out: Float64Array, n: number): void {
  inBlocks(stream, n, (start, count) => {
    for (let i = 0; i < count; i++) {
      out[start + i] = ((words[2 * i] >>> 5) * 67108864 + (words[2 * i + 1] >>> 6)) * UNIFORM_STEP;
    }
  });
}

/** Standard normal: mean 0, variance 1 (ziggurat). */
export function fillNormal(stream: Stream, out: Float64Array, n: number): void {
  inBlocks(stream, n, (start, count) => fillNormals(out, start, count, words, stream));
}

/** Standard exponential by inversion, -ln(1 - u): mean 1, variance 1. */
export function fillExponential(stream: Stream, out: Float64Array, n: number): void {
  fillUniform(stream, out, n);
  for (let i = 0; i < n; i++) out[i] = -Math.log(1 - out[i]);
}

/** Bernoulli(p): 1 where u < p. A p outside [0, 1] acts as the nearer bound; a missing p gives a missing draw. */
export function fillBernoulli(stream: Stream, p: Float64Array, out: Float64Array, n: number): void {
  fillUniform(stream, out, n);
  for (let i = 0; i < n; i++) out[i] = Number.isNaN(p[i]) ? Number.NaN : out[i] < p[i] ? 1 : 0;
}

/** Gamma(shape, 1): mean and variance equal the shape. A shape that is not positive gives a missing draw. */
export function fillGamma(stream: Stream, shape: Float64Array, out: Float64Array, n: number): void {
  inBlocks(stream, n, (start, count) => {
    for (let i = 0; i < count; i++) {
      local.reseed(words[2 * i], words[2 * i + 1]);
      out[start + i] = gamma(shape[start + i], local);
    }
  });
}

/** Beta(a, b) as G_a / (G_a + G_b): mean a / (a + b). */
export function fillBeta(stream: Stream, a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
  inBlocks(stream, n, (start, count) => {
    for (let i = 0; i < count; i++) {
      local.reseed(words[2 * i], words[2 * i + 1]);
      out[start + i] = beta(a[start + i], b[start + i], local);
    }
  });
}

/** Poisson(mean): mean and variance equal. A negative mean gives a missing draw, 0 gives 0. */
export function fillPoisson(stream: Stream, mean: Float64Array, out: Float64Array, n: number): void {
  inBlocks(stream, n, (start, count) => {
    for (let i = 0; i < count; i++) {
      const m = mean[start + i];
      if (m < SEARCH_LIMIT) {
        const u = ((words[2 * i] >>> 5) * 67108864 + (words[2 * i + 1] >>> 6)) * UNIFORM_STEP;
        out[start + i] = poissonBySearch(m, u);
      } else {
        local.reseed(words[2 * i], words[2 * i + 1]);
        out[start + i] = poissonByRejection(m, local);
      }
    }
  });
}

/**
 * Categorical with probabilities proportional to `weights`: the index of the category, by inversion of one uniform.
 * Weights must be finite, not negative, and not all zero.
 */
export function fillCategorical(stream: Stream, weights: readonly number[], out: Float64Array, n: number): void {
  const total = weights.reduce((sum, w) => sum + w, 0);
  const bounds = new Float64Array(weights.length);
  let cumulative = 0;
  for (let k = 0; k < weights.length; k++) {
    cumulative += weights[k] / total;
    bounds[k] = cumulative;
  }
  const last = lastPositive(weights);
  fillUniform(stream, out, n);
  for (let i = 0; i < n; i++) {
    const u = out[i];
    let k = 0;
    while (k < last && u >= bounds[k]) k++;
    out[i] = k;
  }
}

/** Rounding may leave the last bound a hair below 1; what is left belongs to the last category that can occur. */
function lastPositive(weights: readonly number[]): number {
  let last = 0;
  for (let k = 0; k < weights.length; k++) if (weights[k] > 0) last = k;
  return last;
}

/**
 * Gamma by squeeze and rejection; shapes below 1 by boosting.
 * Source: Marsaglia and Tsang (2000), "A simple method for generating gamma variables", ACM TOMS 26(3).
 */
function gamma(shape: number, source: WordSource): number {
  if (!(shape > 0) || shape === Number.POSITIVE_INFINITY) return Number.NaN;
  if (shape < 1) return gamma(shape + 1, source) * (1 - source.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalFromWords(source.word(), source.word(), source);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - source.uniform();
    const square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * v;
    if (Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) return d * v;
  }
}

function beta(a: number, b: number, source: WordSource): number {
  const x = gamma(a, source);
  const y = gamma(b, source);
  // Both may underflow to 0 for tiny shapes: then the mass sits at the ends, in proportion a : b.
  return x + y > 0 ? x / (x + y) : Number.isNaN(x + y) ? Number.NaN : source.uniform() < a / (a + b) ? 1 : 0;
}

/** Below this mean, summing the probabilities from 0 is quicker than rejection and monotone in u. */
const SEARCH_LIMIT = 30;

function poissonBySearch(mean: number, u: number): number {
  if (!(mean >= 0)) return Number.NaN;
  let p = Math.exp(-mean);
  let cumulative = p;
  let k = 0;
  // Rounding may keep the sum just below the largest u; no mass is left once p has vanished.
  while (u >= cumulative && p > 1e-300) {
    k++;
    p *= mean / k;
    cumulative += p;
    if (k > 200) break;
  }
  return k;
}

/**
 * Transformed rejection with squeeze, exact for means of 10 and more.
 * Source: Hörmann (1993), "The transformed rejection method for generating Poisson random variables", algorithm PTRS.
 */
function poissonByRejection(mean: number, source: WordSource): number {
  if (!(mean < Number.MAX_SAFE_INTEGER)) return Number.NaN;
  const root = Math.sqrt(mean);
  const b = 0.931 + 2.53 * root;
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  const logMean = Math.log(mean);
  for (;;) {
    const u = source.uniform() - 0.5;
    const v = 1 - source.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= k * logMean - mean - logFactorial(k)) return k;
  }
}

/** ln k! by Stirling's series from 10 on (error below 1e-12), by products before. */
export function logFactorial(k: number): number {
  if (k < 10) {
    let product = 1;
    for (let i = 2; i <= k; i++) product *= i;
    return Math.log(product);
  }
  const x = k + 1;
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}
