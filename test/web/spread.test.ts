/** Labels that are moved apart. */
import { describe, expect, it } from 'vitest';
import { spread } from '../../web/chart-spread.js';

const wish = (y: number, height = 17) => ({ y, height });

describe('spread', () => {
  it('leaves alone what does not overlap', () => expect(spread([wish(10), wish(50)], 0, 100)).toEqual([10, 50]));

  it('moves two apart by as little as each', () => expect(spread([wish(50), wish(50)], 0, 100)).toEqual([41.5, 58.5]));

  it('never overlaps, keeps the order and stays inside, wherever they want to be', () => {
    for (let seed = 1; seed < 200; seed++) {
      let state = seed;
      const random = () => {
        state = (state * 16807) % 2147483647;
        return state / 2147483647;
      };
      const wishes = Array.from({ length: 1 + Math.floor(random() * 9) }, () =>
        wish(random() * 240 - 20, random() < 0.2 ? 28 : 17),
      );
      const centres = spread(wishes, 0, 220);
      const order = wishes.map((_, k) => k).sort((a, b) => centres[a] - centres[b]);
      order.forEach((k, place) => {
        expect(centres[k] - wishes[k].height / 2).toBeGreaterThanOrEqual(-1e-9);
        expect(centres[k] + wishes[k].height / 2).toBeLessThanOrEqual(220 + 1e-9);
        const before = order[place - 1];
        if (before === undefined) return;
        expect(wishes[before].y).toBeLessThanOrEqual(wishes[k].y);
        expect(centres[k] - centres[before]).toBeGreaterThanOrEqual(
          (wishes[k].height + wishes[before].height) / 2 - 1e-9,
        );
      });
    }
  });
});
