/** Base64 against Node's own. */
import { expect, it } from 'vitest';
import { base64, base64OfFloats } from '../../src/core/base64.js';

it.each([0, 1, 2, 3, 4, 5, 6, 255, 256, 8191, 24_577])('%i bytes', (n) => {
  const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 151 + (i >> 3)) & 255);
  expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});

it('floats, also a part of an array, as little-endian float32', () => {
  const all = Float32Array.of(0, 1.5, Number.NaN, -1e30, 7);
  const text = base64OfFloats(all.subarray(1, 4));
  const bytes = Buffer.from(text, 'base64');
  expect([0, 4, 8].map((at) => bytes.readFloatLE(at))).toEqual([1.5, Number.NaN, Math.fround(-1e30)]);
});
