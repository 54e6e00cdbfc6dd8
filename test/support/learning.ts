/** Columns and batches for the tests of the learners. */
import { fillNormal, fillUniform, Stream } from '../../src/core/random/index.js';
import { type Batch, createLearner, type LearnerOptions, type Predictor } from '../../src/learn/index.js';

export const key = (component: string, step = 0) => ({ seed: 1, replicate: 0, component, step });

export function normal(component: string, n: number): Float64Array {
  const out = new Float64Array(n);
  fillNormal(new Stream(key(component)), out, n);
  return out;
}

export function uniform(component: string, n: number): Float64Array {
  const out = new Float64Array(n);
  fillUniform(new Stream(key(component)), out, n);
  return out;
}

export const batch = (
  features: readonly Float64Array[],
  target: Float64Array,
  weights: Float64Array | null = null,
): Batch => ({ n: target.length, features, target, weights });

/** Whole weights from 0 to 3. */
export const someWeights = (component: string, n: number) => uniform(component, n).map((u) => Math.floor(4 * u));

/** Each row as often as its weight says. */
export const times = (column: Float64Array, weights: Float64Array) =>
  Float64Array.from([...column].flatMap((v, i) => Array(weights[i]).fill(v)));

export const repeated = (features: readonly Float64Array[], target: Float64Array, weights: Float64Array) =>
  batch(
    features.map((column) => times(column, weights)),
    times(target, weights),
  );

export const train = (options: LearnerOptions, ...batches: Batch[]) =>
  createLearner(options).fit(batches, null, key('train'));

export function predict(predictor: Predictor, features: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(features[0].length);
  predictor.predict(features, out, out.length);
  return out;
}

export const mean = (x: ArrayLike<number>) => Array.from(x).reduce((sum, v) => sum + v, 0) / x.length;
