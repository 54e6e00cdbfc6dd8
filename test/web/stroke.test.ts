/** How lines look: seen on their ground, and told apart without colour. */
import { readFileSync } from 'node:fs';
import { rgb } from 'd3';
import { describe, expect, it } from 'vitest';
import type { SeriesKind } from '../../web/chart-spec.js';
import { strokeOf } from '../../web/chart-stroke.js';
import type { Palette } from '../../web/palette.js';
import { PALETTE } from './spec.js';

/** The themes as the style sheet has them. */
const themes = ['light', 'dark'].map((name): Palette => {
  const css = readFileSync('web/tokens.css', 'utf8').split(`data-theme="${name}"`)[1].split('}')[0];
  const of = Object.fromEntries([...css.matchAll(/--([\w-]+): (#\w{6})/g)].map(([, key, value]) => [key, value]));
  return { ...PALETTE, ...of, scale: Array.from({ length: 8 }, (_, k) => of[`scale-${k}`]) };
});

const luminance = (colour: string): number => {
  const { b, g, r } = rgb(colour);
  const [red, green, blue] = [r, g, b].map((part) =>
    part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (a: string, b: string): number => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

const kinds: SeriesKind[] = ['lab', 'observed', 'actual', 'twin', 'theory'];

describe.each([
  ['light', themes[0]],
  ['dark', themes[1]],
])('%s', (_, palette) => {
  const all = [
    ...kinds.map((kind) => strokeOf(kind, 0, palette)),
    ...Array.from({ length: 8 }, (_, k) => strokeOf('slice', k, palette)),
  ];

  it.each(['panel', 'ground'] as const)('lines keep 3:1 and their names 4.5:1 on the %s', (ground) => {
    for (const { colour, text } of all) {
      expect(contrast(colour, palette[ground])).toBeGreaterThanOrEqual(3);
      expect(contrast(text, palette[ground])).toBeGreaterThanOrEqual(4.5);
    }
  });
});

it('the vantage points differ in width or dash, and so do neighbours in a scale', () => {
  const look = (kind: SeriesKind, index = 0): string => {
    const { dash, width } = strokeOf(kind, index, PALETTE);
    return `${width} ${dash.join(' ')}`;
  };
  expect(new Set(kinds.map((kind) => look(kind))).size).toBe(5);
  for (let k = 0; k < 40; k++) expect(look('policy', k)).not.toBe(look('policy', k + 1));
  const both = (k: number): string => `${look('policy', k)} ${strokeOf('policy', k, PALETTE).colour}`;
  expect(new Set(Array.from({ length: 40 }, (_, k) => both(k))).size).toBe(40);
});
