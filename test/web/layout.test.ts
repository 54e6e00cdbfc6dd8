/** Where things are in a chart. */
import { describe, expect, it } from 'vitest';
import { layOut, plainView } from '../../web/chart-layout.js';
import { halfOf } from '../../web/chart-marks.js';
import { estimate } from '../../web/chart-measure.js';
import type { ChartSpec } from '../../web/chart-spec.js';
import { spokenStep } from '../../web/chart-words.js';
import { mark, spec } from './spec.js';

const at = (of: ChartSpec, width = 900, height = 360) => layOut(of, { width, height }, plainView(of), estimate);
const flat = (value: number, n = 100): number[] => Array.from({ length: n }, () => value);
const vantages = { lab: flat(0.78), observed: flat(0.7), actual: flat(0.69), twin: flat(0.775) };

describe('end labels', () => {
  it.each([320, 340, 360, 480, 600, 900, 1400])('neither overlap nor leave a chart of %d px', (width) => {
    const layout = at(spec(vantages), width);
    for (const { name, size, value, x, y } of layout.ends) {
      const wide = estimate(name, { size, bold: true }) + (value === '' ? 0 : 6 + estimate(value, { size }));
      expect(x + wide).toBeLessThanOrEqual(width);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(layout.height);
    }
    const ys = layout.ends.map(({ y }) => y).sort((a, b) => a - b);
    for (let k = 1; k < ys.length; k++) expect(ys[k] - ys[k - 1]).toBeGreaterThanOrEqual(16.9);
    for (const { text, x } of layout.legend) expect(x + 24 + estimate(text, { size: 12 })).toBeLessThanOrEqual(width);
    // Each line is named once, at its end or above.
    expect(layout.ends.filter(({ series }) => series !== null).length + layout.legend.length).toBe(4);
    expect(layout.right - layout.left).toBeGreaterThan(width * 0.4);
  });

  it('have their values where there is room, and give way to a legend where there is none', () => {
    expect(at(spec(vantages)).endPlan.mode).toBe('full');
    expect(at(spec({ ...vantages, 'without selective labels': flat(0.7) }), 340).endPlan.mode).toBe('legend');
    const many = spec(Object.fromEntries(Array.from({ length: 30 }, (_, k) => [`policy ${k}`, flat(k)])));
    expect(at(many).endPlan.mode).toBe('legend');
    const phone = at(many, 340);
    expect(phone.legend.length + phone.legendMore).toBe(30);
    expect(phone.bottom - phone.top).toBeGreaterThan(100);
  });

  it('lose a value only where their own name is too long for it', () => {
    const valuesOf = (...names: string[]) => {
      const { endPlan, ends, width } = at(
        spec({ ...vantages, ...Object.fromEntries(names.map((name) => [name, flat(0.7)])) }),
        640,
      );
      expect(endPlan.mode).toBe('full');
      for (const { name, size, value, x } of ends) {
        const wide = estimate(name, { size, bold: true }) + (value === '' ? 0 : 6 + estimate(value, { size }));
        expect(x + wide).toBeLessThanOrEqual(width);
      }
      const of = (key: string) => ends.find((end) => end.key === key);
      expect(of('actual')?.value).toBe('0.690');
      return names.map((key) => [of(key)?.name, of(key)?.value]);
    };
    // A name that fits stays whole; one that is cut anyway leaves room for its value.
    expect(valuesOf('theory: mean squares')).toEqual([['theory: mean squares', '']]);
    expect(valuesOf('theory: squared error of')).toEqual([[expect.stringMatching(/^theory: .*…$/), '0.700']]);
  });

  it('stand beside the present while the run grows', () => {
    const early = at(spec({ lab: flat(0.8, 10), actual: flat(0.7, 10) }));
    expect(early.ends[0].x).toBeLessThan(early.x(9) + 40);
  });
});

describe('the gap', () => {
  it('is the difference at the last step that has both', () => {
    const layout = at(spec({ lab: flat(0.78), actual: [...flat(0.69, 40), Number.NaN] }));
    expect(layout.gap).toEqual({ t: 39, lab: 0.78, actual: 0.69, text: '−0.090', from: 'lab' });
    expect(layout.ends.find(({ series }) => series === null)?.name).toBe('−0.090');
  });

  it('is held against what the first version promised, when the lab has another one', () => {
    const layout = at(spec({ lab: [...flat(0.8, 60), ...flat(0.5, 40)], actual: flat(0.79) }));
    expect(layout.gap).toMatchObject({ lab: 0.8, text: '−0.010', from: 'first lab' });
    expect(spokenStep(layout.spec, 99)).toMatch(/lab 0.500.*actual minus first lab −0.010/);
    expect(spokenStep(layout.spec, 10)).toMatch(/actual minus lab −0.010/);
  });

  it('is not drawn in a small chart, nor without both lines', () => {
    expect(at(spec(vantages, { small: true })).gap).toBeNull();
    expect(at(spec({ actual: flat(1) })).gap).toBeNull();
  });
});

