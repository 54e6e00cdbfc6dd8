/** The gap as a number that can be read from the last row, and in the terminal's words. */
import { metricUnit } from '../src/study/metric-words.js';
import { changeWords, gapFigure, gapUnit, gapWords, type Sentence, stepWords } from '../src/study/words.js';
import { h, say } from './dom.js';
import { isNumber, type Looked } from './looked.js';
import type { Player } from './player.js';
import type { Column, RunData, Which } from './run-data.js';

export class GapPanel {
  private readonly label = h('span', { class: 'label' });
  private readonly figure = h('strong', { id: 'gap' });
  private readonly unit = h('span', { class: 'unit' });
  private readonly lines = h('div', { class: 'sentences' });

  constructor(host: HTMLElement) {
    host.replaceChildren(h('p', { class: 'big' }, this.label, this.figure, this.unit), this.lines);
  }

  draw({ at, data }: Player, looked: Looked): void {
    if (data.steps.run[at] === undefined) return;
    if (isNumber(looked.metric)) this.number(data, at, looked);
    else this.metric(data, at, looked);
  }

  private metric(data: RunData, at: number, { beside, metric, model, slice }: Looked): void {
    const promised = data.promised(metric, model);
    const now = (name: string, which: Which = 'run') =>
      numberOf(
        slice === null ? data.metricColumn('actual', metric, which, name) : data.sliceColumn(slice, metric, which),
        at,
      );
    const actual = now(model);
    this.show(
      data.models.length > 1 ? `The gap of ${model}` : 'The gap',
      metric,
      promised,
      actual,
      gapWords({
        metric,
        promised,
        actual,
        observed: lastKnown(data.metricColumn('observed', metric, 'run', model).view, at),
        slice,
        beside: beside.map((name) => ({ name, value: now(name) })),
        ...(data.hasTwin && at < data.steps.twin.length ? { twin: now(model, 'twin') } : {}),
      }),
    );
  }

  /** Against the first number beside it, else against the first step that has one. */
  private number(data: RunData, at: number, { beside, metric }: Looked): void {
    // What is not measured at every step is what it was last.
    const now = (name: string, which: Which = 'run') => lastKnown(data.numberColumn(name, which).view, at);
    const [other] = beside;
    const { since, value: first } = firstKnown(data.numberColumn(metric).view, at);
    const base = other === undefined ? first : now(other);
    this.show(
      other === undefined
        ? `${metricUnit(metric)}, since ${stepWords(since)}`
        : `${metricUnit(metric)} minus ${metricUnit(other)}`,
      metric,
      base,
      now(metric),
      changeWords({
        name: metric,
        first,
        since,
        now: now(metric),
        beside: beside.map((name) => ({ name, value: now(name) })),
        ...(data.hasTwin && at < data.steps.twin.length ? { twin: now(metric, 'twin') } : {}),
      }),
    );
  }

  private show(
    label: string,
    metric: string,
    base: number | null,
    actual: number | null,
    sentences: readonly Sentence[],
  ): void {
    const isGap = base !== null && actual !== null;
    say(this.label, label);
    say(this.figure, isGap ? gapFigure(metric, base, actual) : 'none');
    this.figure.classList.toggle('none', !isGap);
    say(this.unit, isGap && !isNumber(metric) ? gapUnit(metric, base) : '');
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

/** The same number on the chart: with its unit where that is short. */
export const gapText = (metric: string, promised: number, actual: number): string =>
  gapFigure(metric, promised, actual) + (gapUnit(metric, promised) === 'points' ? ' points' : '');

const numberOf = (column: Column, at: number): number | null => {
  const value = column.at(at);
  return Number.isNaN(value) ? null : value;
};

/** What there was first, up to a step: a monitor that compares a step with the one before has nothing at the first. */
function firstKnown(values: Float64Array, at: number): { since: number; value: number | null } {
  for (let t = 0; t < values.length && t <= at; t++)
    if (!Number.isNaN(values[t])) return { since: t, value: values[t] };
  return { since: 0, value: null };
}

/** What there was last, such as on the dashboard, where nothing came at the step itself. */
function lastKnown(values: Float64Array, at: number): number | null {
  for (let t = Math.min(at, values.length - 1); t >= 0; t--) if (!Number.isNaN(values[t])) return values[t];
  return null;
}
