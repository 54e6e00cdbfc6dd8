/**
 * A small generator of its own for one individual's draw: xoshiro64**, seeded with two words of the stream.
 *
 * Rejection samplers (gamma, beta, Poisson with a large mean) use as many words as they happen to need. If they took
 * them from the stream itself, a parameter that changes for one individual would move the draws of all who follow.
 * With two words each for everybody, individual i draws from the same source in a run and in its twin.
 *
 * Source: Blackman and Vigna (2021), ACM TOMS 47(4).
 */
import { toUniform } from './stream.js';

export class LocalStream {
  private s0 = 1;
  private s1 = 0;

  reseed(a: number, b: number): void {
    this.s0 = a | 0;
    // Zero for both would stay zero for ever.
    this.s1 = (b | 0) === 0 && (a | 0) === 0 ? 1 : b | 0;
  }

  word(): number {
    const { s0 } = this;
    const scrambled = Math.imul(s0, 0x9e3779bb);
    const result = Math.imul((scrambled << 5) | (scrambled >>> 27), 5);
    const s1 = this.s1 ^ s0;
    this.s0 = ((s0 << 26) | (s0 >>> 6)) ^ s1 ^ (s1 << 9);
    this.s1 = (s1 << 13) | (s1 >>> 19);
    return result;
  }

  uniform(): number {
    return toUniform(this.word(), this.word());
  }
}
