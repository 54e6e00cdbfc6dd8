/** The run's steps as a strip: what happens when, how past tries went, and the steps at which to retrain. */
import { line, scaleLinear, select } from 'd3';
import { draw, make } from './compare-dom.js';

export interface StripSpec {
  readonly steps: number;
  /** Steps at which the choice retrains. */
  readonly chosen: readonly number[];
  readonly mechanisms: readonly { readonly name: string; readonly from: number; readonly to: number | null }[];
  /** Behind the steps: the metric under never, and under the last try. */
  readonly lines: readonly { readonly kind: 'never' | 'try'; readonly values: readonly (number | null)[] }[];
}

export interface StripHooks {
  /** A step was chosen, or given up. */
  toggle(t: number): void;
}

const PAD = 10;
const LANE = 16;
const PLOT = 76;
const AXIS = 22;
/** Pixels around a chosen step within which a click means that one. */
const NEAR = 5;

export class StepStrip {
  readonly element = make('div', {
    class: 'strip',
    role: 'slider',
    tabindex: 0,
    'aria-label': 'Steps of the run',
    'aria-valuemin': 0,
  });
  private readonly svg = select(this.element).append('svg').attr('aria-hidden', 'true').node() as SVGSVGElement;
  private readonly watcher = new ResizeObserver(() => this.render());
  private pointer: SVGElement | null = null;
  private spec: StripSpec | null = null;
  private cursor = 0;
  /** The cursor is drawn while the keyboard or the pointer is here. */
  private isHere = false;

  constructor(private readonly hooks: StripHooks) {
    this.watcher.observe(this.element);
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('focus', () => this.here(true));
    this.element.addEventListener('blur', () => this.here(false));
    this.element.addEventListener('pointermove', ({ clientX }) => {
      this.cursor = this.stepAt(this.across(clientX));
      this.here(true);
    });
    this.element.addEventListener('pointerleave', () => this.here(document.activeElement === this.element));
    this.element.addEventListener('click', ({ clientX }) => {
      const pixel = this.across(clientX);
      const near = this.spec?.chosen.find((t) => Math.abs(this.x(t) - pixel) <= NEAR);
      this.cursor = near ?? this.stepAt(pixel);
      this.hooks.toggle(this.cursor);
    });
  }

  show(spec: StripSpec): void {
    this.spec = spec;
    this.cursor = Math.min(this.cursor, this.last);
    this.element.setAttribute('aria-valuemax', String(this.last));
    this.render();
  }

  destroy(): void {
    this.watcher.disconnect();
  }

  /** What is trained at the end of the last step serves nobody. */
  private get last(): number {
    return Math.max(0, (this.spec?.steps ?? 1) - 2);
  }

  private get x() {
    const most = Math.max(1, (this.spec?.steps ?? 1) - 1);
    return scaleLinear([0, most], [PAD, Math.max(PAD + 1, this.element.clientWidth - PAD)]);
  }

  private across(clientX: number): number {
    return clientX - this.element.getBoundingClientRect().left;
  }

  private stepAt(pixel: number): number {
    return Math.min(this.last, Math.max(0, Math.round(this.x.invert(pixel))));
  }

  private here(value: boolean): void {
    this.isHere = value;
    this.point();
  }

  private key(event: KeyboardEvent): void {
    const { chosen = [] } = this.spec ?? {};
    const to = (t: number) => {
      this.cursor = Math.min(this.last, Math.max(0, t));
    };
    if (event.key === 'ArrowRight' || event.key === 'ArrowUp') to(this.cursor + 1);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') to(this.cursor - 1);
    else if (event.key === 'PageUp') to(this.cursor + 10);
    else if (event.key === 'PageDown') to(this.cursor - 10);
    else if (event.key === 'Home') to(0);
    else if (event.key === 'End') to(this.last);
    else if (event.key === ' ' || event.key === 'Enter') this.hooks.toggle(this.cursor);
    else if ((event.key === 'Delete' || event.key === 'Backspace') && chosen.includes(this.cursor))
      this.hooks.toggle(this.cursor);
    else return;
    event.preventDefault();
    this.point();
  }

