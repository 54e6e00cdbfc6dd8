/**
 * Which records a model learns from, and how much each of them counts.
 *
 * A record of step s, when the model is trained at the end of step t (the lab has s = -1):
 *
 * - all: everything, the lab included.
 * - newest: so many rows, those that arrived last; the lab's are the oldest.
 * - last: `s > t - steps`; with `lab`, the lab beside it.
 * - since: from the step on at which a monitor last gave a warning or an alarm; before there is one, everything.
 * - weighted: everything, with weight `2^(-(t - s) / halfLife)`. What weighs less than 2^-40 is dropped.
 * - reservoir: so many rows, each that ever arrived as likely to be among them as any other.
 *
 * Sources: Gama, Žliobaitė, Bifet, Pechenizkiy, Bouchachia (2014), "A survey on concept drift adaptation", ACM Computing
 * Surveys 46(4), section 3.1 (sliding windows, fading factors, random sampling). Vitter (1985), "Random Sampling with a
 * Reservoir", ACM Transactions on Mathematical Software 11(1), algorithm R.
 */
export type Window =
  | { readonly kind: 'all' }
  | { readonly kind: 'newest'; readonly rows: number }
  | { readonly kind: 'last'; readonly steps: number; readonly lab?: boolean }
  | { readonly kind: 'since'; readonly level: 'warning' | 'alarm' }
  | { readonly kind: 'weighted'; readonly halfLife: number }
  | { readonly kind: 'reservoir'; readonly rows: number };

/** Half-lives after which a record no longer counts. */
const FORGOTTEN = 40;

/**
 * Whether a record of step `observed` (-1: the lab) is still in the window at step t. `onset`: the step of the last warning
 * or alarm, where the window begins with one; null before there was one.
 */
export function inWindow(window: Window, observed: number, t: number, onset: number | null = null): boolean {
  switch (window.kind) {
    case 'last':
      return observed < 0 ? window.lab === true : observed > t - window.steps;
    case 'since':
      return onset === null || observed >= onset;
    case 'weighted':
      return t - observed < FORGOTTEN * window.halfLife;
    default:
      return true;
  }
}

/** How much a record counts beside one of this step. */
export const weightIn = (window: Window, observed: number, t: number): number =>
  window.kind === 'weighted' ? 2 ** (-(t - observed) / window.halfLife) : 1;

/**
 * Where the row that comes after `seen` others goes in a reservoir of so many `rows`: a place, or -1 where it is left out.
 * `u` is uniform on [0, 1).
 */
export function placeInReservoir(seen: number, rows: number, u: number): number {
  if (seen < rows) return seen;
  const place = Math.floor(u * (seen + 1));
  return place < rows ? place : -1;
}
