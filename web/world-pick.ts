/** Which person is meant: by a click, or by an arrow key from the one that is picked. */
import type { Places } from './world-motion.js';
import type { Plane } from './world-plane.js';

const REACH = 16;

/** The person nearest to a point, within reach. */
export function nearestTo({ x, y }: Places, px: number, py: number, reach = REACH): number | null {
  let best: number | null = null;
  let least = reach * reach;
  for (let i = 0; i < x.length; i++) {
    const d = (x[i] - px) ** 2 + (y[i] - py) ** 2;
    if (d < least) {
      least = d;
      best = i;
    }
  }
  return best;
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export const isArrow = (key: string): boolean => Object.hasOwn(DIRECTIONS, key);

/** The next person that way; with nobody picked, the one nearest to the middle. */
export function nextFrom(places: Places, picked: number | null, key: string, plane: Plane): number | null {
  const { bottom, left, right, top } = plane;
  if (picked === null) return nearestTo(places, (left + right) / 2, (top + bottom) / 2, Number.POSITIVE_INFINITY);
  const [ux, uy] = DIRECTIONS[key];
  const { x, y } = places;
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    if (x[i] < left || x[i] > right || y[i] < top || y[i] > bottom) continue;
    const dx = x[i] - x[picked];
    const dy = y[i] - y[picked];
    const along = dx * ux + dy * uy;
    const aside = Math.abs(dx * uy) + Math.abs(dy * ux);
    // Straight on rather than near: an arrow key should not wander off.
    if (along <= 0.5 || aside > 2 * along) continue;
    const d = along + 2 * aside;
    if (d < least) {
      least = d;
      best = i;
    }
  }
  return best ?? picked;
}
