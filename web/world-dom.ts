/** The parts of the world on the page. */
import { type Selection, select } from 'd3';
import type { LegendEntry } from './world-words.js';

export interface Parts {
  readonly x: HTMLSelectElement;
  readonly y: HTMLSelectElement;
  readonly stage: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly over: SVGSVGElement;
  readonly empty: HTMLElement;
  readonly readout: HTMLElement;
  readonly legend: HTMLElement;
  readonly note: HTMLElement;
  readonly spoken: HTMLElement;
}

export function build(host: HTMLElement): Parts {
  host.classList.add('world');
  host.setAttribute('role', 'group');
  host.setAttribute('aria-label', 'The world: the population over two fields, and the model through it');
  const root = select(host);
  root.selectAll('*').remove();
  const axes = root.append('div').attr('class', 'world-axes');
  const y = chooser(axes.append('div').attr('class', 'world-axis-y'), '\u2191 up');
  const x = chooser(axes.append('div').attr('class', 'world-axis-x'), 'across \u2192');
  const stage = root
    .append('div')
    .attr('class', 'world-stage')
    .attr('tabindex', 0)
    .attr('role', 'application')
    .attr('aria-label', 'People: arrow keys pick one and go on to the next, Escape lets go');
  const canvas = stage.append('canvas').attr('aria-hidden', 'true').attr('hidden', '');
  const over = stage.append('svg').attr('aria-hidden', 'true');
  const empty = stage.append('p').attr('class', 'world-empty').text('The world appears here once the run begins');
  const readout = root.append('div').attr('class', 'world-readout');
  const legend = root.append('ul').attr('class', 'world-legend').attr('aria-label', 'What is drawn');
  const note = root.append('p').attr('class', 'world-note');
  const spoken = root.append('p').attr('class', 'world-spoken').attr('role', 'status');
  return {
    x,
    y,
    stage: node(stage),
    canvas: node(canvas),
    over: node(over),
    empty: node(empty),
    readout: node(readout),
    legend: node(legend),
    note: node(note),
    spoken: node(spoken),
  };
}

function node<E extends Element>(selection: Selection<E, unknown, null, undefined>): E {
  const found = selection.node();
  if (found === null) throw new Error('the world has lost a part of itself');
  return found;
}

function chooser(parent: Selection<HTMLDivElement, unknown, null, undefined>, text: string): HTMLSelectElement {
  const label = parent.append('label');
  label.append('span').text(text);
  return node(label.append('select'));
}

export function offer(chooser: HTMLSelectElement, fields: readonly string[], chosen: string | null): void {
  const isSame =
    chooser.options.length === fields.length && fields.every((name, k) => chooser.options[k].value === name);
  if (!isSame) chooser.replaceChildren(...fields.map((name) => new Option(name)));
  if (chosen !== null && chooser.value !== chosen) chooser.value = chosen;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Entries whose text has stayed are left alone. */
export function writeLegend(list: HTMLElement, entries: readonly LegendEntry[]): void {
  select(list)
    .selectAll<HTMLLIElement, LegendEntry>('li')
    .data(entries, ({ mark }) => mark)
    .join((enter) => {
      const item = enter.append('li');
      item.append(({ mark }) => markOf(mark));
      item.append('span');
      return item;
    })
    .order()
    .select('span')
    .each(function ({ text }) {
      const span = this as HTMLElement;
      if (span.textContent !== text) span.textContent = text;
    });
}

/** A mark as it is drawn in the picture. */
export function markOf(mark: LegendEntry['mark']): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `world-mark world-mark-${mark}`);
  svg.setAttribute('viewBox', '0 0 26 14');
  svg.setAttribute('aria-hidden', 'true');
  const add = (tag: string, attributes: Record<string, string | number>) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    svg.append(element);
  };
  const dot = (cx: number, name = 'world-dot', r = 4.5) => add('circle', { class: name, cx, cy: 7, r });
  if (mark === 'boundary' || mark === 'line') add('path', { class: 'world-line', d: 'M2,7H24' });
  else if (mark === 'region') add('rect', { class: 'world-region', x: 2, y: 1, width: 22, height: 12 });
  else if (mark === 'errors') for (let k = 0; k < 4; k++) dot(4 + 6 * k, `world-dot world-error-${k}`, 3);
  else if (mark === 'weight') for (let k = 0; k < 3; k++) dot(4 + 8 * k, 'world-dot', 1.5 + 1.5 * k);
  else if (mark === 'tail') {
    add('path', { class: 'world-tail', d: 'M2,7H20' });
    dot(3, 'world-dot', 2);
    dot(20, 'world-dot', 4);
  } else dot(13);
  return svg;
}

export function writeReadout(
  box: HTMLElement,
  title: string,
  rows: readonly (readonly [string, string])[],
  release: (() => void) | null,
): void {
  if (title === '') {
    box.replaceChildren();
    return;
  }
  const root = select(box);
  if (root.select('p').empty()) {
    root.append('p');
    root.append('dl');
    root.append('button').attr('type', 'button').text('Let go');
  }
  root.classed('world-followed', release !== null);
  root.select('p').text(title);
  root
    .select<HTMLButtonElement>('button')
    .property('hidden', release === null)
    .on('click', () => release?.());
  root
    .select('dl')
    .selectAll<HTMLDivElement, [string, string]>('div')
    .data(rows)
    .join((enter) => {
      const row = enter.append('div');
      row.append('dt');
      row.append('dd');
      return row;
    })
    .each(function ([name, value]) {
      const row = select(this);
      row.select('dt').text(name);
      row.select('dd').text(value);
    });
}
