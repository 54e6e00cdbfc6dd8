/** What happened, as a list: each line leads to its step. A long one scrolls in itself, and follows the step that is shown. */
import type { ChartMark } from './chart-spec.js';
import { coded, h, say } from './dom.js';
import type { Player } from './player.js';

export class Happenings {
  private readonly list = h('ol', { class: 'plain' });
  private readonly count = h('span', { class: 'quiet small' });
  private drawn = -1;
  private at = -1;

  constructor(
    host: HTMLElement,
    private readonly player: Player,
  ) {
    host.replaceChildren(h('h2', {}, 'What happened ', this.count), this.list);
    this.list.addEventListener('keydown', (event) => this.press(event));
    this.list.addEventListener('focusin', () => this.keepRoving());
  }

  reset(): void {
    this.drawn = -1;
  }

  draw(marks: readonly ChartMark[]): void {
    const { at } = this.player;
    if (marks.length !== this.drawn) {
      this.drawn = marks.length;
      const focused = this.buttons.indexOf(document.activeElement as HTMLButtonElement);
      this.at = -1;
      say(this.count, marks.length > 1 ? `${marks.length} events` : '');
      this.list.replaceChildren(
        ...(marks.length === 0
          ? [
              h(
                'li',
                { class: 'quiet none' },
                'Nothing yet: no mechanism began, no new version was deployed, no hand moved.',
              ),
            ]
          : marks.map((mark) => this.item(mark))),
      );
      this.buttons[focused]?.focus({ preventScroll: true });
      this.keepRoving();
    }
    if (at === this.at) return;
    this.at = at;
    for (const [k, { t }] of marks.entries()) {
      const item = this.list.children[k];
      item.classList.toggle('now', t === at);
      item.classList.toggle('later', t > at);
    }
    this.follow(marks.findLastIndex(({ t }) => t <= at));
  }

  /** The latest that has happened comes into sight, unless somebody is reading. */
  private follow(k: number): void {
    const { list } = this;
    const item = list.children[k];
    if (!(item instanceof HTMLElement) || list.scrollHeight <= list.clientHeight) return;
    if (list.matches(':hover') || list.contains(document.activeElement)) return;
    const above = item.offsetTop - list.offsetTop;
    if (above < list.scrollTop) list.scrollTop = above;
    else list.scrollTop = Math.max(list.scrollTop, above + item.offsetHeight - list.clientHeight);
  }

  private item({ kind, label, t, text }: ChartMark): HTMLElement {
    const button = h(
      'button',
      { type: 'button', class: 'link', onclick: () => this.player.scrub(Math.max(0, t)) },
      t < 0 ? 'lab' : `step ${t}`,
    );
    return h(
      'li',
      { class: kind },
      button,
      h('div', {}, h('b', {}, label), h('p', { class: 'quiet small' }, ...coded(text))),
    );
  }

  private get buttons(): HTMLButtonElement[] {
    return [...this.list.querySelectorAll('button')];
  }

  /** One line is in the order of the Tab key, as hundreds would bar the way; the arrows go from one to the next. */
  private keepRoving(): void {
    const { buttons } = this;
    const current = buttons.find((button) => button === document.activeElement) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === current ? 0 : -1;
  }

  private press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { buttons } = this;
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    buttons[Math.max(0, Math.min(buttons.length - 1, to))].focus();
    event.preventDefault();
  }
}
