/**
 * How a version that was trained comes into service: at every k-th training, after a lag; on trial before, as a shadow that
 * only watches or a canary that serves a share; and taken back after, where the old one would have been better.
 *
 * Source: Breck, Cai, Nielsen, Salib, Sculley (2017), "The ML Test Score", IEEE Big Data (canary, rollback).
 */

/** Versions side by side: one that only watches, one that serves a share, or the old one beside the new. */
export type TrialKind = 'shadow' | 'canary' | 'rollback';

export interface Deployment {
  /** Deployed is every k-th training. */
  readonly every: number;
  /** Steps between the training and the deployment. */
  readonly lag: number;
  /** What comes before a version serves everybody; null: nothing. `steps`: of labels, until it is judged. */
  readonly trial: { readonly kind: 'shadow' | 'canary'; readonly share: number; readonly steps: number } | null;
  /** Steps of labels after which the old version comes back where it would have been better; null: it never does. */
  readonly rollback: number | null;
  /** With which a version must be better to be chosen by a trial; 0.5: any advantage counts. */
  readonly confidence: number;
}

/** What a version must show before it may be deployed: to beat the one in service on rows that neither has learnt from. */
export interface Gate {
  /** Share of the labelled rows of the field that are never learnt from. */
  readonly holdout: number;
  readonly confidence: number;
}
