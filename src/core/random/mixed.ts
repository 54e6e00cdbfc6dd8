/**
 * Mixes 32 bits: every bit of the result depends on every bit of `h`; signed, and one to one.
 *
 * Source: the finalizer of Appleby's MurmurHash3 (2011).
 */
export function mixed(h: number): number {
  const a = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return b ^ (b >>> 16);
}
