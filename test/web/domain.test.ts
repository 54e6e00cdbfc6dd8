/** The vertical axis of a chart. */
import { describe, expect, it } from 'vitest';
import { type Domain, extentOf, growDomain, roundDomain, ticksOf } from '../../web/chart-domain.js';
import { spec } from './spec.js';

describe('roundDomain', () => {
  it.each<[Domain, string]>([
    [[0.56, 0.81], 'shares'],
    [[0.5, 0.5], 'a constant'],
    [[0, 0], 'nothing but zero'],
    [[1e12, 1.2e12], 'huge numbers'],
    [[3e-12, 9e-12], 'tiny numbers'],
    [[-3, 40], 'both signs'],
    [[-1e300, 1e300], 'the ends of the range'],
    [[1000, 1000.001], 'a small change of a large number'],
  ])('%j holds %s, with room, finite', ([low, high]) => {
    const [bottom, top] = roundDomain([low, high]);
    expect(bottom).toBeLessThanOrEqual(low);
    expect(top).toBeGreaterThanOrEqual(high);
    expect(top).toBeGreaterThan(bottom);
    expect(Number.isFinite(top - bottom)).toBe(true);
    const { at } = ticksOf([bottom, top], 5);
    expect(at.length).toBeGreaterThan(1);
  });

  it('shows the noise of a level error as noise: what is told as so many times is read against 0', () => {
    const [bottom, top] = roundDomain([7.376, 8.702], 'ratio');
    expect(bottom).toBe(0);
    expect((8.702 - 7.376) / (top - bottom)).toBeLessThan(0.2);
    // Most of what moves by half is still seen to do so.
    const [, high] = roundDomain([0.957, 1.947], 'ratio');
    expect((1.947 - 0.957) / high).toBeGreaterThan(0.4);
    expect(roundDomain([-2, 3], 'ratio')[0]).toBeLessThan(-2);
  });

  it('spans ten points of a share, and leaves a small move of it a third of that', () => {
    const [bottom, top] = roundDomain([0.9, 0.91], 'share');
    expect(top - bottom).toBeGreaterThanOrEqual(0.1);
    const [low, high] = roundDomain([0.9091, 0.9453], 'share');
    expect((0.9453 - 0.9091) / (high - low)).toBeGreaterThan(0.25);
    expect(roundDomain([0.97, 0.99], 'share')[1]).toBe(1);
  });

  it('does not pass 0 or 1 where the values do not', () => {
    expect(roundDomain([0.01, 0.99])).toEqual([0, 1]);
    expect(roundDomain([0, 12])[0]).toBe(0);
  });
});

describe('growDomain', () => {
  it('grows in jumps: a creeping line moves the axis few times', () => {
    let now: Domain | null = null;
    let changes = 0;
    for (let t = 1; t <= 1000; t++) {
      const next: Domain = growDomain(now, [0, t / 100]);
      if (now === null || next[1] !== now[1]) changes++;
      now = next;
    }
    expect(changes).toBeLessThan(40);
    expect(now?.[1]).toBeGreaterThanOrEqual(10);
  });

  it('begins as its scale does', () => {
    expect(growDomain(null, [7.8, 8], 'ratio')[0]).toBe(0);
  });

  it('never shrinks', () => {
    expect(growDomain([0, 1], [0.4, 0.5])).toEqual([0, 1]);
  });
});

it('extentOf sees finite values of series and bands within the steps', () => {
  const seen = spec({ a: [1, Number.NaN, 5, Number.POSITIVE_INFINITY, 9] });
  expect(extentOf(seen, 0, 3)).toEqual([1, 5]);
  const low = Float64Array.of(-2, -1);
  expect(extentOf({ ...seen, bands: [{ label: 'b', low, high: low, kind: 'policy' }] }, 0, 2)).toEqual([-2, 5]);
  expect(extentOf(spec({ a: [Number.NaN] }), 0, 9)).toBeNull();
});
