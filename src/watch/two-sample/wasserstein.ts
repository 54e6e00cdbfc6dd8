/**
 * The Wasserstein distance of two samples: how far, on average, one must be moved to become the other.
 *
 *   W1 = integral |F - G| dx, in the units of x;   energy distance = sqrt(2 integral (F - G)^2 dx)
 *
 * Source: Vallender (1974), Theory of Probability and its Applications 18; Szekely and Rizzo (2013); as in SciPy.
 *
 * @example wasserstein(sampleOf(lab), sampleOf(today)) / standardDeviation(sampleOf(lab))
 */
import { type Sample, walk } from './sample.js';

/** NaN where a sample is empty. */
export function wasserstein(reference: Sample, current: Sample): number {
  if (reference.values.length === 0 || current.values.length === 0) return Number.NaN;
  let sum = 0;
  walk(reference, current, (f, g, gap) => {
    sum += Math.abs(f - g) * gap;
  });
  return sum;
}

export function energyDistance(reference: Sample, current: Sample): number {
  if (reference.values.length === 0 || current.values.length === 0) return Number.NaN;
  let sum = 0;
  walk(reference, current, (f, g, gap) => {
    sum += (f - g) * (f - g) * gap;
  });
  return Math.sqrt(2 * sum);
}

/** Divisor n: what W1 is divided by to have no unit. */
export function standardDeviation({ total, values, weights }: Sample): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += (weights === null ? 1 : weights[i]) * values[i];
  mean /= total;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (weights === null ? 1 : weights[i]) * (values[i] - mean) ** 2;
  return Math.sqrt(squares / total);
}
