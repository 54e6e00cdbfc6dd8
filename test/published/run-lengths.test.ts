/**
 * P11a, P11b, P11f: how long detectors run until they alarm, and how often tests of two samples alarm where nothing changed.
 * Against the integral equations of run lengths and the laws of the statistics; each run goes on to its alarm.
 */
import { describe, expect, it } from 'vitest';
import { chiSquareTail } from '../../src/core/chi-square.js';
import { twoSampleTail } from '../../src/core/kolmogorov.js';
import { fillNormal, fillUniform, Stream } from '../../src/core/random/index.js';
import { type CusumOptions, cusum } from '../../src/watch/detectors/cusum.js';
import type { Detector } from '../../src/watch/detectors/index.js';
import { shewhart } from '../../src/watch/detectors/shewhart.js';
import { COMPARISONS, ks, psiPValue, sampleOf } from '../../src/watch/two-sample/index.js';

const stream = (component: string, replicate = 0): Stream => new Stream({ seed: 11, replicate, component, step: 0 });

/** Normal draws one by one, mean `shift`. */
function normals(component: string, shift = 0): () => number {
  const source = stream(component);
  const block = new Float64Array(4096);
  let i = block.length;
  return () => {
    if (i === block.length) {
      fillNormal(source, block, block.length);
      i = 0;
    }
    return block[i++] + shift;
  };
}

/** A chart whose reference is given, where otherwise the first values would fix it: the textbook's. */
function knownReference(chart: Detector, mean = 0, sigma = 1): () => void {
  const { memory } = chart.state();
  const state = { spent: false, memory: { ...memory, n: 2, mean, sigma } };
  return () => chart.restore(state);
}

/** Number of values up to and with the alarm, of each of so many runs. */
function runLengths(chart: Detector, begin: () => void, next: () => number, runs: number): Float64Array {
  return Float64Array.from({ length: runs }, () => {
    begin();
    let length = 1;
    while (chart.update(next()) !== 'alarm') length++;
    return length;
  });
}

const meanOf = (x: Float64Array): number => x.reduce((sum, v) => sum + v, 0) / x.length;

/** Options with a reference of two values: the least that the chart takes, and none of them is drawn. */
const textbook = (options: CusumOptions): Detector => cusum({ minInstances: 2, slack: 0.5, ...options });

describe('run lengths of CUSUM, k = 0.5', () => {
  const RUNS = 8000;
  // Page (1954); the published 168, 465, 8.38 and 10.4 to more digits, by the integral equation.
  it.each([
    ['both', 4, 0, 167.68],
    ['both', 5, 0, 465.44],
    ['both', 4, 1, 8.383],
    ['both', 5, 1, 10.376],
    ['up', 4, 0, 335.37],
    ['up', 4, 0.25, 77.08],
    ['up', 4, 0.5, 26.68],
    ['up', 4, 1.5, 4.75],
    ['up', 4, 2, 3.34],
    ['up', 5, 0.25, 141.69],
    ['up', 5, 0.5, 38.01],
    ['up', 5, 1.5, 5.75],
    ['up', 5, 2, 4.01],
  ] as const)('%s, h = %d, shift %d: %d', (mode, threshold, shift, arl) => {
    const chart = textbook({ threshold, mode });
    const lengths = runLengths(chart, knownReference(chart), normals(`${mode} ${threshold} ${shift}`, shift), RUNS);
    // A run length spreads by less than its mean: a geometric one by as much.
    expect(Math.abs(meanOf(lengths) - arl)).toBeLessThan((4 * arl) / Math.sqrt(RUNS));
  });

  it('fall with the shift as Siegmund has it, within 1 % where nothing shifts', () => {
    const approximate = (h: number, shift: number): number => {
      const [delta, b] = [shift - 0.5, h + 1.166];
      return (Math.exp(-2 * delta * b) + 2 * delta * b - 1) / (2 * delta * delta);
    };
    expect(approximate(4, 0) / 335.37).toBeCloseTo(1, 1.7);
    expect(approximate(5, 0) / 930.89).toBeCloseTo(1, 1.7);
  });
});

