/** The marks of events, as shapes. */
import { halo } from './chart-draw.js';
import type { Layout } from './chart-layout.js';
import { DISC, halfOf, type PlacedMark, spokenMark, TARGET, WORDS } from './chart-marks.js';
import { number, type Shape, shape } from './chart-shape.js';
import { SYMBOLS } from './chart-symbols.js';
import type { Palette } from './palette.js';

/** The thin lines of the marks, down the plot. */
export function markLines(layout: Layout, palette: Palette): Shape[] {
  return layout.marks
    .filter(({ lane }) => lane !== 'axis')
    .map(({ key, lane, x }) =>
      shape('line', {
        key,
        x1: x,
        x2: x,
        y1: layout.lanes[lane] + 9,
        y2: layout.bottom,
        stroke: palette.quiet,
        'stroke-opacity': lane === 'story' ? 0.4 : 0.75,
        'stroke-dasharray': '1 3',
      }),
    );
}

/** One mark: its symbol or its count, and its words. */
export function markShape(placed: PlacedMark, layout: Layout, palette: Palette): Shape[] {
  const { marks, text, words, wordsX, x } = placed;
  const y = layout.lanes[placed.lane];
  const kind = marks[0].kind;
  const shapes: Shape[] = [];
  if (text !== '') {
    const half = halfOf(text);
    const box = { x: x - half, y: y - DISC, width: 2 * half, height: 2 * DISC, rx: DISC };
    shapes.push(
      shape('rect', { ...box, fill: placed.lane === 'events' ? palette.ink : palette.quiet }),
      shape(
        'text',
        {
          class: 'figure',
          x,
          y: y + 4,
          'text-anchor': 'middle',
          'font-size': 11,
          'font-weight': 700,
          fill: palette.panel,
        },
        text,
      ),
    );
  } else {
    shapes.push(
      shape('path', {
        d: SYMBOLS[kind],
        transform: `translate(${number(x)},${number(y)})`,
        fill: kind === 'deploy' ? palette.quiet : palette.ink,
        'fill-rule': 'evenodd',
      }),
    );
  }
  if (words !== '') {
    shapes.push(
      shape(
        'text',
        {
          x: wordsX,
          y: y + 4,
          'text-anchor': placed.anchor,
          'font-size': WORDS.size,
          fill: palette.ink,
          ...halo(palette),
        },
        words,
      ),
    );
  }
  return shapes;
}

/** Marks as buttons, large enough for a finger. */
export function markButtons(layout: Layout, palette: Palette): Shape[] {
  return layout.marks.map((placed) => {
    const y = layout.lanes[placed.lane];
    const target = { x: placed.x - TARGET / 2, y: y - TARGET / 2, width: TARGET, height: TARGET, rx: 6 };
    return shape(
      'g',
      {
        key: placed.key,
        class: 'chart-mark',
        role: 'button',
        'data-mark': placed.key,
        'aria-label': spokenMark(placed),
      },
      shape('rect', { class: 'chart-mark-target', ...target, fill: 'transparent' }),
      ...markShape(placed, layout, palette),
    );
  });
}
