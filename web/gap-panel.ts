/** The gap as a number that can be read from the last row, and in the terminal's words. */
import { gapFigure, gapUnit, gapWords, type Sentence } from '../src/study/words.js';
import { h, say } from './dom.js';
import { metricName, metricUnit } from './metric-words.js';
import type { Player } from './player.js';

/** The number that is looked at. */
export interface Looked {
  readonly model: string;
  readonly metric: string;
}

export class GapPanel {
  private readonly label = h('span', { class: 'label' });
  private readonly figure = h('strong', { id: 'gap' });
  private readonly unit = h('span', { class: 'unit' });
  private readonly lines = h('div', { class: 'sentences' });

  constructor(host: HTMLElement) {
    host.replaceChildren(h('p', { class: 'big' }, this.label, this.figure, this.unit), this.lines);
  }

  draw({ at, data }: Player, { metric, model }: Looked): void {
    const { steps } = data;
    const now = steps.run[at];
    if (now === undefined) return;
    const promised = data.promised(metric, model);
    const { actual, observed } = data.vantage(now, model);
    const twin = data.hasTwin ? steps.twin[at] : undefined;
    say(this.label, data.models.length > 1 ? `The gap of ${model}` : 'The gap');
    const gap = {
      metric,
      promised,
      actual: actual[metric] ?? null,
      observed: observed[metric] ?? lastKnown(data.metricColumn('observed', metric, 'run', model).view, at),
      ...(twin === undefined ? {} : { twin: data.vantage(twin, model).actual[metric] ?? null }),
    };
    const isGap = promised !== null && gap.actual !== null;
    say(this.figure, isGap ? figureOf(metric, promised, gap.actual) : 'none');
    this.figure.classList.toggle('none', !isGap);
    say(this.unit, isGap ? unitOf(metric, promised) : '');
    const sentences = gapWords(gap).map((sentence) => said(sentence, metric, promised));
    for (const [k, sentence] of sentences.entries()) this.line(k, sentence);
    while (this.lines.children.length > sentences.length) this.lines.lastChild?.remove();
  }

  private line(k: number, { about, after, before, figure }: Sentence): void {
    const old = this.lines.children[k];
    if (old?.textContent === before + figure + after && old.className === about) return;
    const line = h('p', { class: about }, before, h('b', {}, figure), after);
    if (old === undefined) this.lines.append(line);
    else old.replaceWith(line);
  }
}

/** The terminal's sentence; a metric without a name there has the one of the page's own list. */
function said(sentence: Sentence, metric: string, promised: number | null): Sentence {
  if (sentence.about !== 'lab') return sentence;
  if (promised === null)
    return {
      about: 'lab',
      before: 'The lab held nothing back to test on, so it promised ',
      figure: 'nothing',
      after: '.',
    };
  return { ...sentence, before: sentence.before.replace(` ${metric} was `, ` the ${metricUnit(metric)} was `) };
}

/** Nearly nothing is nothing: a tail of powers of ten is no figure for the last row. */
const figureOf = (metric: string, promised: number | null, actual: number | null): string =>
  gapFigure(metric, promised, actual).replace(/^×(0\.0+|.*e-\d+)$/, '×0');

/** The same number on the chart: with its unit where that is short. */
export const gapText = (metric: string, promised: number, actual: number): string =>
  figureOf(metric, promised, actual) + (gapUnit(metric) === 'points' ? ' points' : '');

function unitOf(metric: string, promised: number): string {
  // Nothing is so many times nothing: then it is a difference.
  if (metric === 'rmse' && promised === 0) return metricName(metric);
  const unit = gapUnit(metric);
  return unit === metric ? metricName(metric) : unit;
}

/** What the dashboard showed last, where nothing arrived at the step itself. */
function lastKnown(values: Float64Array, at: number): number | null {
  for (let t = Math.min(at, values.length - 1); t >= 0; t--) if (!Number.isNaN(values[t])) return values[t];
  return null;
}
