/**
 * Group mix: who comes changes, not who people are. Of a category with the shares b, newcomers have the value g with
 * probability (1 - p) b_g + p m_g, where m are the new shares and p = share * min(1, since / over).
 *
 * It acts where individuals enter: what else they are follows from their group, so that within each group nothing
 * changes. Who is there stays who they are. With a turnover of r the share in the population is s_t = (1 - r) s_(t-1) + r
 * times that of the newcomers, and with everybody new at each step (r = 1) it is exactly as said, in expectation.
 *
 * `m` are weights, as those of `choice`: they are divided by their sum, and a value that is not named gets 0. `over` in
 * steps, default 0: at once. Several of one field act in turn, each on what those before made.
 *
 * Source: Moreno-Torres, Raeder, Alaiz-Rodríguez, Chawla, Herrera (2012), "A unifying view on dataset shift in
 * classification", Pattern Recognition 45 (covariate shift; of the class itself, prior probability shift).
 */
import { active, type Mechanism } from '../../core/rewrite.js';
import { progress } from './progress.js';

export interface Mix extends Mechanism {
  /** The category whose newcomers it acts on. */
  readonly field: string;
  /** Weight of each of its values in the new mix. */
  readonly toward: readonly number[];
  readonly over: number;
}

/** The weights of a category's values for who enters at step t, after each of its mixes. */
export function mixed(weights: readonly number[], mixes: readonly Mix[], t: number): readonly number[] {
  let now = weights;
  for (const mix of mixes) {
    if (!active(mix, t)) continue;
    const p = mix.share * progress(t - mix.from, mix.over);
    const [before, after] = [sum(now), sum(mix.toward)];
    now = now.map((w, g) => ((1 - p) * w) / before + (p * mix.toward[g]) / after);
  }
  return now;
}

const sum = (weights: readonly number[]): number => weights.reduce((total, w) => total + w, 0);
