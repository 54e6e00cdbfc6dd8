/** The kinds of uncertainty. Adding one is a file and a line in the table. */
import { bayesianLinear } from './bayesian-linear.js';
import { bootstrapEnsemble } from './bootstrap.js';
import { residualNormal } from './residual-normal.js';
import { splitConformal } from './split-conformal.js';
import type { Uncertainty } from './uncertainty.js';

export { latestScores, nextAlpha } from './adaptive-conformal.js';
export { ConformalSpread, residualScores } from './split-conformal.js';
export type { Bounds, Points, Rows, Spread, Uncertainty } from './uncertainty.js';

/** A kind of uncertainty by name, with its options. */
export type UncertaintyOptions =
  | { readonly kind: 'residual' }
  | { readonly kind: 'bayesian' }
  | { readonly kind: 'conformal' | 'adaptive'; readonly calibrate: number; readonly learnsScale: boolean }
  | { readonly kind: 'bootstrap'; readonly members: number };

/** What the uncertainty must know of the model. */
export interface OfModel {
  readonly kind: 'numeric' | 'binary';
  readonly intercept: boolean;
  readonly l2: number;
}

export function createUncertainty(options: UncertaintyOptions, model: OfModel): Uncertainty {
  switch (options.kind) {
    case 'residual':
      return residualNormal();
    case 'bayesian':
      return bayesianLinear(model);
    case 'bootstrap':
      return bootstrapEnsemble({ members: options.members, kind: model.kind });
    default:
      return splitConformal(options);
  }
}
