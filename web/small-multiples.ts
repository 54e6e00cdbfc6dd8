/** Small charts on one shared domain, in the order that the caller gives (the worst first), so that they can be compared. */
import { type Domain, extentOf, growDomain } from './chart-domain.js';
import { make } from './chart-element.js';
import { lastOf } from './chart-ends.js';
import { figure } from './chart-format.js';
import { wholeRange } from './chart-layout.js';
import type { ChartSpec } from './chart-spec.js';
import { type ChartHooks, TimeChart } from './time-chart.js';

export interface Multiple {
  readonly key: string;
  readonly title: string;
  readonly note?: string;
  readonly spec: ChartSpec;
}

/** Milliseconds between changes of order: who reads a chart must not lose it. */
const CALM = 1000;

interface Cell {
  readonly element: HTMLElement;
  readonly title: HTMLElement;
  readonly note: HTMLElement;
  readonly value: HTMLElement;
  readonly chart: TimeChart;
  item: Multiple;
}

export class SmallMultiples {
  private readonly cells = new Map<string, Cell>();
  private domain: Domain | null = null;
  private of = '';
  private length = 0;
  private order = '';
  private ordered = Number.NEGATIVE_INFINITY;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private wanted: readonly string[] = [];
  private pointed: number | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly hooks: ChartHooks,
  ) {
    host.classList.add('small-multiples');
    host.setAttribute('role', 'list');
  }

  draw(items: readonly Multiple[]): void {
    const domain = this.shared(items);
    for (const item of items) {
      const cell = this.cells.get(item.key) ?? this.add(item);
      cell.item = item;
      cell.title.textContent = item.title;
      cell.note.textContent = item.note ?? '';
      cell.chart.draw({ ...item.spec, small: true, domain: item.spec.domain ?? domain });
      this.write(cell);
    }
    const keys = new Set(items.map(({ key }) => key));
    for (const [key, cell] of this.cells) {
      if (keys.has(key)) continue;
      cell.chart.destroy();
      cell.element.remove();
      this.cells.delete(key);
    }
    this.reorder(items.map(({ key }) => key));
  }

  cursor(t: number | null): void {
    this.pointed = t;
    for (const cell of this.cells.values()) {
      cell.chart.cursor(t);
      this.write(cell);
    }
  }

  destroy(): void {
    clearTimeout(this.waiting);
    for (const { chart } of this.cells.values()) chart.destroy();
    this.cells.clear();
    this.host.replaceChildren();
    this.host.classList.remove('small-multiples');
    this.host.removeAttribute('role');
  }

  /** What all of them need; it grows with the run, and begins anew with other series or another run. */
  private shared(items: readonly Multiple[]): Domain {
    const of = `${items[0]?.spec.unit} ${items
      .map(({ key }) => key)
      .sort()
      .join(' ')}`;
    const length = Math.max(0, ...items.flatMap(({ spec }) => spec.series.map(({ values }) => values.length)));
    if (of !== this.of || length < this.length) this.domain = null;
    this.of = of;
    this.length = length;
    for (const { spec } of items) {
      const need = extentOf(spec, ...wholeRange(spec));
      if (need !== null) this.domain = growDomain(this.domain, need, spec.scale);
    }
    return this.domain ?? [0, 1];
  }

  private add(item: Multiple): Cell {
    const element = make('div', 'small-multiple');
    element.setAttribute('role', 'listitem');
    const head = make('div', 'small-multiple-head');
    const title = make('h3', 'small-multiple-title');
    const value = make('p', 'small-multiple-value');
    const note = make('p', 'small-multiple-note');
    const plot = make('div', 'small-multiple-plot');
    head.append(title, value);
    element.append(head, note, plot);
    const chart = new TimeChart(plot, {
      ...this.hooks,
      onCursor: (t) => {
        this.cursor(t);
        this.hooks.onCursor(t);
      },
    });
    chart.cursor(this.pointed);
    const cell = { element, title, note, value, chart, item };
    this.cells.set(item.key, cell);
    return cell;
  }

  /** The value at the step that is looked at, or the last. */
  private write({ item: { spec }, value }: Cell): void {
    const t = this.pointed ?? spec.cursor;
    const series = spec.series.find(({ kind }) => kind === 'actual') ?? spec.series[0];
    const last =
      series === undefined ? null : t === null ? (lastOf(series)?.value ?? null) : (series.values[t] ?? null);
    const beside = Math.max(...(spec.domain ?? this.domain ?? [0]).map(Math.abs));
    value.textContent = figure(last ?? Number.NaN, 3, beside);
    value.classList.toggle('past', t !== null);
  }

  /** At once at the first time; then not more often than once a second, and not while a key or pointer is in one of them. */
  private reorder(keys: readonly string[]): void {
    this.wanted = keys;
    if (keys.join('\n') === this.order) {
      clearTimeout(this.waiting);
      this.waiting = undefined;
      return;
    }
    const fresh = [...this.cells.values()].some(({ element }) => element.parentElement === null);
    const wait = this.ordered + CALM - performance.now();
    if (fresh || wait <= 0) this.place();
    else this.waiting ??= setTimeout(() => this.place(), wait);
  }

  private place(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    if (this.host.matches(':hover') || this.host.contains(document.activeElement)) {
      const missing = this.wanted.filter((key) => this.cells.get(key)?.element.parentElement === null);
      for (const key of missing) this.host.append(this.cells.get(key)?.element as HTMLElement);
      this.waiting = setTimeout(() => this.place(), CALM);
      return;
    }
    this.order = this.wanted.join('\n');
    this.ordered = performance.now();
    this.wanted.forEach((key, k) => {
      const element = this.cells.get(key)?.element;
      if (element !== undefined && this.host.children[k] !== element)
        this.host.insertBefore(element, this.host.children[k] ?? null);
    });
  }
}
