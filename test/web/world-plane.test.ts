/** The plane that people stand on: what its axes say, and the room that this takes. */
import { describe, expect, it } from 'vitest';
import type { ViewFrame } from '../../src/loop/view.js';
import { axisFormat, figure } from '../../web/world-numbers.js';
import { gridOf, planeOf } from '../../web/world-plane.js';
import { viewFrame } from './world-frame.js';

const plane = (change: Partial<ViewFrame>, width = 600) =>
  planeOf(width, 400, viewFrame({ decided: [1], outcome: [1] }, change));

describe('an axis of people', () => {
  it.each([1, 2, 3, 7, 400])('counts %i of them, and nobody between two', (people) => {
    const domain = { x: [0, 10] as const, y: [0.5, people + 0.5] as const };
    const { y } = gridOf(plane({ y: 'person', domain }));
    expect(y.length).toBeGreaterThan(0);
    expect(y.every(Number.isInteger)).toBe(true);
    expect(Math.min(...y)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...y)).toBeLessThanOrEqual(people);
  });
});

describe('large numbers', () => {
  it.each([
    [1, [0, 0.5], ['0', '0.5']],
    [2_030, [2_020], ['2020']],
    [60_000, [5_000, 20_000], ['5,000', '20,000']],
    [1e9, [0, 2e8, 1e9], ['0', '200 million', '1 billion']],
    [3e6, [-500_000, 2_500_000], ['\u2212500,000', '2.5 million']],
    [1e16, [1e16], ['1.0e+16']],
  ])('up to %d are written %o as %o', (largest, values, texts) => {
    expect(values.map(axisFormat(largest))).toEqual(texts);
  });

  it('have three digits where they stand alone', () => {
    expect([463_728_112, -1_234_567, 123_456, 0.00012, Number.NaN].map(figure)).toEqual([
      '464 million',
      '\u22121.23 million',
      '123,000',
      '1.2e-4'.replace('-', '\u2212'),
      'missing',
    ]);
  });

  it('have room beside the plane and below it', () => {
    const small = plane({});
    const large = plane({ domain: { x: [0, 1e9], y: [0, 1e9] } });
    expect(small.left).toBe(46);
    expect(large.left).toBeGreaterThan(80);
    const { x } = gridOf(large);
    expect(x.length).toBeGreaterThan(1);
    for (let k = 1; k < x.length; k++) expect(large.x(x[k]) - large.x(x[k - 1])).toBeGreaterThan(80);
    // A number at the very end would be cut off.
    expect(x).not.toContain(1e9);
  });
});
