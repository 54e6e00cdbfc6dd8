/** What happened, as a list: each line leads to its step. */
import type { ChartMark } from './chart-spec.js';
import { h } from './dom.js';
import type { Player } from './player.js';

export class Happenings {
  private readonly list = h('ol', { class: 'plain' });
  private drawn = -1;

  constructor(
    host: HTMLElement,
    private readonly player: Player,
  ) {
    host.replaceChildren(h('h2', {}, 'What happened'), this.list);
  }

  reset(): void {
    this.drawn = -1;
  }

  draw(marks: readonly ChartMark[]): void {
    if (marks.length !== this.drawn) {
      this.drawn = marks.length;
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
    }
    for (const [k, { t }] of marks.entries()) {
      const item = this.list.children[k];
      item.classList.toggle('now', t === this.player.at);
      item.classList.toggle('later', t > this.player.at);
    }
  }

  private item({ kind, label, t, text }: ChartMark): HTMLElement {
    const button = h(
      'button',
      { type: 'button', class: 'link', onclick: () => this.player.scrub(Math.max(0, t)) },
      t < 0 ? 'lab' : `step ${t}`,
    );
    return h('li', { class: kind }, button, h('div', {}, h('b', {}, label), h('p', { class: 'quiet small' }, text)));
  }
}
