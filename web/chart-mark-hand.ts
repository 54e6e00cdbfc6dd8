/** The hand on the marks: pointed at, touched or focused, they explain themselves; the arrows go from one to the next. */
import type { Layout } from './chart-layout.js';
import type { PlacedMark } from './chart-marks.js';
import type { ChartMark } from './chart-spec.js';
import { MarkTip } from './chart-tip.js';

export interface MarkHooks {
  onPick?(t: number): void;
  onMark?(mark: ChartMark | null): void;
}

export class MarkHand {
  readonly tip = new MarkTip();
  private layout: Layout | null = null;
  /** The key of the mark whose words are shown. */
  private open: string | null = null;

  /** Listens on the plot, for an SVG element with such listeners is itself in the order of the Tab key (in Chromium). */
  constructor(
    plot: HTMLElement,
    private readonly layer: SVGGElement,
    private readonly hooks: MarkHooks,
  ) {
    plot.addEventListener('pointerover', (event) => {
      // The words of a mark may be pointed at, too.
      if (!this.tip.element.contains(event.target as Element)) this.show(keyOf(event));
    });
    plot.addEventListener('pointerleave', () => this.show(null));
    plot.addEventListener('focusin', (event) => this.show(keyOf(event)));
    plot.addEventListener('focusout', () => this.show(null));
    plot.addEventListener('click', (event) => {
      const placed = this.placed(keyOf(event));
      if (placed === undefined) return;
      this.show(placed.key);
      this.pick(placed);
    });
    plot.addEventListener('keydown', (event) => this.press(event));
  }

  /** After each drawing. */
  update(layout: Layout): void {
    this.layout = layout;
    this.keepRoving();
  }

  private press(event: KeyboardEvent): void {
    const key = keyOf(event);
    if (key === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = this.order();
    const at = all.findIndex((placed) => placed.key === key);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) this.button(all[Math.max(0, Math.min(all.length - 1, to))]?.key)?.focus();
    else if (event.key === 'Enter' || event.key === ' ') this.pick(all[at]);
    else if (event.key === 'Escape') this.show(null, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private pick(placed: PlacedMark | undefined): void {
    if (placed !== undefined) this.hooks.onPick?.(Math.max(0, placed.marks[0].t));
  }

  /** The marks as the arrows go through them. */
  private order(): PlacedMark[] {
    return [...(this.layout?.marks ?? [])].sort((a, b) => a.marks[0].t - b.marks[0].t);
  }

  private placed(key: string | null): PlacedMark | undefined {
    return this.layout?.marks.find((mark) => mark.key === key);
  }

  private button(key: string | undefined): SVGElement | null {
    return key === undefined ? null : this.layer.querySelector(`[data-mark="${CSS.escape(key)}"]`);
  }

  /** One of the marks is in the order of the Tab key: the focused one, or the first. */
  private keepRoving(): void {
    const buttons = [...this.layer.querySelectorAll('[data-mark]')];
    const current = buttons.find((button) => button === document.activeElement) ?? this.button(this.order()[0]?.key);
    for (const button of buttons) {
      const index = button === current ? '0' : '-1';
      if (button.getAttribute('tabindex') !== index) button.setAttribute('tabindex', index);
    }
  }

  /** Where nothing is pointed at, the mark that has the focus stays open, unless it is dismissed. */
  private show(key: string | null, dismissed = false): void {
    const focused = dismissed ? null : (document.activeElement?.getAttribute('data-mark') ?? null);
    const placed = this.placed(key) ?? this.placed(focused);
    if ((placed?.key ?? null) === this.open) return;
    this.open = placed?.key ?? null;
    const { layout } = this;
    if (placed === undefined || layout === null) this.tip.hide();
    else this.tip.show(placed, layout.lanes[placed.lane], layout.width, layout.height);
    this.keepRoving();
    this.hooks.onMark?.(placed?.marks[0] ?? null);
  }
}

const keyOf = (event: Event): string | null =>
  (event.target as Element).closest('[data-mark]')?.getAttribute('data-mark') ?? null;
