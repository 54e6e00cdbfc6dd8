/** Which records a model learns from: all of them, the lab's included, or those of the last k steps in the field. */
export type Window = { readonly kind: 'all' } | { readonly kind: 'last'; readonly steps: number };

/** Whether a record of step `observed` (-1: the lab) is still in the window at step t. */
export function inWindow(window: Window, observed: number, t: number): boolean {
  return window.kind === 'all' || (observed >= 0 && observed > t - window.steps);
}
