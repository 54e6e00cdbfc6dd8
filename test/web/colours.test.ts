/** The colours of the page: contrast, and whether they can be told apart by everybody. */
import { readFileSync } from 'node:fs';
import { lab, rgb } from 'd3';
import { describe, expect, it } from 'vitest';

const css = readFileSync('web/tokens.css', 'utf8');

/** The variables of the block that a selector begins. */
function theme(selector: string): ReadonlyMap<string, string> {
  const block = css.slice(css.indexOf(selector)).split('}')[0];
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, colour]) => [name, colour]));
}

const THEMES = { light: theme(':root[data-theme="light"]'), dark: theme(':root[data-theme="dark"]') };

/** Relative luminance and contrast ratio (WCAG 2.2). */
function luminance(colour: string): number {
  const { b, g, r } = rgb(colour);
  const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q);
  return (high + 0.05) / (low + 0.05);
}

/** How a dichromat sees linear RGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const SIGHTS: Readonly<Record<string, readonly number[]>> = {
  'all colours': [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

function seen(colour: string, m: readonly number[]): string {
  const { b, g, r } = rgb(colour);
  const linear = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const [x, y, z] = [0, 3, 6].map((row) => m[row] * linear[0] + m[row + 1] * linear[1] + m[row + 2] * linear[2]);
  const back = (v: number) => {
    const c = Math.min(1, Math.max(0, v));
    return Math.round(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
  };
  return rgb(back(x), back(y), back(z)).formatHex();
}

/** Distance in CIE Lab (CIE76): 2.3 is the least that is noticed side by side. */
function distance(a: string, b: string): number {
  const [p, q] = [lab(a), lab(b)];
  return Math.hypot(p.l - q.l, p.a - q.a, p.b - q.b);
}

describe.each(Object.entries(THEMES))('the %s theme', (_, colours) => {
  const colour = (name: string) => colours.get(name) ?? '';

  it.each(['ink', 'quiet', 'lab', 'observed', 'actual', 'twin', 'theory', 'wrong', 'right'])(
    'has text in --%s at 4.5:1 on both grounds (large figures and marks at 3:1)',
    (name) => {
      const least = name === 'wrong' || name === 'right' ? 3 : 4.5;
      for (const ground of ['ground', 'panel']) expect(contrast(colour(name), colour(ground))).toBeGreaterThan(least);
    },
  );

  it.each(Object.keys(SIGHTS))('tells the vantage points apart with %s', (sight) => {
    const m = SIGHTS[sight];
    for (const [a, b] of [
      ['actual', 'observed'],
      ['actual', 'lab'],
      ['right', 'wrong'],
      ['actual', 'twin'],
      ['lab', 'twin'],
    ])
      expect(distance(seen(colour(a), m), seen(colour(b), m)), `${a} and ${b}`).toBeGreaterThan(15);
    // Observed and lab are dashed and solid as well.
    expect(distance(seen(colour('observed'), m), seen(colour('lab'), m))).toBeGreaterThan(8);
  });

  it.each(Object.keys(SIGHTS))('tells neighbours in the scale apart with %s', (sight) => {
    const m = SIGHTS[sight];
    for (let k = 0; k < 7; k++) {
      const [a, b] = [colour(`scale-${k}`), colour(`scale-${k + 1}`)];
      expect(distance(seen(a, m), seen(b, m)), `${k} and ${k + 1}`).toBeGreaterThan(8);
    }
    for (let k = 0; k < 8; k++) expect(contrast(colour(`scale-${k}`), colour('panel'))).toBeGreaterThan(3);
  });
});

it('is the same in the dark by choice as by the system', () => {
  expect(theme(':root:not([data-theme])')).toEqual(THEMES.dark);
});
