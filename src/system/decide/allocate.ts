/**
 * Allocation: so many units go to individuals, such as patrols to areas. `proportional`: each unit goes to one at random,
 * with probability proportional to its score. `greedy`: all go to the highest. Where no score is above 0, each is as likely.
 *
 * Source: Ensign, Friedler, Neville, Scheidegger, Venkatasubramanian (2018), "Runaway feedback loops in predictive
 * policing", FAT*; Elzayn et al. (2019), "Fair algorithms for learning in allocation problems", FAT*.
 */
import type { Formula } from '../../core/formula/index.js';
import { fillUniform } from '../../core/random/index.js';
import type { Rule } from './decide.js';

/** The decision is the number of units, the chance that of one unit. */
export function allocate(score: Formula, units: number, how: 'proportional' | 'greedy'): Rule {
  return (frame, id, out, chance) => {
    const scores = frame.buffer('scores');
    score.evaluate(frame.environment(`${id}.score`), scores);
    const { rows, weights } = frame;
    for (let i = 0; i < rows; i++) {
      const isThere = weights === null || weights[i] > 0;
      chance[i] = isThere && scores[i] > 0 ? scores[i] : 0;
    }
    const draws = new Float64Array(units);
    fillUniform(frame.stream(`${id}.units`), draws, units);
    share(how === 'greedy' ? highest(chance) : chance);
    out.fill(0);
    for (let u = 0; u < units; u++) out[pick(chance, draws[u])]++;
  };
}

/** Only the highest remain, in place. */
function highest(chance: Float64Array): Float64Array {
  const most = chance.reduce((a, b) => Math.max(a, b), 0);
  for (let i = 0; i < chance.length; i++) chance[i] = chance[i] === most ? 1 : 0;
  return chance;
}

/** Made to add up to 1, in place. */
function share(chance: Float64Array): void {
  const total = chance.reduce((a, b) => a + b, 0);
  for (let i = 0; i < chance.length; i++) chance[i] = total > 0 ? chance[i] / total : 1 / chance.length;
}

function pick(chance: Float64Array, u: number): number {
  let cumulative = 0;
  let last = 0;
  for (let i = 0; i < chance.length; i++) {
    if (chance[i] === 0) continue;
    cumulative += chance[i];
    last = i;
    if (u < cumulative) return i;
  }
  return last;
}
