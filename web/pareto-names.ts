/** Where the names of points go: beside their points where they meet nothing, else where they fit. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Named {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

export const LINE_HEIGHT = 16;
/** Of a letter, on average: names are placed before they are drawn. */
const LETTER = 7;
/** Rows up and down that are looked at, the nearest first. */
const ROWS = [0, -1, 1, -2, 2, -3, 3];

/** Around two points, with some room. */
export const boxOf = (x1: number, y1: number, x2: number, y2: number, room: number): Box => ({
  left: Math.min(x1, x2) - room,
  top: Math.min(y1, y2) - room,
  width: Math.abs(x2 - x1) + 2 * room,
  height: Math.abs(y2 - y1) + 2 * room,
});

/** A place for each name, none on another nor, where it can be helped, on what is `taken`. */
export function placeNames(points: readonly Named[], gap: number, taken: readonly Box[], room: Box): Box[] {
  const placed: Box[] = [];
  for (const { name, x, y } of points) {
    const width = name.length * LETTER;
    const spots = ROWS.flatMap((row) =>
      [x + gap, x - gap - width, ...(row === 0 ? [] : [x - width / 2])].map((left) => ({
        left,
        top: y - LINE_HEIGHT / 2 + row * LINE_HEIGHT,
        width,
        height: LINE_HEIGHT,
      })),
    ).filter((spot) => within(spot, room));
    const apart = spots.filter((spot) => !placed.some((other) => meet(spot, other)));
    const held = { left: Math.max(room.left, room.left + room.width - width), top: y, width, height: LINE_HEIGHT };
    placed.push(apart.find((spot) => !taken.some((other) => meet(spot, other))) ?? apart[0] ?? spots[0] ?? held);
  }
  return placed;
}

const within = (a: Box, room: Box): boolean =>
  a.left >= room.left &&
  a.left + a.width <= room.left + room.width &&
  a.top >= room.top &&
  a.top + a.height <= room.top + room.height;
export const meet = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
