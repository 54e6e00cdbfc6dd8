import { describe, expect, it } from 'vitest';
import { type DleMetric, dle, lossSpread, samplingError } from '../../../src/watch/without-labels/dle.js';
import { missing } from '../../support/shared.js';
import { vectorCases, vectorColumns } from '../../support/vectors.js';

describe('DLE', () => {
  const there = !missing('vectors/dle/expected.json');
  it.skipIf(!there).each(there ? vectorCases('dle') : [])('$id', ({ id, params, result }) => {
    const { y_pred, y_true } = vectorColumns('dle');
    const { components, sampling_error } = result as { components: number[]; sampling_error: number };
    const spread = lossSpread(id as DleMetric, y_true, y_pred, y_true.length);
    expect(spread.sd / components[0]).toBeCloseTo(1, 9);
    if (components.length > 1) expect(spread.mean / components[1]).toBeCloseTo(1, 9);
    expect(samplingError(spread, params.chunk_n as number) / sampling_error).toBeCloseTo(1, 9);
  });

  it('is the mean of the expected losses, none below 0, with three errors around it', () => {
    const spread = lossSpread('mae', Float64Array.of(0, 0), Float64Array.of(1, 3), 2);
    expect(spread).toEqual({ metric: 'mae', sd: 1, mean: 2 });
    const { error, lower, upper, value } = dle(spread, Float64Array.of(-1, 4, 2, 2), 4);
    expect([value, error, lower, upper]).toEqual([2, 0.5, 0.5, 3.5]);
    expect(dle({ metric: 'rmse', sd: 2, mean: 4 }, Float64Array.of(9), 1).value).toBe(3);
  });
});
