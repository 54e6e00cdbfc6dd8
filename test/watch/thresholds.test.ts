import { describe, expect, it } from 'vitest';
import { outside, standardDeviationThreshold } from '../../src/watch/thresholds.js';
import { missing } from '../support/shared.js';
import { vectorCases } from '../support/vectors.js';

describe('thresholds of a metric', () => {
  const there = !missing('vectors/thresholds/expected.json');
  it.skipIf(!there).each(there ? vectorCases('thresholds') : [])('$id', ({ params, result }) => {
    const found = standardDeviationThreshold(
      (params.values as (number | string | null)[]).map((value) => (typeof value === 'number' ? value : Number.NaN)),
      {
        lowerMultiplier: params.std_lower_multiplier as number | null,
        upperMultiplier: params.std_upper_multiplier as number | null,
        limits: [params.lower_limit as number | null, params.upper_limit as number | null],
        dropAtLimit: params.override_using_none as boolean,
      },
    );
    const expected = result as { lower: number | null; upper: number | null };
    for (const bound of ['lower', 'upper'] as const) {
      const value = expected[bound];
      if (value === null) expect(found[bound]).toBeNull();
      else expect(found[bound]).toBeCloseTo(value, 11);
    }
  });

  it('is mean -+ 3 sd, and lets nothing beyond a limit', () => {
    expect(standardDeviationThreshold([0, 2])).toEqual({ lower: -2, upper: 4 });
    const clamped = standardDeviationThreshold([0, 2], { limits: [0, null] });
    expect(clamped).toEqual({ lower: 0, upper: 4 });
    expect([0, 4, -0.1, 4.1].map((value) => outside(value, clamped))).toEqual([false, false, true, true]);
  });
});
