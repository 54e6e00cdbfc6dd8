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
}

/** Kinds by person, and how many of each; kinds are drawn in their order, what matters most on top. */
export interface Kinds {
  readonly of: Uint8Array;
  readonly count: number;
}

const LEVELS = 6;

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
    { colour, filled: false, alpha },
    { colour, filled: true, alpha },
  ];
  return [...pair(palette.quiet, 0.5), ...pair(palette.right, 0.62), ...pair(palette.wrong, 0.95)];
}

export function looksOfNumeric(palette: Palette): Look[] {
  const colours = [palette.quiet, ...errorColours(palette)];
  return colours.flatMap((colour, level) => [
    { colour, filled: false, alpha: 0.55 + 0.06 * level },
    { colour, filled: true, alpha: 0.55 + 0.06 * level },
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
