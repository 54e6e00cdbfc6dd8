import { describe, expect, it } from 'vitest';
import { type Evidence, type Restraint, type Trigger, Triggering } from '../../src/retrain/trigger.js';

const FREE: Restraint = { cool: 0, budget: null };
const nothing: Evidence = {
  asked: false,
  inFlight: false,
  alarmed: () => false,
  observed: () => null,
  stale: { cumulative: 0, now: 0 },
  price: 10,
  uniform: () => 0.5,
};

/** The steps of 0 to 11 at which a model learns; `at` says what the team knows at each. */
function steps(
  trigger: Trigger,
  at: (t: number) => Partial<Evidence> = () => ({}),
  restraint: Restraint = FREE,
): number[] {
  const triggering = new Triggering();
  return Array.from({ length: 12 }, (_, t) => t).filter((t) =>
    triggering.asks(trigger, restraint, t, { ...nothing, ...at(t) }),
  );
}

describe('a trigger', () => {
  it('never, and manual, only when it is asked', () => {
    for (const kind of ['never', 'manual'] as const) {
      expect(steps({ kind })).toEqual([]);
      expect(steps({ kind }, (t) => ({ asked: t === 3 }))).toEqual([3]);
    }
  });

  it('every k steps, first when k have passed', () => {
    expect(steps({ kind: 'every', steps: 1 })).toHaveLength(12);
    expect(steps({ kind: 'every', steps: 5 })).toEqual([4, 9]);
  });

  it('at given steps', () => expect(steps({ kind: 'at', steps: new Set([1, 4]) })).toEqual([1, 4]));

  it('at random', () => {
    const trigger: Trigger = { kind: 'random', rate: 0.3 };
    expect(steps(trigger, (t) => ({ uniform: () => (t % 4 === 0 ? 0.29 : 0.3) }))).toEqual([0, 4, 8]);
  });

  it('on an alarm of the monitors that it names', () => {
    const trigger: Trigger = { kind: 'alarm', monitors: ['errors'], level: 'alarm' };
    const alarms = (t: number): Partial<Evidence> => ({
      alarmed: (names, level) => names?.[0] === 'errors' && level === 'alarm' && t >= 6,
      inFlight: t === 7,
    });
    // Not while a new version is on its way.
    expect(steps(trigger, alarms)).toEqual([6, 8, 9, 10, 11]);
  });

  it('when the old version has cost more than a new one does', () => {
    const stale = (t: number) => ({ stale: { cumulative: 2 * t, now: t === 9 ? 3 : 0 } });
    const of = { kind: 'staleness', horizon: 4, over: 1, baseline: 1 } as const;
    expect(steps({ ...of, how: 'cumulative' }, stale)).toEqual([6, 7, 8, 9, 10, 11]);
    expect(steps({ ...of, how: 'cumulative', over: 2 }, stale)).toEqual([11]);
    expect(steps({ ...of, how: 'now' }, stale)).toEqual([9]);
  });

  it('is held back by a cool-down and a budget, and a person is not', () => {
    const always: Trigger = { kind: 'every', steps: 1 };
    expect(steps(always, undefined, { cool: 3, budget: null })).toEqual([0, 4, 8]);
    expect(steps(always, undefined, { cool: 3, budget: 2 })).toEqual([0, 4]);
    expect(steps(always, (t) => ({ asked: t === 1 || t === 11 }), { cool: 3, budget: 2 })).toEqual([0, 1, 5, 11]);
  });

  it('remembers what a metric was while it is held back', () => {
    const values = [1, 1, 1, 5, 5, 5, 5, 5, 1, 1, 9, 9];
    const rule = { kind: 'average', worse: 'high', deviation: 2, relative: false, window: 3 } as const;
    const trigger: Trigger = { kind: 'metric', metric: 'rmse', rule };
    const seen = (t: number) => ({ observed: (name: string) => (name === 'rmse' ? values[t] : null) });
    // With nothing before it, the first value asks; 5 is 4 above the mean of three, then 2.67 above it, then 1.33.
    expect(steps(trigger, seen)).toEqual([0, 3, 4, 10, 11]);
    expect(steps(trigger, seen, { cool: 2, budget: null })).toEqual([0, 3, 10]);
  });
});
