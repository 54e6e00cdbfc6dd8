import { describe, expect, it } from 'vitest';
import { correct } from '../../src/watch/multiple-testing.js';
import { missing } from '../support/shared.js';
import { vectorCases } from '../support/vectors.js';

describe('correction for many tests', () => {
  const there = !missing('vectors/multiple_testing/expected.json');
  it.skipIf(!there).each(there ? vectorCases('multiple_testing') : [])('$id', ({ params, result }) => {
    const p = params.p_values as number[];
    const q = params.q as number;
    const expected = result as {
      fdr_drift: number;
      fdr_threshold: number | number[];
      bonferroni_threshold: number;
      bonferroni_drift: number;
    };
    const fdr = correct('benjamini-hochberg', p, q);
    expect(fdr.rejected.some(Boolean)).toBe(expected.fdr_drift === 1);
    if (typeof expected.fdr_threshold === 'number') expect(fdr.threshold).toBeCloseTo(expected.fdr_threshold, 12);
    else expect(fdr.threshold).toBeNull();
    const bonferroni = correct('bonferroni', p, q);
    expect(bonferroni.threshold).toBeCloseTo(expected.bonferroni_threshold, 12);
    expect(bonferroni.rejected.some(Boolean)).toBe(expected.bonferroni_drift === 1);
  });

  it('finds more the less it holds, in any order', () => {
    const p = [0.5, 0.001, 0.03, 0.02];
    expect(correct('none', p, 0.05).rejected).toEqual([false, true, true, true]);
    expect(correct('benjamini-hochberg', p, 0.05).rejected).toEqual([false, true, true, true]);
    expect(correct('holm', p, 0.05).rejected).toEqual([false, true, false, false]);
    expect(correct('bonferroni', p, 0.05).rejected).toEqual([false, true, false, false]);
    // Holm: 0.02 < 0.05 / 2 once two are rejected; Bonferroni: 0.02 > 0.05 / 3.
    expect(correct('holm', [0.001, 0.02, 0.04], 0.05).rejected).toEqual([true, true, true]);
    expect(correct('bonferroni', [0.001, 0.02, 0.04], 0.05).rejected).toEqual([true, false, false]);
  });

  it('a missing p-value is no test', () => {
    expect(correct('bonferroni', [Number.NaN, 0.04], 0.05)).toEqual({ rejected: [false, true], threshold: 0.05 });
    expect(correct('holm', [], 0.05).threshold).toBeNull();
  });
});
