/** Numbers in charts. */
import { describe, expect, it } from 'vitest';
import { figure, signed, tickFormat } from '../../web/chart-format.js';

describe('figure', () => {
  it.each([
    [0.6873, '0.687'],
    [0.7, '0.700'],
    [0, '0'],
    [12.345, '12.3'],
    [5230.4, '5,230'],
    [168060.3, '168k'],
    [2.5e9, '2.5B'],
    [3.2e-7, '3.2 × 10⁻⁷'],
    [3.68e-139, '3.68 × 10⁻¹³⁹'],
    [-2.07e-5, '−0.0000207'],
    [0.0003, '0.0003'],
    [-0.25, '−0.250'],
    [1e300, '1 × 10³⁰⁰'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
    [Number.NEGATIVE_INFINITY, '–'],
  ])('%d is written %s', (value, text) => expect(figure(value).replaceAll('\u00a0', ' ')).toBe(text));

  it('is 0 for nearly nothing beside what a chart shows, and only for that', () => {
    expect(figure(1.5e-5, 3, 0.08)).toBe('0');
    expect(figure(-2.5e-13, 3, 1)).toBe('0');
    expect(figure(1.5e-5, 3, 2e-5)).toBe('0.000015');
    expect(figure(0.05, 3, 1000)).toBe('0.050');
  });

  it('breaks into no two lines', () => expect(figure(3.68e-139)).not.toContain(' '));
});

describe('signed', () => {
  it.each([
    [-0.0921, '−0.092'],
    [0.05, '+0.050'],
    [-0.0057, '−0.006'],
    [0, '0'],
    [1234.5, '+1,235'],
    [Number.NaN, '–'],
  ])('%d is written %s', (value, text) => expect(signed(value)).toBe(text));
});

describe('tickFormat', () => {
  it.each([
    [0.05, 1, 0.15, '0.15'],
    [0.2, 1, 0.6000000000000001, '0.6'],
    [2000, 10000, 4000, '4k'],
    [1, 10, 3, '3'],
    [1e-9, 5e-9, 3e-9, '3 × 10⁻⁹'],
    [1e-9, 5e-9, 0, '0'],
    [5e-8, 1e-6, -3.5e-7, '−3.5 × 10⁻⁷'],
    [1e17, 1e18, 3e17, '3 × 10¹⁷'],
  ])('steps of %d up to %d: %d is %s', (step, largest, value, text) =>
    expect(tickFormat(step, largest)(value).replaceAll('\u00a0', ' ')).toBe(text),
  );
});
