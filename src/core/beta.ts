/** The beta distribution: its distribution function. */
import { logGamma } from './gamma.js';

/**
 * The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22) evaluated with the modified
 * Lentz method (Lentz 1976; Thompson and Barnett 1986).
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  const TINY = 1e-300;
  let c = 1;
  let d = 1 / keep(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / keep(1 + term * d);
      c = keep(1 + term / c);
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * fraction;

  function keep(value: number): number {
    return Math.abs(value) < TINY ? TINY : value;
  }
}

/** log B(a, b). For large a the difference of log gammas would lose digits: b = 1 / 2 has an asymptotic series. */
function logBeta(a: number, b: number): number {
  const [large, small] = a > b ? [a, b] : [b, a];
  if (large > 1e4 && small === 0.5) {
    // Gamma(a) / Gamma(a + 1/2) = a^(-1/2) (1 + 1/(8a) + 1/(128a^2) - 5/(1024a^3) - ...): DLMF 5.11.13.
    const u = 1 / large;
    return 0.5 * Math.log(Math.PI / large) + Math.log1p(u / 8 + (u * u) / 128 - (5 * u ** 3) / 1024);
  }
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
