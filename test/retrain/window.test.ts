import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/core/random/index.js';
import { inWindow, placeInReservoir, type Window, weightIn } from '../../src/retrain/window.js';

describe('a window', () => {
  const held = (window: Window, t: number, onset: number | null = null) =>
    [-1, 0, 1, 2, 3, 4, 5].filter((s) => s <= t && inWindow(window, s, t, onset));

  it('all: the lab too', () => expect(held({ kind: 'all' }, 3)).toEqual([-1, 0, 1, 2, 3]));

  it('the last k steps, and the lab where it is asked for', () => {
    expect(held({ kind: 'last', steps: 2 }, 5)).toEqual([4, 5]);
    expect(held({ kind: 'last', steps: 40 }, 2)).toEqual([0, 1, 2]);
    expect(held({ kind: 'last', steps: 2, lab: true }, 5)).toEqual([-1, 4, 5]);
  });

  it('since the last alarm', () => {
    expect(held({ kind: 'since', level: 'alarm' }, 5)).toEqual([-1, 0, 1, 2, 3, 4, 5]);
    expect(held({ kind: 'since', level: 'alarm' }, 5, 3)).toEqual([3, 4, 5]);
  });

  it('weighs by age, half as much after each half-life, and forgets what weighs nothing', () => {
    const window: Window = { kind: 'weighted', halfLife: 4 };
    expect([9, 5, 1, -1].map((s) => weightIn(window, s, 9))).toEqual([1, 0.5, 0.25, 2 ** -2.5]);
    expect(inWindow(window, 0, 159)).toBe(true);
    expect(inWindow(window, 0, 160)).toBe(false);
    expect(weightIn({ kind: 'all' }, 0, 100)).toBe(1);
  });
});

describe('a reservoir', () => {
  it('is filled first, and then each newcomer takes the place of one with probability size / seen', () => {
    expect([0, 1, 2].map((seen) => placeInReservoir(seen, 3, 0.999))).toEqual([0, 1, 2]);
    expect(placeInReservoir(3, 3, 0.74)).toBe(2);
    expect(placeInReservoir(3, 3, 0.75)).toBe(-1);
  });

  it('keeps each row that ever came as likely as any other', () => {
    const [rows, all, runs] = [10, 40, 4000];
    const kept = new Float64Array(all);
    for (let run = 0; run < runs; run++) {
      const stream = new Stream({ seed: 1, replicate: run, component: 'reservoir', step: 0 });
      const places = new Array<number>(rows).fill(-1);
      for (let i = 0; i < all; i++) {
        const place = placeInReservoir(i, rows, stream.uniform());
        if (place >= 0) places[place] = i;
      }
      for (const i of places) kept[i]++;
    }
    // Each is kept with probability 1/4; the largest of 40 deviations stays within 4.5 standard errors.
    const error = Math.sqrt((0.25 * 0.75) / runs);
    for (const count of kept) expect(Math.abs(count / runs - 0.25)).toBeLessThan(4.5 * error);
  });
});