describe('marks', () => {
  it('merge where a finger could not tell them apart, and none is lost', () => {
    const marks = [
      ...Array.from({ length: 100 }, (_, t) => mark(t, 'deploy')),
      mark(20),
      mark(21, 'drift'),
      mark(60, 'story'),
    ];
    const placed = at(spec(vantages, { marks })).marks;
    expect(placed.flatMap((one) => one.marks)).toHaveLength(103);
    for (const lane of ['events', 'story', 'axis'] as const) {
      const xs = placed.filter((one) => one.lane === lane).map(({ x }) => x);
      for (let k = 1; k < xs.length; k++) expect(xs[k] - xs[k - 1]).toBeGreaterThanOrEqual(24);
    }
    expect(placed.find(({ lane }) => lane === 'events')?.words).toBe('gaming begins + 1');
  });

  it('have room of their own: they cover no number of an axis, no line that runs along it, and no words', () => {
    for (const n of [3, 100, 2000]) {
      const layout = at(
        spec(
          { ...vantages, actual: flat(0, n) },
          {
            steps: n,
            marks: [
              ...Array.from({ length: n }, (_, t) => mark(t, 'deploy')),
              ...[0, 1].map((t) => mark(t, 'story')),
              ...[0.1, 0.6, 0.62, 0.63, 0.95].map((share) => mark(Math.floor(share * n))),
            ],
          },
        ),
      );
      const boxes = layout.marks.map(({ lane, text, x }) => {
        const y = layout.lanes[lane];
        return { left: x - halfOf(text), right: x + halfOf(text), top: y - 8.5, bottom: y + 8.5, lane };
      });
      const words = layout.marks.flatMap(({ anchor, lane, words: text, wordsX }) => {
        const width = estimate(text, { size: 12 });
        const left = anchor === 'start' ? wordsX : wordsX - width;
        return text === '' ? [] : [{ left, right: left + width, lane }];
      });
      expect(words.length).toBeGreaterThan(0);
      for (const [k, { bottom, lane, left, right, top }] of boxes.entries()) {
        expect(top > layout.bottom || bottom < layout.top).toBe(true);
        for (const tick of layout.yTicks) expect(top > tick.at + 4 || bottom < tick.at - 5).toBe(true);
        expect(bottom).toBeLessThan(layout.stepY - 8);
        const others = [...boxes.slice(k + 1), ...words].filter((one) => one.lane === lane);
        for (const other of others) expect(left > other.right || right < other.left).toBe(true);
      }
    }
  });

  it('have words only where these fit', () => {
    const layout = at(spec(vantages, { marks: [mark(20), mark(28), mark(60)] }));
    const [first, second, third] = layout.marks;
    expect(first.anchor).toBe('end');
    expect(second.words).not.toBe('');
    expect(third.words).not.toBe('');
    expect(
      at(spec(vantages, { marks: [mark(20), mark(28), mark(60)] }), 340).marks.filter(({ words }) => words !== '')
        .length,
    ).toBeLessThan(3);
  });

  it('stay where they are when later ones come', () => {
    const few = at(spec(vantages, { marks: [mark(1), mark(20)] })).marks;
    const more = at(spec(vantages, { marks: [mark(1), mark(20), mark(90)] })).marks;
    expect(more.slice(0, 2).map(({ key, x }) => [key, x])).toEqual(few.map(({ key, x }) => [key, x]));
  });
});

describe('what is not there', () => {
  it.each<[string, ChartSpec, RegExp]>([
    ['no series', spec({}), /Nothing is measured/],
    ['no steps', spec({ actual: [] }), /No steps yet/],
    ['no finite value', spec({ actual: [Number.NaN, Number.POSITIVE_INFINITY] }), /does not exist/],
  ])('%s: a sentence', (_, of, words) => expect(at(of).empty).toMatch(words));

  it.each<[string, ChartSpec]>([
    ['a single step', spec({ actual: [0.5] }, { steps: 1 })],
    ['huge numbers', spec({ actual: [1e300, -1e300] })],
    ['tiny numbers', spec({ actual: [1e-300, 2e-300] })],
    ['zeros', spec({ actual: [0, 0, 0] })],
  ])('%s: all places are finite', (_, of) => {
    const layout = at(of);
    const places = [...layout.xTicks, ...layout.yTicks].map((tick) => tick.at);
    expect([...places, layout.x(0), layout.y(of.series[0].values[0])].every(Number.isFinite)).toBe(true);
    expect([...layout.xTicks, ...layout.yTicks].map(({ text }) => text).join()).not.toMatch(/NaN|Infinity/);
    expect(layout.yTicks.length).toBeGreaterThan(0);
  });
});
