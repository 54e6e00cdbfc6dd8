/** Which records a model learns from: all (those of the lab included), the newest n, or those of the last k steps. */
export type Window =
  | { readonly kind: 'all' }
  | { readonly kind: 'last'; readonly steps: number }
  /** A sliding window: the lab's records are the oldest. */
  | { readonly kind: 'newest'; readonly rows: number };

/** Whether a record of step `observed` (-1: the lab) is still in the window at step t, by its time. */
export function inWindow(window: Window, observed: number, t: number): boolean {
  return window.kind !== 'last' || (observed >= 0 && observed > t - window.steps);
}
