/**
 * Which records are kept, and how much each counts.
 *
 * `keep`: a record is kept with this probability: sampling bias, or the rejection that undoes one. Over quadrature nodes
 * it is the weight that shrinks. `importance`: a record counts that many times; 1 / (probability to be recorded) makes
 * what is recorded speak for everybody again.
 *
 * Source: Horvitz and Thompson (1952), "A generalization of sampling without replacement from a finite universe", JASA 47;
 * Zadrozny (2004), "Learning and evaluating classifiers under sample selection bias", ICML.
 */
import type { Formula } from '../../core/formula/index.js';
import type { Frame } from '../../core/frame.js';
import { fillUniform } from '../../core/random/index.js';

export function keep(frame: Frame, id: string, probability: Formula, expected: boolean, weights: Float64Array): void {
  const p = frame.buffer('probability');
  probability.evaluate(frame.environment(`${id}.keep`), p);
  const draws = frame.buffer('draws');
  if (!expected) fillUniform(frame.stream(`${id}.keep`), draws, frame.rows);
  // A probability that is missing keeps nothing.
  for (let i = 0; i < frame.rows; i++) {
    const share = expected ? Math.min(1, Math.max(0, p[i])) : draws[i] < p[i] ? 1 : 0;
    weights[i] = Number.isNaN(share) ? 0 : weights[i] * share;
  }
}

export function importance(frame: Frame, id: string, factor: Formula, weights: Float64Array): void {
  const times = frame.buffer('importance');
  factor.evaluate(frame.environment(`${id}.importance`), times);
  for (let i = 0; i < frame.rows; i++)
    if (weights[i] !== 0) weights[i] = times[i] >= 0 && times[i] < Number.POSITIVE_INFINITY ? weights[i] * times[i] : 0;
}
