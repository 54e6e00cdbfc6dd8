/** Bands over seeds on a chart: whose they are, their words, and where the names of the lines stand. */
import { describe, expect, it } from 'vitest';
import { layOut, plainView } from '../../web/chart-layout.js';
import { estimate } from '../../web/chart-measure.js';
import type { ChartSpec } from '../../web/chart-spec.js';
import { chartSvg } from '../../web/chart-svg.js';
import { spokenStep } from '../../web/chart-words.js';
import { columnsOf, seedBands } from '../../web/seed-bands.js';
import { line, PALETTE, spec } from './spec.js';

const band = (at: number) => ({ low: [at - 0.1, null], median: [at, at], high: [at + 0.1, null] });
const LINES = [
  line('lab', [0.8], 'lab'),
  line('observed', [0.7], 'observed'),
  line('actual', [0.6], 'actual'),
  line('beside other', [0.5], 'policy', 10),
];

describe('seedBands', () => {
  const shown = { lab: 'm.lab.x', observed: 'm.observed.x', actual: 'm.actual.x', beside: ['other.actual.x'] };

  it('gives each band the line whose number it is, with what is actual on top', () => {
    const columns = columnsOf({
      'm.lab.x': band(0.8),
      'm.observed.x': band(0.7),
      'm.actual.x': band(0.6),
      'other.actual.x': band(0.5),
    });
    const bands = seedBands(shown, columns, LINES);
    expect(bands.map(({ index, kind, label, median }) => [kind, label, index, median?.[0]])).toEqual([
      ['policy', 'beside other', 10, 0.5],
      ['lab', 'lab', 0, 0.8],
      ['observed', 'observed', 0, 0.7],
      ['actual', 'actual', 0, 0.6],
    ]);
    expect(Number.isNaN(bands[3].low[1])).toBe(true);
  });

  it('draws nothing where there is no such line, or no such number', () => {
    const columns = columnsOf({ 'measure.x': band(1) });
    expect(seedBands({ lab: null, observed: null, actual: 'measure.x', beside: [] }, columns, LINES)).toHaveLength(1);
    expect(seedBands({ lab: null, observed: null, actual: 'measure.y', beside: [] }, columns, LINES)).toEqual([]);
    expect(seedBands({ lab: null, observed: null, actual: 'measure.x', beside: [] }, columns, [])).toEqual([]);
  });
});

describe('a chart with bands over seeds', () => {
  const wave = (n: number, at: number): number[] => Array.from({ length: n }, (_, t) => at + 0.1 * Math.sin(t / 9));
  const column = (at: number) => Float64Array.from(wave(100, at));
  const WORDS = 'median and 10-90 % of 20 seeds';
  const over: Partial<ChartSpec> = {
    bands: [{ label: 'actual', kind: 'actual', low: column(0.5), median: column(0.6), high: column(0.7) }],
    bandWords: WORDS,
  };
  const charted = (more: Partial<ChartSpec> = over) => spec({ lab: wave(40, 0.8), actual: wave(40, 0.6) }, more);
  const laid = (width: number, more: Partial<ChartSpec> = over) => {
    const one = charted(more);
    return layOut(one, { width, height: 420 }, plainView(one), estimate);
  };

  it('says what the bands are: beside the unit, on a phone in a row of its own', () => {
    const [wide, narrow] = [laid(900), laid(340)];
    expect(wide.bandKey).toMatchObject({ text: WORDS, y: wide.unitY });
    expect(narrow.bandKey?.text).toBe(WORDS);
    expect(narrow.bandKey?.y).toBeGreaterThan(narrow.unitY);
    expect(narrow.bandKey?.y).toBeLessThan(narrow.top);
    expect(laid(900, {}).bandKey).toBeNull();
  });

  it('names the lines beside the plot, where the bands go on beyond the present', () => {
    const [bare, covered] = [laid(900, {}), laid(900)];
    const names = (layout: typeof bare) => layout.ends.filter(({ series }) => series !== null).map(({ x }) => x);
    for (const x of names(bare)) expect(x).toBeLessThan(bare.right);
    for (const x of names(covered)) expect(x).toBeGreaterThan(covered.right);
    expect(covered.bracketX).toBeGreaterThan(covered.right);
  });

  it('has the band, its median and the words in the file, and no shade of the gap beside them', () => {
    const svg = chartSvg(charted(), { width: 900, height: 420 }, PALETTE);
    expect(svg).toContain(`>${WORDS}</text>`);
    // The band, and a piece of it before the words.
    expect(svg.match(/fill-opacity="0.16"/g)).toHaveLength(2);
    expect(svg.match(/stroke-width="1.25"/g)).toHaveLength(2);
    expect(svg).not.toContain('fill-opacity="0.09"');
    expect(chartSvg(charted({}), { width: 900, height: 420 }, PALETTE)).toContain('fill-opacity="0.09"');
  });

  it('tells the band to who hears the chart', () => {
    expect(spokenStep(charted(), 0)).toContain(`${WORDS}: actual 0.600, 0.500 to 0.700.`);
    expect(spokenStep(charted({}), 0)).not.toContain('seeds');
  });
});
