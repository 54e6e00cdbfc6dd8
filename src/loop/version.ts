/** A version of a model: what a training made, and what is known of it. */
import type { Predictor } from '../learn/index.js';
import type { Spread } from '../learn/uncertainty/index.js';
import type { HeldErrors } from './held-errors.js';
import type { Metrics, ReliabilityTable } from './trace.js';
import type { UnseenValue } from './unseen.js';

export interface Version {
  readonly predictor: Predictor;
  readonly spread: Spread;
  /** Step at the end of which it was trained; -1 is the lab. */
  readonly trained: number;
  readonly lab: Metrics;
  readonly held: HeldErrors;
  readonly labReliability: ReliabilityTable | null;
  /** Values of its categories that no row had which it was trained on. */
  readonly unseen: readonly UnseenValue[];
}
