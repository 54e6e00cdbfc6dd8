import { describe, expect, it } from 'vitest';
import { type Trigger, trains } from '../../src/retrain/trigger.js';
import { inWindow, type Window } from '../../src/retrain/window.js';

const steps = (trigger: Trigger) => [0, 1, 2, 3, 4, 5].filter((t) => trains(trigger, t, false));

describe('triggers', () => {
  it('never, and manual, only when they are asked', () => {
    for (const kind of ['never', 'manual'] as const) {
      expect(steps({ kind })).toEqual([]);
      expect(trains({ kind }, 3, true)).toBe(true);
    }
  });
  it('every k steps, first when k have passed', () => {
    expect(steps({ kind: 'every', steps: 1 })).toEqual([0, 1, 2, 3, 4, 5]);
    expect(steps({ kind: 'every', steps: 3 })).toEqual([2, 5]);
  });
  it('at given steps', () => expect(steps({ kind: 'at', steps: new Set([1, 4]) })).toEqual([1, 4]));
});

describe('windows', () => {
  const held = (window: Window, t: number) => [-1, 0, 1, 2, 3, 4, 5].filter((s) => s <= t && inWindow(window, s, t));
  it('all: the lab too', () => expect(held({ kind: 'all' }, 3)).toEqual([-1, 0, 1, 2, 3]));
  it('the last k steps: never the lab', () => {
    expect(held({ kind: 'last', steps: 2 }, 5)).toEqual([4, 5]);
    expect(held({ kind: 'last', steps: 40 }, 2)).toEqual([0, 1, 2]);
  });
});
