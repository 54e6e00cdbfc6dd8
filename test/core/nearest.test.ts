import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/core/nearest.js';

describe('nearest', () => {
  const known = ['income', 'utilisation', 'lines', 'group'];
  it.each([
    ['incme', 'income'],
    ['icnome', 'income'],
    ['Income', 'income'],
    ['utilization', 'utilisation'],
    ['line', 'lines'],
    ['price', null],
    ['x', null],
    ['', null],
  ])('%s: %s', (word, expected) => expect(nearest(word, known)).toBe(expected));
  it('takes the closer of two', () => expect(nearest('scores', ['score', 'scored', 'stores'])).toBe('score'));
});
