/** Sums over columns, unrolled: additions do not wait for each other, and each value is loaded once for four columns. */

/** sum_i a[i] b[start + i], i < n. */
export function dot(a: Float64Array, b: Float64Array, n: number, start = 0): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const k = start + i;
    s0 += a[i] * b[k];
    s1 += a[i + 1] * b[k + 1];
    s2 += a[i + 2] * b[k + 2];
    s3 += a[i + 3] * b[k + 3];
  }
  for (; i < n; i++) s0 += a[i] * b[start + i];
  return s0 + s1 + (s2 + s3);
}

/** sum_i x[i], i < n. */
export function sum(x: Float64Array, n: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    s0 += x[i];
    s1 += x[i + 1];
    s2 += x[i + 2];
    s3 += x[i + 3];
  }
  for (; i < n; i++) s0 += x[i];
  return s0 + s1 + (s2 + s3);
}

/** out_i = intercept + sum_j coefficients_j columns_j[start + i], i < n. */
export function linearCombination(
  intercept: number,
  coefficients: ArrayLike<number>,
  columns: readonly Float64Array[],
  out: Float64Array,
  n: number,
  start = 0,
): void {
  out.fill(intercept, 0, n);
  let j = 0;
  for (; j + 3 < columns.length; j += 4) {
    const [c0, c1, c2, c3] = [coefficients[j], coefficients[j + 1], coefficients[j + 2], coefficients[j + 3]];
    const [x0, x1, x2, x3] = [columns[j], columns[j + 1], columns[j + 2], columns[j + 3]];
    for (let i = 0; i < n; i++) {
      const k = start + i;
      out[i] += c0 * x0[k] + c1 * x1[k] + (c2 * x2[k] + c3 * x3[k]);
    }
  }
  // Of the last three columns one pass, of two one; nothing is read beyond them.
  const left = columns.length - j;
  if (left === 0) return;
  const c0 = coefficients[j];
  const x0 = columns[j];
  if (left === 1) {
    for (let i = 0; i < n; i++) out[i] += c0 * x0[start + i];
    return;
  }
  const c1 = coefficients[j + 1];
  const x1 = columns[j + 1];
  if (left === 2) {
    for (let i = 0; i < n; i++) out[i] += c0 * x0[start + i] + c1 * x1[start + i];
    return;
  }
  const c2 = coefficients[j + 2];
  const x2 = columns[j + 2];
  for (let i = 0; i < n; i++) out[i] += c0 * x0[start + i] + c1 * x1[start + i] + c2 * x2[start + i];
}

/** out[j] += sum_i a[i] columns_j[start + i], i < n. */
export function addDots(
  out: Float64Array,
  a: Float64Array,
  columns: readonly Float64Array[],
  n: number,
  start = 0,
): void {
  let j = 0;
  for (; j + 3 < columns.length; j += 4) {
    const [x0, x1, x2, x3] = [columns[j], columns[j + 1], columns[j + 2], columns[j + 3]];
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0; i < n; i++) {
      const v = a[i];
      const k = start + i;
      s0 += v * x0[k];
      s1 += v * x1[k];
      s2 += v * x2[k];
      s3 += v * x3[k];
    }
    out[j] += s0;
    out[j + 1] += s1;
    out[j + 2] += s2;
    out[j + 3] += s3;
  }
  for (; j < columns.length; j++) out[j] += dot(a, columns[j], n, start);
}

/** Whether the first `n` numbers are finite: 0 times any other is missing. */
export function allFinite(x: Float64Array, n = x.length): boolean {
  let z0 = 0;
  let z1 = 0;
  let z2 = 0;
  let z3 = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    z0 += 0 * x[i];
    z1 += 0 * x[i + 1];
    z2 += 0 * x[i + 2];
    z3 += 0 * x[i + 3];
  }
  for (; i < n; i++) z0 += 0 * x[i];
  return z0 + z1 + z2 + z3 === 0;
}

/** The numbers of several columns, one after the other; of one column, itself. */
export function concatenated(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0];
  const out = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Whether all numbers are one and the same. */
export function isConstant(x: Float64Array): boolean {
  for (let i = 1; i < x.length; i++) if (x[i] !== x[0]) return false;
  return true;
}

/** The places 0 to n - 1. */
export function indices(n: number): Int32Array {
  const out = new Int32Array(n);
  for (let i = 0; i < n; i++) out[i] = i;
  return out;
}

/** The numbers of a column at some places. */
export function pick(column: Float64Array, places: Int32Array): Float64Array {
  const out = new Float64Array(places.length);
  for (let k = 0; k < places.length; k++) out[k] = column[places[k]];
  return out;
}
