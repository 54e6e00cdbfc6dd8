/**
 * Participation: people who are served badly leave, and others come. Who leaves has weight 0 until a newcomer takes the
 * place. Over quadrature nodes it is the weights that move: w stay + arrive w0, w0 being the weight at entry; exact.
 *
 * Source: Hashimoto, Srivastava, Namkoong, Liang (2018), "Fairness without demographics in repeated loss minimization",
 * ICML: lambda <- lambda nu(risk) + b.
 */
import type { Formula } from '../../core/formula/index.js';
import type { Frame } from '../../core/frame.js';
import { type Described, formula } from '../../core/keys.js';
import { fillPoisson, fillUniform } from '../../core/random/index.js';
import { active, chosen, type Mechanism } from '../../core/rewrite.js';

export const participation = {
  about: 'After the outcome: people leave, and others come.',
  keys: {
    stay: formula.describe('Probability to stay to the next step, such as `exp(-(y - score) ^ 2)`.'),
    arrive: formula
      .optional()
      .describe('Newcomers a step, who take the places of who left: their mean number; over nodes their weight.'),
  },
} satisfies Described;

export interface Participation extends Mechanism {
  /** Probability to stay; who is not told of stays. */
  readonly stay: Formula;
  /** Newcomers a step: their mean number; over nodes their weight. */
  readonly arrive: Formula | null;
  /** Whether the weights of nodes move, in place of people. */
  readonly expected: boolean;
}

/** After the outcome: who will be there at the next step. */
export function participate(frame: Frame, mechanisms: readonly Participation[]): void {
  if (!mechanisms.some((m) => active(m, frame.t))) return;
  const next = frame.buffer('weights.next');
  if (frame.baseWeights === null) next.fill(1);
  else next.set(frame.baseWeights);
  for (const mechanism of mechanisms) {
    if (!active(mechanism, frame.t)) continue;
    leave(frame, mechanism, next);
    if (mechanism.arrive !== null) arrive(frame, mechanism, mechanism.arrive, next);
  }
  frame.staying = next;
}

function leave(frame: Frame, mechanism: Participation, next: Float64Array): void {
  const stay = frame.buffer('stay');
  mechanism.stay.evaluate(frame.environment(`${mechanism.id}.stay`), stay);
  const mask = chosen(frame, mechanism);
  const draws = frame.buffer('draws');
  if (!mechanism.expected) fillUniform(frame.stream(`${mechanism.id}.leave`), draws, frame.rows);
  for (let i = 0; i < frame.rows; i++) {
    if ((mask !== null && mask[i] === 0) || Number.isNaN(stay[i])) continue;
    if (mechanism.expected) next[i] *= Math.min(1, Math.max(0, stay[i]));
    else if (draws[i] >= stay[i]) next[i] = 0;
  }
}

function arrive(frame: Frame, { expected, id }: Participation, arrivals: Formula, next: Float64Array): void {
  if (!expected) {
    const mean = Float64Array.of(arrivals.number(frame.environment(`${id}.arrive`)));
    const count = new Float64Array(1);
    fillPoisson(frame.stream(`${id}.arrivals`), mean, count, 1);
    frame.arrivals += Number.isFinite(count[0]) ? count[0] : 0;
    return;
  }
  const weight = frame.buffer('arriving');
  arrivals.evaluate(frame.environment(`${id}.arrive`), weight);
  const entry = frame.buffer('weights');
  for (let i = 0; i < frame.rows; i++) next[i] += Math.max(0, weight[i]) * entry[i];
}

/** The step is over: who left is gone. */
export function settle(frame: Frame): void {
  if (frame.staying === null) return;
  const present = frame.buffer('weights.present');
  present.set(frame.staying);
  frame.baseWeights = present;
  frame.staying = null;
}
