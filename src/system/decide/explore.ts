/**
 * Exploration: a random share is chosen whatever the score says, so that something is learnt of those who would never be.
 * The probability of being chosen becomes share + (1 - share) * before.
 *
 * Source: Sutton and Barto (2018), "Reinforcement Learning", chapter 2 (epsilon-greedy); for selective labels: Kilbertus et
 * al. (2020), "Fair decisions despite imperfect predictions", AISTATS.
 */
import type { Frame } from '../../core/frame.js';
import { fillUniform } from '../../core/random/index.js';

export function explore(frame: Frame, id: string, share: number, out: Float64Array, chance: Float64Array): void {
  const draws = frame.buffer('draws');
  fillUniform(frame.stream(`${id}.explore`), draws, frame.rows);
  for (let i = 0; i < frame.rows; i++) {
    if (draws[i] < share) out[i] = 1;
    chance[i] = share + (1 - share) * (Number.isNaN(chance[i]) ? 0 : chance[i]);
  }
}
