/**
 * Scrambling of a digital net: the points become uniform draws, each alone, and stay as even as they were together.
 *
 * - `owen`: nested uniform scrambling. Each bit is flipped or not, by a coin of its own for every pattern of the bits above it.
 * - `shift`: digital shift. The same bits are flipped in every point.
 * - `none`: the sequence as it was published; its first point is the lower corner of the cube.
 *
 * Source: Owen (1995), "Randomly permuted (t,m,s)-nets and (t,s)-sequences"; L'Ecuyer and Lemieux (2002), "Recent advances
 * in randomized quasi-Monte Carlo methods", for the digital shift.
 */
import { mixed, Stream } from '../../core/random/index.js';

export const SCRAMBLES = ['owen', 'shift', 'none'] as const;
export type Scramble = (typeof SCRAMBLES)[number];

/** Scrambles rows of `d` words in place; column j depends on the seed and j only. */
export function scramble(words: Uint32Array, d: number, how: Scramble, seed: number): Uint32Array {
  if (how === 'none') return words;
  for (let j = 0; j < d; j++) {
    const key = new Stream({ seed, replicate: 0, component: `sweep/scramble/${j}`, step: 0 }).word();
    for (let i = j; i < words.length; i += d) words[i] = how === 'shift' ? words[i] ^ key : nested(words[i], key);
  }
  return words;
}

/** The coin of a bit is a hash of the key, the bit's place and the bits above it. */
function nested(word: number, key: number): number {
  let out = 0;
  for (let bit = 31; bit >= 0; bit--) {
    const above = bit === 31 ? 0 : word >>> (bit + 1);
    const coin = mixed(mixed(key ^ Math.imul(bit + 1, 0x9e3779b9)) ^ above) >>> 31;
    out |= (((word >>> bit) & 1) ^ coin) << bit;
  }
  return out;
}
