/** What a mark says when it is pointed at, touched or focused. */
import { make, makeSvg, placeBeside } from './chart-element.js';
import { type PlacedMark, when } from './chart-marks.js';
import { KIND_WORDS, SYMBOLS } from './chart-symbols.js';

/** Longer lists of merged marks say how many more there are. */
const MOST = 6;

export class MarkTip {
  readonly element = make('div', 'chart-tip');

  constructor() {
    this.element.setAttribute('role', 'tooltip');
    this.element.hidden = true;
  }

  show(placed: PlacedMark, y: number, width: number, height: number): void {
    const shown = placed.marks.slice(0, MOST);
    const items = shown.map((mark) => {
      const item = make('div', 'chart-tip-item');
      const head = make('p', 'chart-tip-head');
      const symbol = makeSvg('svg', 'chart-tip-symbol');
      symbol.setAttribute('viewBox', '-9 -9 18 18');
      symbol.setAttribute('aria-hidden', 'true');
      const path = makeSvg('path', '');
      path.setAttribute('d', SYMBOLS[mark.kind]);
      path.setAttribute('fill-rule', 'evenodd');
      symbol.append(path);
      head.append(symbol, make('span', '', `${when(mark)} · ${KIND_WORDS[mark.kind]}`));
      item.append(head, make('p', 'chart-tip-label', mark.label));
      if (mark.text !== '' && mark.text !== mark.label) item.append(make('p', 'chart-tip-text', mark.text));
      return item;
    });
    const more = placed.marks.length - shown.length;
    this.element.replaceChildren(...items, ...(more > 0 ? [make('p', 'chart-tip-head', `and ${more} more`)] : []));
    this.element.hidden = false;
    // On the axis, above the mark; in a lane, below it.
    const top = placed.lane === 'axis' ? y - this.element.offsetHeight - 14 : y + 14;
    placeBeside(this.element, placed.x - 24, top, width, height, 12);
  }

  hide(): void {
    this.element.hidden = true;
  }
}
