import { describe, expect, it } from 'vitest';
import { fillUniform, Stream } from '../../../src/core/random/index.js';
import { outside, standardDeviationThreshold } from '../../../src/watch/thresholds.js';
import { CBPE_METRICS, cbpe, fitCbpe, type Labelled, realised } from '../../../src/watch/without-labels/cbpe.js';
import { missing, vector } from '../../support/shared.js';
import { vectorColumns } from '../../support/vectors.js';

const stream = () => new Stream({ seed: 1, replicate: 0, component: 'cbpe', step: 0 });
const rows = (p: Float64Array, y: Float64Array, start = 0, end = p.length): Labelled => ({
  probability: p.slice(start, end),
  predicted: p.slice(start, end).map((value) => (value >= 0.5 ? 1 : 0)),
  truth: y.slice(start, end),
  n: Math.min(end, p.length) - start,
});

describe.skipIf(missing('vectors/cbpe/expected.json'))('CBPE against the reference', () => {
  interface Expected {
    needs_calibration: boolean;
    calibrator_at: { x: number[]; y: number[] };
    chunks: ({ period: string; key: string } & Record<string, Record<string, number>>)[];
  }
  const expected = missing('vectors/cbpe/expected.json') ? null : (vector('cbpe', 'cbpe-main') as Expected);
  const input = expected === null ? {} : vectorColumns('cbpe');
  const reference = expected === null ? null : rows(input.ref_p, input.ref_y);
  const THEIRS = { auc: 'roc_auc' } as Record<string, string>;

  it('calibrates as it does', () => {
    const fit = fitCbpe(reference as Labelled, stream());
    expect(fit.calibration !== null).toBe(expected?.needs_calibration);
    const q = (x: number): number => {
      const one = { probability: Float64Array.of(x), predicted: Float64Array.of(1), n: 1 };
      return cbpe(fit, one).precision.value;
    };
    expected?.calibrator_at.x.forEach((x, k) => void expect(q(x)).toBeCloseTo(expected.calibrator_at.y[k], 10));
  });

  it.each(expected?.chunks.map((chunk) => ({ ...chunk, name: `${chunk.period} ${chunk.key}` })) ?? [])(
    '$name',
    (chunk) => {
      const fit = fitCbpe(reference as Labelled, stream());
      const [start, end] = (/\[(\d+):(\d+)\]/.exec(chunk.key) as RegExpExecArray).slice(1).map(Number);
      const [p, y] = chunk.period === 'reference' ? [input.ref_p, input.ref_y] : [input.ana_p, input.ana_y];
      const own = rows(p, y, start, end + 1);
      const estimate = cbpe(fit, own);
      const real = realised(own);
      for (const metric of CBPE_METRICS) {
        const want = (chunk as unknown as Record<string, Record<string, number>>)[THEIRS[metric] ?? metric];
        const { error, lower, upper, value } = estimate[metric];
        // The reference rounds the area to 5 places and leaves a row out of its sampling error.
        const [exact, spread] = metric === 'auc' ? [2e-5, 1e-4] : [1e-9, 1e-9];
        expect(Math.abs(value - want.value), `${metric}: ${value} for ${want.value}`).toBeLessThan(exact);
        expect(Math.abs(error / want.sampling_error - 1), metric).toBeLessThan(spread);
        expect(Math.abs(upper - want.upper_confidence_boundary), metric).toBeLessThan(exact + 3 * spread * error);
        expect(Math.abs(lower - want.lower_confidence_boundary), metric).toBeLessThan(exact + 3 * spread * error);
        expect(Math.abs(real[metric] - want.realized), metric).toBeLessThan(1e-9);
      }
    },
  );

  it('sets thresholds from the reference chunks', () => {
    const chunks = expected?.chunks.filter(({ period }) => period === 'reference') ?? [];
    const before = chunks.map((_, k) => realised(rows(input.ref_p, input.ref_y, 300 * k, 300 * (k + 1))).accuracy);
    const threshold = standardDeviationThreshold(before, { limits: [0, 1] });
    const want = chunks[0].accuracy as Record<string, number>;
    expect(threshold.lower).toBeCloseTo(want.lower_threshold, 9);
    expect(threshold.upper).toBeCloseTo(want.upper_threshold, 9);
    expect(outside(0.9, threshold)).toBe(true);
  });
});

describe('CBPE', () => {
  const uniform = (component: string, n: number): Float64Array => {
    const out = new Float64Array(n);
    fillUniform(new Stream({ seed: 3, replicate: 0, component, step: 0 }), out, n);
    return out;
  };

  it('of two rows, by hand', () => {
    const fit = { calibration: null, error: { accuracy: 0.4, precision: 0, recall: 0, specificity: 0, f1: 0, auc: 0 } };
    const { accuracy, auc, f1, precision } = cbpe(fit, {
      probability: Float64Array.of(0.9, 0.2),
      predicted: Float64Array.of(1, 0),
      n: 2,
    });
    expect(accuracy.value).toBeCloseTo((0.9 + 0.8) / 2, 14);
    expect(accuracy.error).toBeCloseTo(0.4 / Math.SQRT2, 14);
    expect(accuracy.upper).toBe(1);
    expect(precision.value).toBeCloseTo(0.9, 14);
    expect(f1.value).toBeCloseTo(0.9 / (0.9 + (0.1 + 0.2) / 2), 14);
    expect(auc.value).toBeCloseTo((0.1 * 0.45 + 0.8 * (0.9 + 0.1)) / (1.1 * 0.9), 14);
  });

  it('follows a shift of the inputs, and is blind to a change of the outcome', () => {
    const n = 20_000;
    const p = uniform('reference', n);
    const y = uniform('truth', n).map((u, i) => (u < p[i] ? 1 : 0));
    const fit = fitCbpe(rows(p, y), stream());
    // The inputs move to the sure ends: accuracy 0.75 before, E max(p, 1 - p) = 0.9 after.
    const sure = uniform('current', n).map((u) => (u < 0.5 ? 0.4 * u : 1 - 0.4 * (1 - u)));
    const after = rows(
      sure,
      uniform('later', n).map((u, i) => (u < sure[i] ? 1 : 0)),
    );
    const estimate = cbpe(fit, after).accuracy;
    // Isotonic regression of 20,000 rows is off by about n^(-1/3) = 0.037 at a point and far less in the mean.
    expect(Math.abs(estimate.value - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / n) + 0.005);
    // Now the outcome turns round: nothing that is seen has changed.
    const reversed = { ...after, truth: after.truth.map((label) => 1 - label) };
    expect(cbpe(fit, reversed).accuracy.value).toBe(estimate.value);
    expect(realised(reversed).accuracy).toBeLessThan(0.15);
  });
});
