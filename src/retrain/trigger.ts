/** When a model learns, and when what it has learnt is deployed. */

export type Trigger =
  | { readonly kind: 'never' }
  | { readonly kind: 'manual' }
  | { readonly kind: 'every'; readonly steps: number }
  | { readonly kind: 'at'; readonly steps: ReadonlySet<number> };

/** Whether the model learns at the end of step t. `asked`: a person pressed "retrain now". */
export function trains(trigger: Trigger, t: number, asked: boolean): boolean {
  if (asked) return true;
  if (trigger.kind === 'every') return (t + 1) % trigger.steps === 0;
  return trigger.kind === 'at' && trigger.steps.has(t);
}

/** Whether it may ever learn: if not, no records need to be kept for it. */
export const mayTrain = (trigger: Trigger): boolean => trigger.kind !== 'never';

/** Deployed at every k-th training, after a lag in steps. */
export interface Deployment {
  readonly every: number;
  readonly lag: number;
}
