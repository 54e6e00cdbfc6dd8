/** A chart over the steps: axes, marks and labels as elements, lines on a canvas, and a hand on it. */
import { isHeavy, paint } from './chart-canvas.js';
import { crossShapes, dragShapes, isShown } from './chart-cross.js';
import { type Domain, extentOf, growDomain, roundDomain } from './chart-domain.js';
import { endShapes, groundShapes } from './chart-draw.js';
import { markButtons, markLines } from './chart-draw-marks.js';
import { make, makeSvg } from './chart-element.js';
import { listen } from './chart-input.js';
import { type Layout, layOut, wholeRange } from './chart-layout.js';
import { MarkHand } from './chart-mark-hand.js';
import type { Measure } from './chart-measure.js';
import { measureIn } from './chart-measure-page.js';
import { Readout } from './chart-readout.js';
import { patch } from './chart-shape.js';
import type { ChartMark, ChartSpec } from './chart-spec.js';
import { tableOf } from './chart-table.js';
import { spokenStep, summary } from './chart-words.js';
import { onThemeChange, type Palette, paletteOf } from './palette.js';

export interface ChartHooks {
  /** The pointer or a key is at a step; null has left. */
  onCursor(t: number | null): void;
  /** A click or Enter at a step: the page goes there. */
  onPick?(t: number): void;
  /** A mark is pointed at or focused; null is none. */
  onMark?(mark: ChartMark | null): void;
  /** Zoomed by hand; null is the whole run. */
  onZoom?(range: Domain | null): void;
}

/** Milliseconds between what a screen reader is told, and between new tables. */
const CALM = 2000;
/** Milliseconds without a new drawing. */
const REST = 150;

export class TimeChart {
  private readonly plot = make('div', 'chart-plot');
  private readonly canvas = make('canvas', 'chart-canvas');
  private readonly hit = make('div', 'chart-hit');
  private readonly svg = makeSvg('svg', 'chart-svg');
  private readonly layers = {
    ground: makeSvg('g', 'chart-ground'),
    lines: makeSvg('g', 'chart-mark-lines'),
    ends: makeSvg('g', 'chart-ends'),
    cross: makeSvg('g', 'chart-cross'),
    marks: makeSvg('g', 'chart-marks'),
  };
  private readonly under = makeSvg('svg', 'chart-svg');
  private readonly readout = new Readout();
  private readonly marks: MarkHand;
  private readonly whole = make('button', 'chart-reset', 'Show all steps');
  private readonly foot = make('div', 'chart-foot');
  private readonly toggle = make('button', 'chart-toggle', 'Show as table');
  private readonly tableBox = make('div', 'chart-table-box');
  private readonly live = make('p', 'chart-live');
  private readonly context: CanvasRenderingContext2D;
  private readonly observer: ResizeObserver;
  private readonly stopTheme: () => void;
  private readonly measure: Measure;

