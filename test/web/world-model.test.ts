/** The names of the two sides of a boundary: where they stand. */
import { describe, expect, it } from 'vitest';
import { decode } from '../../web/world-frame.js';
import { shapeOf } from '../../web/world-model.js';
import { planeOf } from '../../web/world-plane.js';
import { placed } from '../../web/world-scene.js';
import { floats, type People, viewFrame } from './world-frame.js';

const NAMES = { yes: ['score > 0.5: yes', 'yes'], no: ['no'] };
const [WIDTH, HEIGHT] = [64, 48];

/** `says` at shares of the way across and up. */
function spots(says: (x: number, y: number) => boolean, people: People = { decided: [1], outcome: [1] }) {
  const values = Array.from({ length: WIDTH * HEIGHT }, (_, k) =>
    says(((k % WIDTH) + 0.5) / WIDTH, (Math.floor(k / WIDTH) + 0.5) / HEIGHT) ? 1 : 0,
  );
  const model = { kind: 'boundary', threshold: 0.5, width: WIDTH, height: HEIGHT, values: floats(values) } as const;
  const decoded = decode(viewFrame(people, { model }));
  const plane = planeOf(520, 360, decoded.frame);
  const { no, yes } = shapeOf(decoded, plane, NAMES, placed(decoded, plane));
  const share = (x: number, y: number): [number, number] => [
    (x - plane.left) / (plane.right - plane.left),
    (plane.bottom - y) / (plane.bottom - plane.top),
  ];
  /** What the model says under the corners of a name, and whether it is in the picture. */
  const under = (spot: typeof yes) => {
    if (spot === null) return null;
    const width = 7.2 * spot.text.length;
    const from = spot.anchor === 'end' ? spot.x - width : spot.x;
    return [from, from + width].flatMap((x) =>
      [spot.y - 12, spot.y + 4].map((y) => {
        const [u, v] = share(x, y);
        return u > 0 && u < 1 && v > 0 && v < 1 ? says(u, v) : null;
      }),
    );
  };
  return { yes, no, underYes: under(yes), underNo: under(no), share };
}

describe('a name of a side', () => {
  it.each([
    ['up to the right', (x: number, y: number) => y < x],
    ['down to the right', (x: number, y: number) => y > 1 - x],
    ['through the corner', (x: number, y: number) => y < 0.04 + x],
    ['a wedge', (x: number, y: number) => x > 0.6 && y > 0.3],
    ['a band', (_: number, y: number) => y > 0.4 && y < 0.7],
  ])('lies whole in its own side: %s', (_, says) => {
    const { underNo, underYes } = spots(says);
    expect(underYes).toEqual([true, true, true, true]);
    expect(underNo).toEqual([false, false, false, false]);
  });

  it('is shorter where it has little room, and is not said where it has none', () => {
    const short = spots((x, y) => x > 0.8 && y > 0.3);
    expect(short.yes?.text).toBe('yes');
    expect(short.underYes).toEqual([true, true, true, true]);
    const { no, yes } = spots((x, y) => x > 0.47 && x < 0.53 && y > 0.5);
    expect(yes).toBeNull();
    expect(no?.text).toBe('no');
  });

  it('stands beside people, where there is room', () => {
    const crowd = Array.from({ length: 30 }, (_, k) => 7 + k / 10);
    const people: People = {
      decided: crowd.map(() => 1),
      outcome: crowd.map(() => 1),
      x: crowd,
      y: crowd.map(() => 9.4),
    };
    const alone = spots(() => true);
    const crowded = spots(() => true, people);
    expect(alone.yes?.anchor).toBe('end');
    expect(crowded.yes).not.toEqual(alone.yes);
    expect(crowded.underYes).toEqual([true, true, true, true]);
  });
});
