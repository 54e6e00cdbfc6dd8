/** The gap as a number that can be read from the last row, and in the terminal's words. */
import { gapFigure, gapUnit, gapWords, type Sentence } from '../src/study/words.js';
import { h, say } from './dom.js';
import type { Player } from './player.js';

export class GapPanel {
  private readonly figure = h('strong', { id: 'gap' });
  private readonly unit = h('span', { class: 'unit' });
  private readonly lines = h('div', { class: 'sentences' });

  constructor(host: HTMLElement) {
    host.replaceChildren(
      h('p', { class: 'big' }, h('span', { class: 'label' }, 'The gap'), this.figure, this.unit),
      this.lines,
    );
  }

  draw({ at, data }: Player): void {
    const { metric, steps } = data;
    const now = steps.run[at];
    if (now === undefined) return;
    const promised = data.promised();
    const actual = now.actual[metric] ?? null;
    const twin = steps.twin[at];
    say(this.figure, gapFigure(metric, promised, actual));
    say(this.unit, gapUnit(metric));
    const sentences = gapWords({
      metric,
      promised,
      actual,
      observed: now.observed[metric] ?? lastKnown(data.metricColumn('observed', metric).view, at),
      ...(twin === undefined ? {} : { twin: twin.actual[metric] ?? null }),
    });
    for (const [k, sentence] of sentences.entries()) this.line(k, sentence);
    while (this.lines.children.length > sentences.length) this.lines.lastChild?.remove();
  }

  private line(k: number, { about, after, before, figure }: Sentence): void {
    const old = this.lines.children[k];
    if (old?.textContent === before + figure + after) return;
    const line = h('p', { class: about }, before, h('b', {}, figure), after);
    if (old === undefined) this.lines.append(line);
    else old.replaceWith(line);
  }
}

/** What the dashboard showed last, where nothing arrived at the step itself. */
function lastKnown(values: Float64Array, at: number): number | null {
  for (let t = Math.min(at, values.length - 1); t >= 0; t--) if (!Number.isNaN(values[t])) return values[t];
  return null;
}
