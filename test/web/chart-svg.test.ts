/** The chart as a file. */
import { describe, expect, it } from 'vitest';
import { chartSvg } from '../../web/chart-svg.js';
import { mark, PALETTE, spec } from './spec.js';

const size = { width: 900, height: 420 };
const wave = (n: number, by = 0): number[] => Array.from({ length: n }, (_, t) => 0.6 + by + 0.1 * Math.sin(t / 9));
const svg = (more = {}) =>
  chartSvg(
    spec({ lab: wave(100).fill(0.7), actual: wave(100) }, { marks: [mark(20), mark(40, 'deploy')], ...more }),
    size,
    PALETTE,
  );

describe('chartSvg', () => {
  it('has a title, a description, the lines, the gap and the words of the marks', () => {
    const text = svg();
    expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="900" height="420"/);
    expect(text).toContain('<title id="title">A chart</title>');
    expect(text).toContain('actual minus lab −0.200');
    expect(text).toContain('>gaming begins</text>');
    expect(text).toContain(`stroke="${PALETTE.actual}"`);
    expect(text).toContain('>share of predictions that are right</text>');
  });

  it('shades the gap that bracket and number are of, whatever lab a later version had', () => {
    const of = (lab: number[]): string => {
      const text = chartSvg(spec({ lab, actual: wave(100) }), size, PALETTE);
      return /<path d="([^"]*)" fill="#c03a12" fill-opacity="0.09"/.exec(text)?.[1] ?? '';
    };
    const promised = Array.from({ length: 100 }, () => 0.8);
    // The lowest value is the same, and so is the axis.
    const moved = promised.map((value, t) => (t < 60 ? value : 0.6));
    expect(of(promised)).not.toBe('');
    expect(of(moved)).toBe(of(promised));
  });

  it('runs nothing, loads nothing, and takes words for words', () => {
    const text = svg({ title: '<script>alert(1)</script> & "x"', marks: [mark(3, 'hand', '"><image href=x>\u0000')] });
    expect(text).not.toMatch(/<script|<image/);
    expect(text).not.toContain('\u0000');
    expect(text).toContain('&lt;script&gt;');
  });

  it('holds no NaN, no Infinity, whatever the values', () => {
    for (const values of [
      [],
      [Number.NaN],
      [1],
      [Number.POSITIVE_INFINITY, 2, Number.NaN, 3],
      [1e300, -1e300],
      [0, 0],
    ]) {
      expect(chartSvg(spec({ lab: values, actual: values }), size, PALETTE)).not.toMatch(/NaN|Infinity/);
    }
  });

  it('does not grow with the steps', () => {
    const long = chartSvg(spec({ actual: wave(100_000) }, { steps: 100_000 }), size, PALETTE);
    expect(long.length).toBeLessThan(80_000);
  });

  it('draws a line whole where its dashes would fall into clumps, and only there', () => {
    const dashes = (observed: number[]): boolean => {
      const text = chartSvg(spec({ observed, actual: [0, 1] }, { steps: observed.length }), size, PALETTE);
      return /<path d="M[^"]{200,}"[^>]*stroke-dasharray="6 4"/.test(text);
    };
    const noise = (n: number): number[] => Array.from({ length: n }, (_, t) => 0.5 + 0.1 * Math.sin(t * t));
    expect(dashes(noise(5000))).toBe(false);
    expect(dashes(noise(200))).toBe(true);
    expect(dashes(wave(200))).toBe(true);
    expect(dashes(Array.from({ length: 5000 }, (_, t) => 0.6 + t / 20_000))).toBe(true);
  });

  it('draws a step alone as a dot, and bands, shades and a cursor where there are any', () => {
    expect(chartSvg(spec({ actual: [1] }), size, PALETTE)).toMatch(/<circle/);
    const low = Float64Array.from(wave(100, -0.1));
    const high = Float64Array.from(wave(100, 0.1));
    const text = svg({
      bands: [{ label: '10 to 90 %', low, high, kind: 'policy' }],
      shades: [{ from: 0, to: 40, label: 'before anybody reacts' }],
      cursor: 12,
    });
    expect(text).toContain('fill-opacity="0.16"');
    expect(text).toContain('before anybody reacts');
  });
});