  /** What does not change while one moves over the strip. */
  private render(): void {
    const { element, spec } = this;
    const width = element.clientWidth;
    if (spec === null || width === 0) return;
    const x = this.x;
    const { bottom, top } = this.edges;
    const { svg } = this;
    svg.replaceChildren();
    svg.setAttribute('viewBox', `0 0 ${width} ${bottom + AXIS}`);
    svg.setAttribute('height', String(bottom + AXIS));

    for (const [lane, { from, name, to }] of spec.mechanisms.entries()) {
      const y = lane * LANE;
      const left = x(from);
      const right = x(Math.min(to ?? spec.steps, spec.steps) - 1);
      draw(svg, 'path', { class: 'span', d: `M${left},${y + 13}H${Math.max(left + 2, right)}` });
      // A name that begins near the end is written before it.
      const late = left > width - 8 * name.length;
      const place = late ? { x: width - PAD, 'text-anchor': 'end' } : { x: left, 'text-anchor': 'start' };
      draw(svg, 'text', { class: 'mechanism', y: y + 10, ...place }, name);
    }

    draw(svg, 'path', { class: 'plot', d: `M${PAD},${top}H${width - PAD}V${bottom}H${PAD}Z` });
    const values = spec.lines.flatMap((one) => one.values).filter((value) => value !== null);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const y = scaleLinear([low, high > low ? high : low + 1], [bottom - 6, top + 6]);
    const path = line<number | null>()
      .defined((value) => value !== null)
      .x((_, t) => x(t))
      .y((value) => y(value ?? 0));
    for (const { kind, values: one } of spec.lines)
      draw(svg, 'path', { class: `metric ${kind}`, d: path([...one]) ?? '' });

    // One path for all, and one mark a pixel: a long run may retrain at each of its steps.
    const pixels = [...new Set(spec.chosen.map((t) => Math.round(2 * x(t)) / 2))];
    const marks = (draw: (pixel: number) => string) => pixels.map(draw).join('');
    draw(svg, 'path', { class: 'chosen', d: marks((pixel) => `M${pixel},${top}V${bottom}`) });
    draw(svg, 'path', { class: 'handle', d: marks((pixel) => `M${pixel},${bottom - 1}l5,8h-10z`) });
    for (const t of x.ticks(width < 500 ? 4 : 10).filter(Number.isInteger))
      draw(svg, 'text', { class: 'tick', x: x(t), y: bottom + 19, 'text-anchor': 'middle' }, String(t));
    this.pointer = draw(svg, 'g', {});
    this.point();
  }

  private get edges(): { top: number; bottom: number } {
    const top = LANE * (this.spec?.mechanisms.length ?? 0) + 4;
    return { top, bottom: top + PLOT };
  }

  /** The step that one is at: to be seen, and to be heard. */
  private point(): void {
    const { cursor, element, spec } = this;
    if (spec === null) return;
    const { chosen } = spec;
    const count = chosen.length === 0 ? 'none chosen' : `${chosen.length} chosen`;
    const does = chosen.includes(cursor) ? 'retrains' : 'does not retrain';
    element.setAttribute('aria-valuenow', String(cursor));
    element.setAttribute('aria-valuetext', `step ${cursor}: ${does}; ${count}`);
    const { bottom, top } = this.edges;
    const at = this.x(cursor);
    const onLeft = at > element.clientWidth / 2;
    this.pointer?.replaceChildren();
    if (this.pointer === null || !this.isHere) return;
    draw(this.pointer, 'path', { class: 'cursor', d: `M${at},${top}V${bottom}` });
    const beside = onLeft ? { x: at - 6, 'text-anchor': 'end' } : { x: at + 6, 'text-anchor': 'start' };
    draw(this.pointer, 'text', { class: 'cursor-name', y: top + 14, ...beside }, `step ${cursor}`);
  }
}
