/** A retraining policy as a person chooses it: when, and on what. */
import type { ComparePolicy } from '../src/server/protocol.js';

/** `own`: as the scenario says. */
export type When =
  | { readonly kind: 'own' }
  | { readonly kind: 'never' }
  | { readonly kind: 'every'; readonly steps: number }
  | { readonly kind: 'at'; readonly steps: readonly number[] };
export type Window =
  | { readonly kind: 'own' }
  | { readonly kind: 'all' }
  | { readonly kind: 'last'; readonly steps: number };

export interface Choice {
  readonly when: When;
  readonly window: Window;
}

const WHEN = 'retrain.when';
const WINDOW = 'retrain.window';

export function whenOf(value: unknown): When {
  if (value === undefined) return { kind: 'own' };
  if (typeof value === 'object' && value !== null) {
    if ('every' in value && typeof value.every === 'number') return { kind: 'every', steps: value.every };
    if ('at' in value && Array.isArray(value.at)) return { kind: 'at', steps: value.at.map(Number) };
  }
  return { kind: 'never' };
}

export function windowOf(value: unknown): Window {
  if (value === undefined) return { kind: 'own' };
  if (typeof value === 'object' && value !== null && 'last' in value)
    return { kind: 'last', steps: Number(value.last) };
  return { kind: 'all' };
}

export const choiceOf = ({ set }: Pick<ComparePolicy, 'set'>): Choice => ({
  when: whenOf(set[WHEN]),
  window: windowOf(set[WINDOW]),
});

/** The policy's values with another choice; values at other paths stay. */
export function withChoice(set: ComparePolicy['set'], { when, window }: Choice): ComparePolicy['set'] {
  const { [WHEN]: _when, [WINDOW]: _window, ...rest } = set;
  const values: Record<string, unknown> = { ...rest };
  if (when.kind === 'never') values[WHEN] = 'never';
  if (when.kind === 'every') values[WHEN] = { every: when.steps };
  // No step at all is never.
  if (when.kind === 'at') values[WHEN] = when.steps.length === 0 ? 'never' : { at: [...when.steps] };
  if (window.kind === 'all') values[WINDOW] = 'all';
  if (window.kind === 'last') values[WINDOW] = { last: window.steps };
  return values;
}

/** `every 20, last 40`. */
export function nameOf({ when, window }: Choice): string {
  if (when.kind === 'never' || (when.kind === 'at' && when.steps.length === 0)) return 'never';
  const data = window.kind === 'all' ? ', all' : window.kind === 'last' ? `, last ${window.steps}` : '';
  if (when.kind === 'own') return data === '' ? "the scenario's own" : `the scenario's own${data}`;
  if (when.kind === 'every') return `every ${when.steps}${data}`;
  return when.steps.length <= 3 ? `at ${when.steps.join(', ')}${data}` : `at ${when.steps.length} steps${data}`;
}

export const policyOf = (choice: Choice): ComparePolicy => ({ name: nameOf(choice), set: withChoice({}, choice) });

/** `3, 20 45` as steps in order, each once, within the run. */
export function stepsOf(text: string, steps: number): number[] {
  const numbers = (text.match(/\d+/g) ?? []).map(Number).filter((t) => t < steps);
  return [...new Set(numbers)].sort((a, b) => a - b);
}
