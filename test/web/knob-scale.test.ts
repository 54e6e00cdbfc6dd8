/** Sliders: which values a hand can reach. */
import { describe, expect, it } from 'vitest';
import { scaleOf } from '../../web/knob-scale.js';

const knob = (min: number, max: number, more: object = {}) => ({
  path: 'state.x',
  min,
  max,
  step: null,
  value: null,
  ...more,
});

describe('a slider', () => {
  it('has about a hundred round steps', () => {
    expect(scaleOf(knob(0, 20)).step).toBe(0.2);
    expect(scaleOf(knob(0, 1)).step).toBe(0.01);
    expect(scaleOf(knob(0, 0.3)).step).toBe(0.005);
    expect(scaleOf(knob(-2, 2)).step).toBe(0.05);
    expect(scaleOf(knob(1e-7, 1e-6)).step).toBe(1e-8);
  });

  it('counts what can be counted, and does as it is told', () => {
    expect(scaleOf(knob(0, 20, { path: 'collect.late.delay' })).step).toBe(1);
    expect(scaleOf(knob(100, 20_000)).step).toBe(1);
    expect(scaleOf(knob(0, 20, { step: 2 })).step).toBe(2);
  });

  it('goes by factors over many powers of ten, there and back', () => {
    const scale = scaleOf(knob(1e-12, 1e-6));
    expect([scale.value(scale.min), scale.value(scale.max)]).toEqual([1e-12, 1e-6]);
    expect(scale.value(50)).toBe(1e-9);
    expect(scale.place(1e-9)).toBeCloseTo(50, 9);
    for (const place of [1, 33, 99]) expect(Math.round(scale.place(scale.value(place)))).toBe(place);
    expect(scale.place(0)).toBe(0);
  });

  it('never does so with a negative end', () => {
    expect(scaleOf(knob(-1, 1e6, { value: 0.5 })).step).toBe(20_000);
  });
});