  private spec: ChartSpec | null = null;
  private layout: Layout | null = null;
  private palette: Palette | null = null;
  private width = 0;
  private height = 0;
  /** Of the vertical axis, and of what: another metric, or a new run, begins anew. */
  private domain: { readonly of: string; readonly length: number; readonly is: Domain | null } | null = null;
  private zoomed: Domain | null = null;
  private pointed: number | null = null;
  private dragged: readonly [number, number] | null = null;
  private said = 0;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private saying: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly hooks: ChartHooks,
  ) {
    host.classList.add('time-chart');
    host.setAttribute('role', 'figure');
    this.canvas.setAttribute('aria-hidden', 'true');
    this.under.setAttribute('aria-hidden', 'true');
    this.under.append(this.layers.ground, this.layers.lines);
    this.svg.setAttribute('role', 'group');
    this.svg.setAttribute('aria-label', 'What happened');
    this.svg.append(this.layers.ends, this.layers.cross, this.layers.marks);
    for (const layer of [this.layers.ends, this.layers.cross]) layer.setAttribute('aria-hidden', 'true');
    this.hit.tabIndex = 0;
    this.hit.setAttribute('role', 'slider');
    this.whole.type = 'button';
    this.whole.hidden = true;
    this.toggle.type = 'button';
    this.toggle.setAttribute('aria-expanded', 'false');
    this.tableBox.hidden = true;
    this.tableBox.tabIndex = 0;
    this.tableBox.setAttribute('role', 'region');
    this.live.setAttribute('aria-live', 'polite');
    this.marks = new MarkHand(this.plot, this.layers.marks, hooks);
    this.plot.append(
      this.under,
      this.canvas,
      this.hit,
      this.svg,
      this.readout.element,
      this.marks.tip.element,
      this.whole,
    );
    const hint = make('span', 'chart-hint', `${hooks.onPick === undefined ? '' : 'Click: go to a step. '}Drag: zoom.`);
    this.foot.append(this.toggle, hint, this.tableBox);
    host.replaceChildren(this.plot, this.foot, this.live);
    // Drawn by the processor: an emulated graphics card takes the commands at once and falls seconds behind.
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('this browser draws no canvas');
    this.context = context;
    this.measure = measureIn(this.plot);

    this.observer = new ResizeObserver(([entry]) => {
      this.width = Math.floor(entry.contentRect.width);
      this.height = Math.floor(entry.contentRect.height);
      this.render();
    });
    this.observer.observe(this.plot);
    this.stopTheme = onThemeChange(() => {
      this.palette = null;
      this.render();
    });
    this.listen();
  }

  draw(spec: ChartSpec): void {
    this.spec = spec;
    // Another run may be shorter than what is looked at.
    if (this.zoomed !== null && this.zoomed[1] > wholeRange(spec)[1]) this.zoom(null);
    this.host.classList.toggle('small', spec.small === true);
    this.render();
    this.speak();
  }

  /** The step that a hand is at, on this chart or another; null gives way to the spec's own. */
  cursor(t: number | null): void {
    if (this.pointed === t) return;
    this.pointed = t;
    this.cross();
  }

  zoom(range: Domain | null): void {
    const { spec } = this;
    if (spec === null) return;
    const [first, last] = wholeRange(spec);
    const from = Math.max(first, Math.min(last - 1, Math.floor(range?.[0] ?? first)));
    const to = Math.min(last, Math.max(from + 1, Math.ceil(range?.[1] ?? last)));
    this.zoomed = from <= first && to >= last ? null : [from, to];
    this.whole.hidden = this.zoomed === null;
    this.render();
  }

  destroy(): void {
    this.observer.disconnect();
    this.stopTheme();
    clearTimeout(this.saying);
    clearTimeout(this.resting);
    this.host.replaceChildren();
    this.host.classList.remove('time-chart', 'small');
    this.host.removeAttribute('role');
    this.host.removeAttribute('aria-label');
  }

  private render(): void {
    const { height, spec, width } = this;
    if (spec === null || width === 0 || height === 0) return;
    this.palette ??= paletteOf(this.host);
    const { palette } = this;
    const range = this.zoomed ?? wholeRange(spec);
    this.layout = layOut(spec, { width, height }, { range, domain: this.domainOf(spec, range) }, this.measure);
    const { layout } = this;
    const ratio = Math.min(3, Math.max(1, devicePixelRatio));
    clearTimeout(this.resting);
    if (ratio > 1 && isHeavy(layout, ratio)) {
      this.paintAt(1);
      this.resting = setTimeout(() => this.paintAt(ratio), REST);
    } else this.paintAt(ratio);
    for (const svg of [this.svg, this.under]) {
      const box = `0 0 ${width} ${height}`;
      if (svg.getAttribute('viewBox') !== box) svg.setAttribute('viewBox', box);
    }
    if (this.host.ariaLabel !== spec.title) this.host.setAttribute('aria-label', spec.title);
    patch(this.layers.ground, groundShapes(layout, palette));
    patch(this.layers.lines, markLines(layout, palette));
    patch(this.layers.ends, endShapes(layout, palette));
    patch(this.layers.marks, markButtons(layout, palette));
    this.placeHit(layout);
    this.marks.update(layout);
    this.cross();
  }

  /** Many long lines on a fine screen are coarse while they move, and fine when they rest. */
  private paintAt(ratio: number): void {
    const { canvas, layout, palette } = this;
    if (layout === null || palette === null) return;
    const [across, down] = [Math.round(layout.width * ratio), Math.round(layout.height * ratio)];
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across;
      canvas.height = down;
    }
    paint(this.context, layout, palette, ratio);
  }

  /** Calm while the run grows; anew for other series, for a shorter run, and for a part that is zoomed to. */
  private domainOf(spec: ChartSpec, range: Domain): Domain {
    if (spec.domain !== undefined) return spec.domain;
    const need = extentOf(spec, ...range);
    // A hand that zooms asks for the detail.
    if (this.zoomed !== null) return roundDomain(need ?? [0, 1]);
    const of = `${spec.unit} ${spec.steps} ${spec.bandWords === undefined} ${spec.series.map(({ key }) => key).join(' ')}`;
    const length = Math.max(0, ...spec.series.map(({ values }) => values.length));
    const before = this.domain?.of === of && length >= this.domain.length ? this.domain.is : null;
    const is = need === null ? before : growDomain(before, need, spec.scale);
    this.domain = { of, length, is };
    return is ?? [0, 1];
  }

  private placeHit({ bottom, left, range, right, spec, top }: Layout): void {
    const { style } = this.hit;
    style.left = `${left}px`;
    style.top = `${top}px`;
    style.width = `${right - left}px`;
    style.height = `${bottom - top}px`;
    this.hit.setAttribute('aria-label', `Step of ${spec.title}`);
    this.hit.setAttribute('aria-valuemin', String(range[0]));
    this.hit.setAttribute('aria-valuemax', String(range[1]));
  }

  /** The step that is shown: the hand's, or the page's. */
  private get looked(): number | null {
    return this.pointed ?? this.spec?.cursor ?? null;
  }

  /** The latest step with a value. */
  private get latest(): number {
    return Math.max(0, ...(this.layout?.lasts.map(({ t }) => t) ?? [0]));
  }

  private cross(): void {
    const { layout, palette, spec } = this;
    if (layout === null || palette === null || spec === null) return;
    const t = this.looked;
    const at = t ?? this.latest;
    this.hit.setAttribute('aria-valuenow', String(at));
    this.hit.setAttribute('aria-valuetext', spokenStep(spec, at));
    patch(this.layers.cross, [...dragShapes(layout, palette, this.dragged), ...crossShapes(layout, palette, t)]);
    // A step that is only looked at has a line: the numbers would lie on the chart for as long as it is held.
    if (t === null || !isShown(layout, t) || spec.small === true || this.pointed === null) this.readout.hide();
    else this.readout.show(layout, t, palette);
  }

  private point(t: number | null): void {
    if (this.pointed === t) return;
    this.cursor(t);
    this.hooks.onCursor(t);
  }

  private listen(): void {
    const clamp = (t: number): number => {
      const range = this.layout?.range ?? [0, 1];
      return Math.max(range[0], Math.min(range[1], t));
    };
    const stepAt = (x: number): number => clamp(Math.round(this.layout?.t(x + this.layout.left) ?? 0));
    listen(this.hit, {
      stepAt,
      point: (t) => this.point(t),
      pick: (t) => this.hooks.onPick?.(t),
      span: (from, to, done) => {
        const width = (this.layout?.right ?? 0) - (this.layout?.left ?? 0);
        const inside = (x: number): number => Math.max(0, Math.min(width, x));
        this.dragged = done ? null : [inside(from), inside(to)];
        if (done && Math.abs(to - from) > 1) this.zoomByHand([stepAt(Math.min(from, to)), stepAt(Math.max(from, to))]);
        else this.cross();
      },
      move: (by) =>
        this.point(Number.isFinite(by) ? clamp((this.looked ?? this.latest) + by) : clamp(by < 0 ? 0 : this.latest)),
      pickCursor: () => this.hooks.onPick?.(this.looked ?? this.latest),
      zoomBy: (factor) => {
        const [from, to] = this.layout?.range ?? [0, 1];
        const centre = this.looked ?? (from + to) / 2;
        this.zoomByHand([centre - (centre - from) * factor, centre + (to - centre) * factor]);
      },
      reset: () => {
        this.zoomByHand(null);
        this.point(null);
      },
    });
    this.whole.addEventListener('click', () => {
      this.zoomByHand(null);
      this.hit.focus();
    });
    this.toggle.addEventListener('click', () => {
      this.tableBox.hidden = !this.tableBox.hidden;
      this.toggle.textContent = this.tableBox.hidden ? 'Show as table' : 'Hide the table';
      this.toggle.setAttribute('aria-expanded', String(!this.tableBox.hidden));
      this.fillTable();
    });
  }

  private zoomByHand(range: Domain | null): void {
    this.zoom(range);
    this.hooks.onZoom?.(this.zoomed);
  }

  /** To who hears the page, at most once in two seconds; a small chart is one of many, and silent. */
  private speak(): void {
    if (this.spec?.small === true || this.saying !== undefined) return;
    const say = (): void => {
      this.saying = undefined;
      this.said = performance.now();
      if (this.spec !== null && this.spec.moving !== true) this.live.textContent = summary(this.spec);
      this.fillTable();
    };
    this.saying = setTimeout(say, Math.max(0, this.said + CALM - performance.now()));
  }

  private fillTable(): void {
    if (this.tableBox.hidden || this.spec === null) return;
    this.tableBox.setAttribute('aria-label', `${this.spec.title}, as a table`);
    const { scrollLeft, scrollTop } = this.tableBox;
    this.tableBox.replaceChildren(tableOf(this.spec));
    this.tableBox.scrollTo(scrollLeft, scrollTop);
  }
}
