/**
 * When a model learns, asked at the end of each step. Periodic triggers look at the clock alone, informed ones at an alarm, a
 * metric or a cost; these ask for nothing while a new version is on its way to service.
 *
 * Source: Gama, Žliobaitė, Bifet, Pechenizkiy, Bouchachia (2014), "A survey on concept drift adaptation", ACM Computing
 * Surveys 46(4), section 3.3 (blind and informed adaptation).
 */
import { MetricHistory, type MetricRule } from './metric-rule.js';

export type Trigger =
  | { readonly kind: 'never' }
  | { readonly kind: 'manual' }
  | { readonly kind: 'every'; readonly steps: number }
  | { readonly kind: 'at'; readonly steps: ReadonlySet<number> }
  /** With this probability at each step: what a trigger that knows something must beat. */
  | { readonly kind: 'random'; readonly rate: number }
  /** On an alarm (or already a warning) of one of these monitors; null: of any. */
  | { readonly kind: 'alarm'; readonly monitors: readonly string[] | null; readonly level: 'warning' | 'alarm' }
  /** On an observed metric. */
  | { readonly kind: 'metric'; readonly metric: string; readonly rule: MetricRule }
  /** When the old version has cost (cumulative), or will cost (now, over a horizon), `over` times what a new one costs. */
  | {
      readonly kind: 'staleness';
      readonly how: 'cumulative' | 'now';
      readonly horizon: number;
      readonly over: number;
      readonly baseline: number;
    };

/** How often, whatever the trigger says. A person who presses "retrain now" is not held back. */
export interface Restraint {
  /** Steps after a training before the next one. */
  readonly cool: number;
  /** Trainings in all; null: as many as it asks for. */
  readonly budget: number | null;
}

/** What the team knows at the end of a step. */
export interface Evidence {
  /** A person pressed "retrain now". */
  readonly asked: boolean;
  /** A new version is on its way to service: what is learnt from now would judge one that is about to go. */
  readonly inFlight: boolean;
  readonly alarmed: (monitors: readonly string[] | null, level: 'warning' | 'alarm') => boolean;
  /** An observed metric of this step; null where no label arrived. */
  readonly observed: (metric: string) => number | null;
  /** What the version in service has cost so far, and costs now, above what it did when it was new. */
  readonly stale: { readonly cumulative: number; readonly now: number };
  /** Price of a training and its deployment. */
  readonly price: number;
  readonly uniform: () => number;
}

/** Whether it may ever learn: if not, no records need to be kept for it. */
export const mayTrain = (trigger: Trigger): boolean => trigger.kind !== 'never';

/** Whether it asks by itself, and not only where a person does. */
export const asksByItself = ({ kind }: Trigger): boolean => kind !== 'never' && kind !== 'manual';

/** The trigger of one model, with what it remembers. */
export class Triggering {
  private last = Number.NEGATIVE_INFINITY;
  private trained = 0;
  readonly history = new MetricHistory();

  /** Whether the model learns at the end of step t. */
  asks(trigger: Trigger, { budget, cool }: Restraint, t: number, evidence: Evidence): boolean {
    // The trigger is asked in any case: what it remembers does not depend on what may come of it.
    const wants = this.wants(trigger, t, evidence);
    const isHeldBack = t - this.last <= cool || (budget !== null && this.trained >= budget);
    if (!evidence.asked && (!wants || isHeldBack)) return false;
    this.last = t;
    if (!evidence.asked) this.trained++;
    return true;
  }

  private wants(trigger: Trigger, t: number, evidence: Evidence): boolean {
    switch (trigger.kind) {
      case 'every':
        return (t + 1) % trigger.steps === 0;
      case 'at':
        return trigger.steps.has(t);
      case 'random':
        return evidence.uniform() < trigger.rate;
      case 'alarm':
        return evidence.alarmed(trigger.monitors, trigger.level) && !evidence.inFlight;
      case 'metric': {
        const value = evidence.observed(trigger.metric);
        return value !== null && this.history.asks(trigger.rule, value) && !evidence.inFlight;
      }
      case 'staleness': {
        const { cumulative, now } = evidence.stale;
        const lost = trigger.how === 'cumulative' ? cumulative : now * trigger.horizon;
        return lost > trigger.over * evidence.price && !evidence.inFlight;
      }
      default:
        return false;
    }
  }
}
