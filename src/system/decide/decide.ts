/** Step 6: what the system does with a prediction. A decision is a formula, or a rule with a name. */
import type { Formula } from '../../core/formula/index.js';
import type { Frame } from '../../core/frame.js';
import { explore } from './explore.js';

/** Decides about everybody: 1 or 0, or units. Writes the probability of being chosen, which only draws make uncertain. */
export type Rule = (frame: Frame, id: string, out: Float64Array, chance: Float64Array) => void;

export interface Decision {
  readonly name: string;
  readonly rule: Formula | Rule;
  /** The rule as a formula, where it is one. */
  readonly source: string;
  /** For whom the system abstains, and what happens to them; null where it always decides. */
  readonly abstain: { readonly unsure: Formula; readonly otherwise: Formula | null } | null;
  /** Share of individuals that are chosen whatever the rule says. */
  readonly explore: number;
}

export function decide(frame: Frame, decision: Decision): void {
  const { name, rule } = decision;
  const id = `decide.${name}`;
  const out = frame.buffer(`decision.${name}`);
  if (typeof rule === 'function') {
    const chance = frame.buffer(`chance.${name}`);
    rule(frame, id, out, chance);
    if (decision.abstain !== null) abstain(frame, id, decision.abstain, out, chance);
    if (decision.explore > 0) explore(frame, id, decision.explore, out, chance);
    frame.columns.set(`${name}.chance`, chance);
  } else rule.evaluate(frame.environment(id), out);
  frame.columns.set(name, out);
}

/**
 * Abstaining: who the model is not sure of is not decided about (missing), or as somebody else decides.
 *
 * Source: Chow (1970), "On optimum recognition error and reject tradeoff", IEEE Transactions on Information Theory 16.
 */
function abstain(
  frame: Frame,
  id: string,
  { otherwise, unsure }: NonNullable<Decision['abstain']>,
  out: Float64Array,
  chance: Float64Array,
): void {
  const is = frame.buffer('unsure');
  unsure.evaluate(frame.environment(`${id}.unsure`), is);
  const instead = frame.buffer('instead');
  if (otherwise === null) instead.fill(Number.NaN);
  else otherwise.evaluate(frame.environment(`${id}.otherwise`), instead);
  for (let i = 0; i < frame.rows; i++) {
    if (is[i] === 0 || Number.isNaN(is[i])) continue;
    out[i] = instead[i];
    chance[i] = instead[i];
  }
}
