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
    [3.2e-7, '3.2e−7'.replace('−', '-')],
    [-0.25, '−0.250'],
    [1e300, '1e+300'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
    [Number.NEGATIVE_INFINITY, '–'],
  ])('%d is written %s', (value, text) => expect(figure(value).replaceAll('e−', 'e-')).toBe(text));
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
    [1e-9, 5e-9, 3e-9, '3e-9'],
    [1e17, 1e18, 3e17, '3e+17'],
  ])('steps of %d up to %d: %d is %s', (step, largest, value, text) =>
    expect(tickFormat(step, largest)(value).replaceAll('e−', 'e-')).toBe(text),
  );
});
