/** Every series' value at the step that is looked at, in a box that floats beside the crosshair: nothing else moves. */

import { make, makeSvg, placeBeside } from './chart-element.js';
import { labName } from './chart-ends.js';
import { figure, signed } from './chart-format.js';
import type { Layout } from './chart-layout.js';
import { patch, shape } from './chart-shape.js';
import { medianOf, strokeOf } from './chart-stroke.js';
import { bandsAt, gapAt, valuesAt } from './chart-words.js';
import type { Palette } from './palette.js';

/** More lines than these are left to the table. */
const MOST = 12;

export class Readout {
  readonly element = make('div', 'chart-readout');

  constructor() {
    // What it says is said by the slider, too.
    this.element.setAttribute('aria-hidden', 'true');
    this.element.hidden = true;
  }

  show(layout: Layout, t: number, palette: Palette): void {
    const { spec } = layout;
    const said = valuesAt(spec, t);
    const rows = said.slice(0, MOST).map(({ series, value }) => {
      const row = make('div', 'chart-readout-row');
      const line = makeSvg('svg', 'chart-readout-line');
      line.setAttribute('viewBox', '0 0 20 8');
      const { colour, dash, width } = strokeOf(series.kind, series.index ?? 0, palette);
      patch(line, [
        shape('path', {
          d: 'M1,4h18',
          stroke: colour,
          'stroke-width': width,
          'stroke-dasharray': dash.length === 0 ? undefined : dash.join(' '),
        }),
      ]);
      row.append(
        line,
        make('span', '', series.label),
        make('b', '', figure(value, 3, Math.max(...layout.domain.map(Math.abs)))),
      );
      return row;
    });
    const gap = gapAt(spec, t);
    if (Number.isFinite(gap)) {
      const row = make('div', 'chart-readout-row chart-readout-gap');
      row.append(make('span', ''), make('span', '', `actual minus ${labName(spec, t)}`), make('b', '', signed(gap)));
      rows.push(row);
    }
    for (const [k, { band, text }] of bandsAt(spec, t).entries()) {
      const row = make('div', `chart-readout-row${k === 0 ? ' chart-readout-gap' : ''}`);
      const line = makeSvg('svg', 'chart-readout-line');
      line.setAttribute('viewBox', '0 0 20 8');
      const { colour, width } = medianOf(strokeOf(band.kind, band.index ?? 0, palette));
      patch(line, [
        shape('rect', { x: 1, y: 0, width: 18, height: 8, fill: colour, 'fill-opacity': band.opacity ?? 0.16 }),
        shape('path', { d: 'M1,4h18', stroke: colour, 'stroke-width': width }),
      ]);
      row.append(line, make('span', '', band.label), make('b', '', text));
      rows.push(row);
    }
    const more = said.length - MOST;
    this.element.replaceChildren(
      make('p', 'chart-readout-step', `Step ${t}`),
      ...rows,
      ...(more > 0 ? [make('p', 'chart-readout-step', `and ${more} more`)] : []),
    );
    this.element.hidden = false;
    placeBeside(this.element, layout.x(t), layout.top + 4, layout.width, layout.height);
  }

  hide(): void {
    this.element.hidden = true;
  }
}
