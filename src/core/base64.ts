/** Base64 (RFC 4648, with padding) of columns, little-endian, on any JavaScript engine: neither Node's way nor the browser's. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(LETTERS, (letter) => letter.charCodeAt(0));
const PAD = 61;
/** Arguments of one call: engines take some tens of thousands. */
const CHUNK = 8192;

export function base64(bytes: Uint8Array): string {
  const n = bytes.length;
  const out = new Uint8Array(Math.ceil(n / 3) * 4);
  let k = 0;
  for (let i = 0; i < n; i += 3) {
    const word = (bytes[i] << 16) | ((i + 1 < n ? bytes[i + 1] : 0) << 8) | (i + 2 < n ? bytes[i + 2] : 0);
    out[k++] = CODES[word >> 18];
    out[k++] = CODES[(word >> 12) & 63];
    out[k++] = CODES[(word >> 6) & 63];
    out[k++] = CODES[word & 63];
  }
  if (n % 3 > 0) out[k - 1] = PAD;
  if (n % 3 === 1) out[k - 2] = PAD;
  let text = '';
  for (let start = 0; start < out.length; start += CHUNK) {
    // `apply` takes any array-like, five times as fast as a spread; its type knows arrays only.
    text += String.fromCharCode.apply(null, out.subarray(start, start + CHUNK) as unknown as number[]);
  }
  return text;
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Numbers as little-endian float32; NaN stays NaN, and what is too large becomes an infinity. */
export function base64OfFloats(values: Float32Array): string {
  if (isLittleEndian) return base64(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const view = new DataView(new ArrayBuffer(values.byteLength));
  values.forEach((value, i) => {
    view.setFloat32(4 * i, value, true);
  });
  return base64(new Uint8Array(view.buffer));
}
