import { describe, expect, it } from 'vitest';
import { chance, driftEvaluation, type Episode } from '../../src/watch/drift-evaluation.js';
import { missing } from '../support/shared.js';
import { vectorCases } from '../support/vectors.js';

const number = (value: unknown): number => (value === 'NaN' ? Number.NaN : (value as number));

describe('scoring alarms', () => {
  const there = !missing('vectors/drift_evaluation/expected.json');
  it.skipIf(!there).each(there ? vectorCases('drift_evaluation') : [])('$id', ({ params, result }) => {
    const expected = result as Record<string, unknown>;
    const found = driftEvaluation(params.alarms as number[], params.drifts as Episode[], {
      steps: params.n_samples as number,
      deltaMax: params.delta_max as number,
      deltaPre: params.delta_pre as number,
      unit: params.unit as number,
    });
    expect(found.falseAlarms).toEqual(expected.false_alarms);
    expect(Object.fromEntries(found.hits.flatMap((own, k) => (own.length > 0 ? [[`${k}`, own]] : [])))).toEqual(
      expected.hits,
    );
    for (const [ours, theirs] of [
      [found.precision, 'precision'],
      [found.recall, 'recall'],
      [found.episodeRecall, 'episode_recall'],
      [found.f1, 'f1'],
      [found.missed, 'missed_detection_rate'],
      [found.delay, 'detection_delay'],
      [found.normalisedDelay, 'normalized_detection_time'],
      [found.falseAlarmRate, 'false_alarm_rate'],
      [found.betweenFalseAlarms, 'mean_time_between_false_alarms'],
      [found.ratio, 'mean_time_ratio'],
    ] as const) {
      const value = number(expected[theirs]);
      if (Number.isNaN(value)) expect(ours, theirs).toBeNaN();
      else expect(ours, theirs).toBeCloseTo(value, 10);
    }
  });

  it('gives an alarm to the earliest window', () => {
    const { falseAlarms, hits } = driftEvaluation([105], [100, 90], { steps: 200, deltaMax: 20 });
    expect(hits).toEqual([[], [105]]);
    expect(falseAlarms).toEqual([]);
  });
});

describe('chance', () => {
  it('is silence at rate 0, and at rate 1 catches all at once', () => {
    const options = { steps: 1000, deltaMax: 49 };
    expect(chance(0, [100, 500], options)).toEqual({ caught: 0, delay: Number.NaN, falseAlarmRate: 0 });
    expect(chance(1, [100, 500], options)).toEqual({ caught: 1, delay: 0, falseAlarmRate: 900 });
  });

  it('has the law of a geometric variable in between', () => {
    // Window of 3 steps: caught 1 - 0.5^3; delay (0 x 0.5 + 1 x 0.25 + 2 x 0.125) / 0.875.
    const { caught, delay } = chance(0.5, [10], { steps: 100, deltaMax: 2 });
    expect(caught).toBeCloseTo(0.875, 14);
    expect(delay).toBeCloseTo(0.5 / 0.875, 14);
  });
});
