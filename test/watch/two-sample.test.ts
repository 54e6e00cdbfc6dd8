/** Tests and distances of two samples against reference vectors, and small samples worked out by hand. */
import { describe, expect, it } from 'vitest';
import {
  chiSquare,
  doaneEdges,
  energyDistance,
  hellinger,
  jensenShannon,
  type KsOptions,
  kernelMatrix,
  ks,
  lInfinity,
  medianSigma,
  mmd,
  mmdTest,
  psi,
  psiNullQuantile,
  psiPValue,
  quantileEdges,
  type Sample,
  sampleOf,
  sharesBetween,
  sharesOf,
  sharesWithin,
  standardDeviation,
  wasserstein,
} from '../../src/watch/two-sample/index.js';
import { missing } from '../support/shared.js';
import { type VectorCase, vectorCases, vectorColumns } from '../support/vectors.js';

const cases = (folder: string, ...starts: string[]): readonly VectorCase[] =>
  missing(`vectors/${folder}/expected.json`)
    ? []
    : vectorCases(folder).filter(({ id }) => starts.some((start) => id.startsWith(start)));
const columns = (folder: string) => (missing(`vectors/${folder}/expected.json`) ? {} : vectorColumns(folder));
const ofPair = (input: Record<string, Float64Array>, pair = ''): [Sample, Sample] => [
  sampleOf(input[`${pair}__ref`]),
  sampleOf(input[`${pair}__cur`]),
];
const close = (value: number, expected: number, tolerance: number): void =>
  expect(Math.abs(value - expected), `${value} for ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.max(Math.abs(expected), tolerance === 1e-12 ? 1 : 1e-300),
  );
const counts = (params: Readonly<Record<string, unknown>>): [Float64Array, Float64Array] => [
  Float64Array.from(params.ref_counts as number[]),
  Float64Array.from(params.cur_counts as number[]),
];
const expectedValue = ({ result }: VectorCase): number => Number((result as { value: number }).value);

describe('Kolmogorov-Smirnov', () => {
  const input = columns('ks');
  it.skipIf(missing('vectors/ks/expected.json')).each(cases('ks', 'scipy-'))('$id', ({ pair, params, result }) => {
    const { alternative, method } = params as { alternative: KsOptions['alternative']; method: string };
    const expected = result as { statistic: number; p_value: number };
    const found = ks(...ofPair(input, pair), {
      alternative,
      method: method === 'asymp' ? 'asymptotic' : (method as 'exact' | 'auto'),
    });
    close(found.statistic, expected.statistic, 1e-12);
    // The statistic is given to 12 digits; a p-value moves with it.
    close(found.pValue, expected.p_value, method === 'asymp' ? 1e-6 : 1e-9);
  });

  it('has the exact p-value of 1 over all orders, by hand', () => {
    // Of 2 + 2 values: D = 1 in 2 of the 6 orders.
    const { pValue, statistic } = ks(sampleOf(Float64Array.of(1, 2)), sampleOf(Float64Array.of(3, 4)));
    expect(statistic).toBe(1);
    expect(pValue).toBeCloseTo(1 / 3, 14);
  });

  it('weighs: a weight of 2 is the value twice, for the statistic', () => {
    const twice = ks(sampleOf(Float64Array.of(1, 1, 5)), sampleOf(Float64Array.of(0, 2, 6)));
    const weighed = ks(sampleOf(Float64Array.of(1, 5), Float64Array.of(2, 1)), sampleOf(Float64Array.of(0, 2, 6)));
    expect(weighed.statistic).toBeCloseTo(twice.statistic, 14);
  });

  it('takes weights of 0 and 1 for who counts: the p-value stays exact', () => {
    const masked = sampleOf(Float64Array.of(9, 1, 2, -5), Float64Array.of(0, 1, 1, 0));
    expect(ks(masked, sampleOf(Float64Array.of(3, 4))).pValue).toBeCloseTo(1 / 3, 14);
  });

  it('of nothing is not a number', () => {
    expect(ks(sampleOf(Float64Array.of(Number.NaN)), sampleOf(Float64Array.of(1))).pValue).toBeNaN();
  });
});

describe('chi-square', () => {
  const there = !missing('vectors/chi_square/expected.json');
  it.skipIf(!there).each(cases('psi', 'spec-cat-'))('$id', ({ id, params }) => {
    const name = id.replace('spec-cat-', '');
    const expected = cases('chi_square', `scipy-plain-${name}`)[0].result as Record<string, number>;
    const found = chiSquare(...counts(params));
    close(found.statistic, expected.statistic, 1e-9);
    close(found.pValue, expected.p_value, 1e-9);
    expect(found.freedom).toBe(expected.dof);
    const corrected = chiSquare(...counts(params), true);
    const yates = cases('chi_square', `scipy-yates-${name}`)[0].result as Record<string, number>;
    close(corrected.statistic, yates.statistic, 1e-9);
    close(corrected.pValue, yates.p_value, 1e-9);
    // The reference takes the corrected statistic.
    const v = (cases('chi_square', `deepchecks-cramersv-${name}`)[0].result as { value: number | 'NaN' }).value;
    if (v === 'NaN') expect(corrected.cramersV).toBeNaN();
    else close(corrected.cramersV, v, 1e-9);
  });

  it('has the closed form of two categories', () => {
    // n (ad - bc)^2 / (row and column totals)
    const { statistic } = chiSquare(Float64Array.of(10, 20), Float64Array.of(15, 5));
    expect(statistic).toBeCloseTo((50 * (10 * 5 - 20 * 15) ** 2) / (30 * 20 * 25 * 25), 12);
  });
});

describe('PSI', () => {
  const input = columns('psi');
  const all = cases('psi', 'spec-').filter(({ id }) => !id.startsWith('spec-cat-'));
  it.skipIf(all.length === 0).each(all)('$id', ({ pair, result }) => {
    const expected = result as { value: number; edges_inner: number[]; p_ref: number[]; p_cur: number[] };
    const [reference, current] = ofPair(input, pair);
    const edges = quantileEdges(reference, 10);
    expect(edges.length).toBe(expected.edges_inner.length);
    edges.forEach((edge, k) => void close(edge, expected.edges_inner[k], 1e-9));
    const r = sharesBetween(edges, reference);
    const c = sharesBetween(edges, current);
    r.forEach((share, k) => void close(share, expected.p_ref[k], 1e-9));
    c.forEach((share, k) => void close(share, expected.p_cur[k], 1e-9));
    close(psi(r, c), expected.value, 1e-9);
  });
  it.skipIf(all.length === 0).each(cases('psi', 'spec-cat-'))('$id', (one) => {
    const [r, c] = counts(one.params);
    close(psi(sharesOf(r), sharesOf(c)), expectedValue(one), 1e-9);
  });

  it('has the null mean (B - 1) (1 / n + 1 / m) and its quantile', () => {
    // Median of chi-square with 2 degrees of freedom: 2 ln 2.
    expect(psiNullQuantile(0.5, 3, 100, 400)).toBeCloseTo(2 * Math.log(2) * (1 / 100 + 1 / 400), 12);
    expect(psiPValue(psiNullQuantile(0.95, 10, 300, 200), 10, 300, 200)).toBeCloseTo(0.05, 10);
  });

  it('weighs: a weight of 2 is the value twice', () => {
    const edges = Float64Array.of(1.5);
    expect([...sharesBetween(edges, sampleOf(Float64Array.of(1, 2), Float64Array.of(2, 1)))]).toEqual([2 / 3, 1 / 3]);
    expect([...quantileEdges(sampleOf(Float64Array.of(1, 2, 3), Float64Array.of(1, 1, 2)), 2)]).toEqual([2]);
  });
});

describe('Jensen-Shannon, Hellinger, L-infinity', () => {
  const input = columns('jensen_shannon');
  const all = cases('jensen_shannon', 'nannyml-js-', 'nannyml-hellinger-').filter(({ params }) => 'bins' in params);
  it.skipIf(all.length === 0).each(all)('$id', ({ id, pair, result }) => {
    const expected = result as { value: number; bin_edges?: number[]; p_ref?: number[] };
    const [reference, current] = ofPair(input, pair);
    const edges = doaneEdges(reference);
    if (expected.bin_edges !== undefined) {
      expect(edges.length).toBe(expected.bin_edges.length);
      edges.forEach((edge, k) => void close(edge, expected.bin_edges?.[k] ?? Number.NaN, 1e-9));
    }
    const distance = id.startsWith('nannyml-js') ? jensenShannon : hellinger;
    close(distance(sharesWithin(edges, reference), sharesWithin(edges, current)), expected.value, 1e-7);
  });
  const categorical = cases('jensen_shannon', 'nannyml-').filter(({ params }) => 'ref_counts' in params);
  it.skipIf(all.length === 0).each(categorical)('$id', (one) => {
    const [r, c] = counts(one.params).map(sharesOf);
    const distance = one.id.includes('jensen') ? jensenShannon : one.id.includes('hell') ? hellinger : lInfinity;
    close(distance(r, c), expectedValue(one), 1e-9);
  });
  it.skipIf(all.length === 0).each(cases('jensen_shannon', 'scipy-pmf-'))('$id', ({ params, result }) => {
    const p = Float64Array.from(params.p as number[]);
    const q = Float64Array.from(params.q as number[]);
    close(jensenShannon(p, q), (result as { base2: number }).base2, 1e-9);
    close(jensenShannon(p, q, Math.E), (result as { nat: number }).nat, 1e-9);
  });

  it('is 1 where nothing is shared', () => {
    expect(jensenShannon(Float64Array.of(1, 0), Float64Array.of(0, 1))).toBeCloseTo(1, 14);
    expect(hellinger(Float64Array.of(1, 0), Float64Array.of(0, 1))).toBeCloseTo(1, 14);
  });
});

describe('Wasserstein and energy distance', () => {
  const input = columns('wasserstein');
  const all = cases('wasserstein', 'scipy-', 'evidently-');
  it.skipIf(all.length === 0).each(all)('$id', (one) => {
    const [reference, current] = ofPair(input, one.pair);
    const found = one.id.startsWith('scipy-energy')
      ? energyDistance(reference, current)
      : wasserstein(reference, current) /
        (one.id.startsWith('evidently') ? Math.max(0.001, standardDeviation(reference)) : 1);
    close(found, expectedValue(one), 1e-9);
  });

  it('of a shift is the shift, with weights, too', () => {
    const x = Float64Array.of(1, 4, 9);
    const w = Float64Array.of(1, 2, 5);
    const shifted = x.map((value) => value + 2.5);
    expect(wasserstein(sampleOf(x, w), sampleOf(shifted, w))).toBeCloseTo(2.5, 12);
  });
});

describe('MMD', () => {
  const input = columns('mmd');
  const ofRows = (pair: string, side: string): Float64Array[] =>
    Object.keys(input)
      .filter((name) => name.startsWith(`${pair}__${side}`))
      .map((name) => input[name]);
  const all = cases('mmd', 'alibi-');
  it.skipIf(all.length === 0).each(all)('$id', ({ pair = '', params, result }) => {
    const expected = result as {
      sigma?: number;
      mmd2: number;
      permutations?: string[];
      mmd2_permuted?: number[];
      p_value_plus1?: number;
    };
    const reference = ofRows(pair, 'ref');
    const sigmas = Array.isArray(params.sigma) ? (params.sigma as number[]) : [medianSigma(reference)];
    if (expected.sigma !== undefined) close(sigmas[0], expected.sigma, 1e-6);
    const kernel = kernelMatrix(reference, ofRows(pair, 'cur'), sigmas);
    const n = reference[0].length;
    close(mmd(kernel, n), expected.mmd2, 1e-6);
    const orders = expected.permutations?.map((order) => order.split(' ').map(Number)) ?? [];
    // Differences of sums near 1 that nearly cancel: 1e-6 of them, not of the difference.
    for (const [k, order] of orders.entries())
      expect(Math.abs(mmd(kernel, n, order) - (expected.mmd2_permuted?.[k] ?? Number.NaN))).toBeLessThan(1e-7);
    if (expected.p_value_plus1 !== undefined)
      expect(mmdTest(kernel, n, orders).pValue).toBeCloseTo(expected.p_value_plus1, 9);
  });

  it('of two and two rows, by hand', () => {
    const k = (d: number): number => Math.exp((-d * d) / 2);
    const kernel = kernelMatrix([Float64Array.of(0, 1)], [Float64Array.of(3, 5)], [1]);
    expect(mmd(kernel, 2)).toBeCloseTo(k(1) + k(2) - (k(3) + k(5) + k(2) + k(4)) / 2, 14);
  });
});
