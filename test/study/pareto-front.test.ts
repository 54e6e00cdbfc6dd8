import { describe, expect, it } from 'vitest';
import { paretoFront } from '../../src/study/pareto-front.js';

describe('the Pareto front', () => {
  it('is what no other is as good as in both, and better in one', () => {
    const points = [
      { x: 1, y: 5 },
      { x: 2, y: 3 },
      { x: 2, y: 4 },
      { x: 3, y: 3 },
      { x: 4, y: 1 },
    ];
    expect(paretoFront(points)).toEqual([true, true, false, false, true]);
  });
  it('holds points that are alike together, one alone, and none', () => {
    expect(
      paretoFront([
        { x: 1, y: 1 },
        { x: 1, y: 1 },
      ]),
    ).toEqual([true, true]);
    expect(paretoFront([{ x: 1, y: 1 }])).toEqual([true]);
    expect(paretoFront([])).toEqual([]);
  });
});
