/** What colour and shape say of a person. */
import { interpolateLab, quantileSorted } from 'd3';
import type { Palette } from './palette.js';
import type { DecodedFrame } from './world-frame.js';

/** One look: all people of a kind are drawn alike. */
export interface Look {
  readonly colour: string;
  /** Hollow is a no. */
  readonly filled: boolean;
  readonly alpha: number;
  /** Of its radius, what is usual. */
  readonly size: number;
}

/** Kinds by person, and how many of each; kinds are drawn in their order, what matters most on top. */
export interface Kinds {
  readonly of: Uint8Array;
  readonly count: number;
}

const LEVELS = 6;
/** Steps of size, where people count for more or less. */
const SIZES = 12;
/** The heaviest are larger than where all are alike, so that the others can still be seen. */
const LARGEST = 1.6;

/**
 * Where people count for more or less, each kind in sizes: the area says for how many one stands, and large ones lie below
 * small ones. Of two branches in one place one sees both, each as much as it weighs.
 */
export function sized({ count, of }: Kinds, weight: Float32Array | null): Kinds {
  if (weight === null) return { of, count };
  const heaviest = weight.reduce((most, w) => Math.max(most, w), 0);
  const all = of.map((kind, i) => {
    const size = heaviest > 0 ? Math.ceil(SIZES * Math.sqrt(weight[i] / heaviest)) : SIZES;
    return (SIZES - Math.max(1, size)) * count + kind;
  });
  return { of: all, count: SIZES * count };
}

/** The looks of sized kinds. */
export const sizedLooks = (looks: readonly Look[], isWeighted: boolean): readonly Look[] =>
  !isWeighted
    ? looks
    : Array.from({ length: SIZES }, (_, k) => LARGEST * (1 - k / SIZES)).flatMap((size) =>
        looks.map((look) => ({ ...look, size })),
      );

/** Yes or no: outcome not known (0, 1), right (2, 3), wrong (4, 5), the odd ones decided yes. */
export function kindsOfBinary({ decided, n, outcome }: DecodedFrame): Kinds {
  const of = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const truth = outcome[i];
    const base = Number.isNaN(truth) ? 0 : (truth !== 0) === (decided[i] === 1) ? 2 : 4;
    of[i] = base + decided[i];
  }
  return { of, count: 6 };
}

/** A number: the size of the error in steps up to `scale`, two kinds each, the odd ones decided yes. */
export function kindsOfNumeric(
  { decided, n, outcome, prediction }: DecodedFrame,
  scale: number,
  isDecided: boolean,
): Kinds {
  const of = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const error = Math.abs(prediction[i] - outcome[i]);
    const level = Number.isNaN(error) ? 0 : 1 + Math.min(LEVELS - 1, Math.floor((error / scale) * LEVELS));
    of[i] = 2 * level + (isDecided ? decided[i] : 1);
  }
  return { of, count: 2 * (LEVELS + 1) };
}

export function looksOfBinary(palette: Palette): Look[] {
  const pair = (colour: string, alpha: number): Look[] => [
    { colour, filled: false, alpha, size: 1 },
    { colour, filled: true, alpha, size: 1 },
  ];
  return [...pair(palette.quiet, 0.5), ...pair(palette.right, 0.62), ...pair(palette.wrong, 0.95)];
}

export function looksOfNumeric(palette: Palette): Look[] {
  const colours = [palette.quiet, ...errorColours(palette)];
  return colours.flatMap((colour, level) => [
    { colour, filled: false, alpha: 0.55 + 0.06 * level, size: 1 },
    { colour, filled: true, alpha: 0.55 + 0.06 * level, size: 1 },
  ]);
}

/** From calm to the accent. */
export function errorColours(palette: Palette): string[] {
  const between = interpolateLab(palette.right, palette.wrong);
  return Array.from({ length: LEVELS }, (_, k) => between(k / (LEVELS - 1)));
}

/**
 * The error that has the strongest colour: that of the worst 1 in 20. It only grows, and only where it must, so that a
 * colour means the same from step to step.
 */
export function errorScale({ outcome, prediction }: DecodedFrame, before: number | null): number {
  const errors = prediction
    .map((p, i) => Math.abs(p - outcome[i]))
    .filter(Number.isFinite)
    .sort();
  const found = quantileSorted(Array.from(errors), 0.95) ?? 0;
  if (before !== null && found <= 1.25 * before) return before;
  return found > 0 ? found : (before ?? 1);
}
