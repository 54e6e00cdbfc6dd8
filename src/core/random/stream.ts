/**
 * Random streams. Everything random in a run is drawn from a stream keyed by (seed, replicate, component, step), so
 * that switching one mechanism off leaves every other draw as it was (common random numbers).
 *
 * `seedrandom` turns the key into 128 bits; from them xoshiro128++ draws 32-bit words in blocks. Keys that differ in the
 * last digit of the step get bits that are nearly linear in it, and the first word is a sum of two of the four: without
 * mixing, the first draws of neighbouring steps depend on each other.
 *
 * Source: Blackman and Vigna (2021), "Scrambled linear pseudorandom number generators", ACM TOMS 47(4); mixing: the
 * finalizer of Appleby's MurmurHash3 (2011).
 */
import seedrandom from 'seedrandom';
import { mixed } from './mixed.js';

/** What a stream is keyed by. `component` is the name of what draws: a field, a mechanism, a model. */
export interface StreamKey {
  readonly seed: number;
  readonly replicate: number;
  readonly component: string;
  readonly step: number;
}

/** 2^-53: the spacing of the uniform draws. */
export const UNIFORM_STEP = 2 ** -53;

/** A stream of 32-bit words; its state is four 32-bit integers. */
export class Stream {
  /** Streams opened so far in this thread: a run that opens none is the same whatever the seed. */
  static opened = 0;
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;

  constructor(key: StreamKey) {
    Stream.opened++;
    const seeded = seedrandom.alea(`${key.seed}/${key.replicate}/${key.component}/${key.step}`);
    this.s0 = mixed(seeded.int32());
    this.s1 = mixed(seeded.int32());
    this.s2 = mixed(seeded.int32());
    // An all-zero state would stay zero for ever.
    this.s3 = mixed(seeded.int32()) | 1;
  }

  /** Fills the first `count` places of `out` with signed 32-bit words. */
  words(out: Int32Array, count: number): void {
    let { s0, s1, s2, s3 } = this;
    for (let i = 0; i < count; i++) {
      const sum = (s0 + s3) | 0;
      out[i] = (((sum << 7) | (sum >>> 25)) + s0) | 0;
      const t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
    }
    this.s0 = s0;
    this.s1 = s1;
    this.s2 = s2;
    this.s3 = s3;
  }

  /** One signed 32-bit word. */
  word(): number {
    const sum = (this.s0 + this.s3) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + this.s0) | 0;
    const t = this.s1 << 9;
    this.s2 ^= this.s0;
    this.s3 ^= this.s1;
    this.s1 ^= this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= t;
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21);
    return result;
  }

  /** One uniform draw on [0, 1) with 53 bits. */
  uniform(): number {
    return toUniform(this.word(), this.word());
  }
}

/** Two 32-bit words to a uniform on [0, 1) with 53 bits. */
export function toUniform(high: number, low: number): number {
  return ((high >>> 5) * 67108864 + (low >>> 6)) * UNIFORM_STEP;
}
