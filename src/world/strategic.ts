/**
 * Strategic best responses: people move the features that they can move, so that the deployed model treats them better.
 *
 * Linear shift: with utility strength * (theta . x') and cost |x' - x|^2 / 2, the best response is
 * x' = x + strength * theta on the fields that can be moved.
 *
 * Threshold: who is below the threshold moves along theta by the shortest way, d = (link(threshold) - score) / |theta|,
 * if cost * d <= gain; nobody else moves. Who moves goes a hair beyond the
 * boundary, 1e-12 of the score's size, so that a decision `> threshold` is passed whatever the rounding.
 *
 * Source: Perdomo, Zrnic, Mendler-Dünner, Hardt (2020), "Performative prediction", ICML, section 5.2 (linear shift); Hardt,
 * Megiddo, Papadimitriou, Wootters (2016), "Strategic classification", ITCS; Milli, Miller, Dragan, Hardt (2019), "The social
 * cost of strategic classification", FAT* (threshold).
 */
import { z } from 'zod';
import type { Frame } from '../core/frame.js';
import { type Described, identifier } from '../core/keys.js';
import { active, chosen, forgetTrait, type Mechanism, remember, remembers, store } from '../core/rewrite.js';

export const strategic = {
  about: 'People move features so that the model treats them better.',
  keys: {
    model: identifier.describe('The deployed model that people respond to.'),
    fields: z.array(identifier).min(1).describe('Features that they can move.'),
    wants: z.enum(['high', 'low']).default('high').describe('Whether people want a high or a low prediction.'),
    strength: z
      .number()
      .min(0)
      .optional()
      .describe('Linear shift: x + strength * coefficient (quadratic cost, Perdomo et al. 2020).'),
    threshold: z.number().optional().describe('Threshold best response: just reach this prediction, where it pays.'),
    cost: z.number().positive().default(1).describe('Cost per unit of distance moved (threshold response).'),
    gain: z.number().min(0).default(1).describe('What reaching the threshold is worth (threshold response).'),
  },
} satisfies Described;

export interface StrategicResponse extends Mechanism {
  readonly model: string;
  readonly fields: readonly string[];
  /** 1 where people want a high prediction, -1 where they want a low one. */
  readonly direction: 1 | -1;
  readonly layer: 'shown' | 'true';
  /** Fields that the model reads. */
  readonly reads: readonly string[];
  readonly memory: number;
  readonly rule:
    | { readonly kind: 'linear'; readonly strength: number }
    | { readonly kind: 'threshold'; readonly threshold: number; readonly cost: number; readonly gain: number };
}

/** What people know of the deployed model. */
export interface DeployedModel {
  coefficient(field: string): number;
  /** The linear predictor from what people show. */
  score(out: Float64Array): void;
  /** The linear predictor at which the prediction is `p`. */
  link(p: number): number;
}

/** Moves the fields of those who respond. Once it has ended, what is left of it fades as memory says. */
export function respondStrategically(frame: Frame, response: StrategicResponse, model: DeployedModel): void {
  const isActive = active(response, frame.t);
  if (!isActive) forgetTrait(frame, response);
  const mask = isActive ? chosen(frame, response) : null;
  const distance = isActive && response.rule.kind === 'threshold' ? distances(frame, response, model) : null;
  for (const field of response.fields) {
    const memory = { id: `${response.id}.${field}`, memory: response.memory };
    if (!isActive && (response.memory === 1 || !remembers(frame, memory.id))) continue;
    const coefficient = isActive ? response.direction * model.coefficient(field) : 0;
    const name = response.layer === 'shown' ? `shown.${field}` : field;
    const found = frame.column(name);
    const target = frame.buffer('rewritten');
    for (let i = 0; i < frame.rows; i++) {
      const moves = mask === null || mask[i] !== 0;
      const step = distance === null ? strengthOf(response) : distance[i];
      target[i] = moves ? found[i] + step * coefficient : found[i];
    }
    if (response.memory < 1) remember(frame, memory, found, target);
    store(frame, name, target);
  }
}

const strengthOf = (response: StrategicResponse): number =>
  response.rule.kind === 'linear' ? response.rule.strength : 0;

/** Relative to the score's size: above the rounding of a sum of features, and far below what a result could show. */
const BEYOND = 1e-12;

/** How far along theta each individual moves, in multiples of theta: d / |theta|, 0 for who stays. */
function distances(frame: Frame, response: StrategicResponse, model: DeployedModel): Float64Array {
  const out = frame.buffer('distance');
  const rule = response.rule;
  if (rule.kind !== 'threshold') return out;
  // Who improves does so before anybody pretends: what they show is what is.
  if (response.layer === 'true')
    for (const field of response.reads) frame.columns.set(`shown.${field}`, frame.column(field));
  model.score(out);
  const goal = model.link(rule.threshold);
  const norm = Math.hypot(...response.fields.map((field) => model.coefficient(field)));
  for (let i = 0; i < frame.rows; i++) {
    const gap = response.direction * (goal - out[i]);
    // Who stands on the boundary is not above it, and moves the hair.
    const moves = norm > 0 && gap >= 0 && (rule.cost * gap) / norm <= rule.gain;
    const beyond = BEYOND * Math.max(1, Math.abs(goal), Math.abs(out[i]));
    out[i] = moves ? (gap + beyond) / (norm * norm) : 0;
  }
  return out;
}