describe('false alarms where nothing changes, over 1,000 runs', () => {
  const RUNS = 1000;
  /** Three standard errors of a share. */
  const within = (p: number): number => 3 * Math.sqrt((p * (1 - p)) / RUNS);

  it('Shewhart, 3 sigma, within 200 values', () => {
    const chart = shewhart({ minInstances: 2, k: 3 });
    const lengths = runLengths(chart, knownReference(chart), normals('shewhart'), RUNS);
    // 1 - (1 - 2 Phi(-3)) ^ 200
    const nominal = 1 - 0.9973002039367398 ** 200;
    expect(Math.abs(lengths.filter((n) => n <= 200).length / RUNS - nominal)).toBeLessThan(within(nominal));
  });

  it.each([
    [4, 167.68],
    [5, 465.44],
  ])('CUSUM, h = %d: one in %d values, starting afresh after each', (threshold, arl) => {
    const [chart, length] = [textbook({ threshold }), 500];
    const [begin, next] = [knownReference(chart), normals(`rate ${threshold}`)];
    let alarms = 0;
    for (let run = 0; run < RUNS; run++) {
      begin();
      for (let t = 0; t < length; t++) {
        if (chart.update(next()) !== 'alarm') continue;
        alarms++;
        begin();
      }
    }
    // A renewal process: length / arl + (cv^2 - 1) / 2 alarms, sd cv sqrt(length / arl), where run lengths spread by 0.97 of their mean.
    const mean = length / arl - 0.03;
    expect(Math.abs(alarms / RUNS - mean)).toBeLessThan(3 * Math.sqrt(length / arl / RUNS));
  });

  /** Share of 1,000 pairs of normal samples with p < 0.05. */
  function alarms(name: 'ks' | 'psi', n: number, m: number): number {
    const next = normals(`${name} ${n} ${m}`);
    let count = 0;
    for (let run = 0; run < RUNS; run++) {
      const reference = sampleOf(Float64Array.from({ length: n }, next));
      const { p } = COMPARISONS[name].against(reference, null)(sampleOf(Float64Array.from({ length: m }, next)));
      if (p !== null && p < 0.05) count++;
    }
    return count / RUNS;
  }

  it('KS, p < 0.05, small samples: the share that the lattice of D allows', () => {
    // D moves in steps of 1 / 100: the largest attainable p below 0.05 is what is alarmed on.
    const attained = Array.from({ length: 100 }, (_, k) => twoSampleTail(k, 100, 100)).find((p) => p < 0.05);
    expect(attained).toBeCloseTo(0.0364, 3);
    expect(Math.abs(alarms('ks', 100, 100) - (attained ?? 0))).toBeLessThan(within(attained ?? 0));
  });

  it('KS, p < 0.05, samples whose D takes many values', () => {
    expect(Math.abs(alarms('ks', 300, 299) - 0.05)).toBeLessThan(within(0.05));
  });

  it('PSI, p < 0.05', () => {
    expect(Math.abs(alarms('psi', 1000, 1000) - 0.05)).toBeLessThan(within(0.05));
  });
});

describe('PSI of ten bins where nothing changed', () => {
  const RUNS = 4000;

  it.each([
    [100, 0.834],
    [200, 0.35],
    [500, 0.003],
  ])('n = m = %d: mean 9 (1 / n + 1 / m), and above 0.1 with probability %d', (n, above) => {
    expect(psiPValue(0.1, 10, n, n)).toBeCloseTo(above, 3);
    expect(chiSquareTail(0.1 / (2 / n), 9)).toBeCloseTo(above, 3);
    const next = normals(`psi ${n}`);
    const values = Float64Array.from({ length: RUNS }, () => {
      const against = COMPARISONS.psi.against(sampleOf(Float64Array.from({ length: n }, next)), null);
      return against(sampleOf(Float64Array.from({ length: n }, next))).statistic;
    });
    const [mean, sd] = [18 / n, Math.sqrt(18) * (2 / n)];
    // ln(1 + u) beyond its first term adds 108 / n^2: 3 v^2 / 3 of the fourth moment of a bin's relative error, of variance
    // v = 18 / n, less half of its third moment, (72 + 144 + 216) / n^2.
    const bias = 108 / (n * n);
    expect(Math.abs(meanOf(values) - mean)).toBeLessThan((4 * sd) / Math.sqrt(RUNS) + bias);
    const share = values.filter((v) => v > 0.1).length / RUNS;
    const shifted = Math.abs(psiPValue(0.1 / (1 + bias / mean), 10, n, n) - above);
    expect(Math.abs(share - above)).toBeLessThan(4 * Math.sqrt((above * (1 - above)) / RUNS) + shifted);
  });
});

describe('the error rate of batches of 200 (P11f)', () => {
  const [before, after] = [0.066807, 0.110336];
  const RUNS = 4000;

  /** Error rates of batches: the binomial distribution, inverted. */
  function batches(rate: number): () => number {
    const source = stream(`batches ${rate}`);
    const u = new Float64Array(1);
    const below: number[] = [];
    for (let k = 0, p = (1 - rate) ** 200, sum = 0; k <= 200; k++) {
      sum += p;
      below.push(sum);
      p *= ((200 - k) / (k + 1)) * (rate / (1 - rate));
    }
    return () => {
      fillUniform(source, u, 1);
      let wrong = 0;
      while (wrong < 200 && u[0] >= below[wrong]) wrong++;
      return wrong / 200;
    };
  }

  it.each([
    ['as in the lab: 455 batches to a false alarm', before, 455],
    ['with a noisy instrument: 3.2 batches', after, 3.2],
  ])('%s', (_name, rate, arl) => {
    const chart = textbook({ threshold: 5 });
    const begin = knownReference(chart, before, Math.sqrt((before * (1 - before)) / 200));
    const lengths = runLengths(chart, begin, batches(rate), RUNS);
    expect(Math.abs(meanOf(lengths) - arl)).toBeLessThan((4 * arl) / Math.sqrt(RUNS));
  });
});

describe('KS of two normal distributions', () => {
  it.each([
    [0.1, 0.0399],
    [0.25, 0.0995],
    [0.5, 0.1974],
    [1, 0.3829],
  ])('shifted by %d: %d', (shift, d) => {
    const n = 40_000;
    const next = normals(`shift ${shift}`);
    const reference = sampleOf(Float64Array.from({ length: n }, next));
    const current = sampleOf(Float64Array.from({ length: n }, () => next() + shift));
    // 4 sd of the difference of two shares: 4 sqrt(2 * 0.25 / n).
    expect(Math.abs(ks(reference, current).statistic - d)).toBeLessThan(0.0142);
  });
});
