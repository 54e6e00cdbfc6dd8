/** Over which steps harm is told: at the last one, on the mean over all, or on the mean of some. */
import { ExplainError } from './error.js';

/** `{ from, to }`: both ends count. */
export type Over = 'last' | 'mean' | { readonly from: number; readonly to: number };

/** Steps from (with) and to (without). @throws ExplainError where there is no such step. */
export function stepsOver(over: Over, steps: number): { readonly from: number; readonly to: number } {
  if (over === 'last') return { from: steps - 1, to: steps };
  if (over === 'mean') return { from: 0, to: steps };
  if (over.from > over.to) throw new ExplainError(`no step is from ${over.from} to ${over.to}`);
  if (over.to >= steps) throw new ExplainError(`the last step is ${steps - 1}: there is no step ${over.to}`);
  return { from: over.from, to: over.to + 1 };
}

export const overText = (over: Over): string =>
  over === 'last'
    ? 'at the last step'
    : over === 'mean'
      ? 'mean over all steps'
      : over.from === over.to
        ? `at step ${over.from}`
        : `mean over steps ${over.from} to ${over.to}`;
