import { expect, it } from 'vitest';
import { Staleness } from '../../src/retrain/staleness.js';

it('counts what a version costs above what it did when it was new', () => {
  const stale = new Staleness();
  for (const cost of [1, 3, 2.5, 1.5]) stale.arrive(cost, 100, 2);
  // The first two say that it costs 2; then half above, then half below.
  expect(stale).toMatchObject({ cumulative: 50, now: -50 });
  stale.arrive(Number.NaN, 100, 2);
  expect(stale.now).toBe(-50);
  stale.begin();
  expect(stale).toMatchObject({ cumulative: 0, now: 0 });
  stale.arrive(9, 100, 2);
  expect(stale.cumulative).toBe(0);
});
