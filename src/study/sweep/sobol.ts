/**
 * The Sobol' sequence: points that fill the unit cube more evenly than draws do. Its first 2^m points have exactly one in
 * each of 2^m equal slices of every coordinate.
 *
 * In Gray-code order, c(n) the place of the lowest zero bit of n, m_1 to m_s given:
 *
 *   x_n = x_(n-1) xor v_c(n-1),  v_k = m_k / 2^k
 *   m_k = 2 a_1 m_(k-1) xor ... xor 2^(s-1) a_(s-1) m_(k-s+1) xor 2^s m_(k-s) xor m_(k-s)
 *
 * Source: Sobol' (1967), USSR Comput. Math. Math. Phys. 7(4); Antonov and Saleev (1979); Bratley and Fox (1988),
 * "Algorithm 659", ACM TOMS 14(1); direction numbers: Joe and Kuo (2008).
 */
import { JOE_KUO } from './direction-numbers.js';

/** Bits of a coordinate, and so 2^32 points at most. */
const BITS = 32;

export const MOST_DIMENSIONS = JOE_KUO.length + 1;

/**
 * The first `n` points as rows of `d` words of 32 bits: a coordinate is its word over 2^32. The first point is the origin.
 * Throws a `RangeError` for more than `MOST_DIMENSIONS` dimensions.
 */
export function sobolWords(n: number, d: number): Uint32Array {
  if (d > MOST_DIMENSIONS) throw new RangeError(`a Sobol' sequence has ${MOST_DIMENSIONS} dimensions at most here`);
  const words = new Uint32Array(n * d);
  for (let j = 0; j < d; j++) {
    const v = directions(j);
    let x = 0;
    for (let i = 1; i < n; i++) {
      x ^= v[lowestZeroBit(i - 1)];
      words[i * d + j] = x;
    }
  }
  return words;
}

function directions(dimension: number): Int32Array {
  const v = new Int32Array(BITS);
  if (dimension === 0) {
    for (let k = 0; k < BITS; k++) v[k] = 1 << (BITS - 1 - k);
    return v;
  }
  const { a, m, s } = JOE_KUO[dimension - 1];
  for (let k = 0; k < BITS; k++) {
    if (k < s) {
      v[k] = m[k] << (BITS - 1 - k);
      continue;
    }
    v[k] = v[k - s] ^ (v[k - s] >>> s);
    for (let i = 1; i < s; i++) if ((a >>> (s - 1 - i)) & 1) v[k] ^= v[k - i];
  }
  return v;
}

const lowestZeroBit = (n: number): number => 31 - Math.clz32(~n & (n + 1));
