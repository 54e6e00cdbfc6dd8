/** The scenario's narration, step by step: told to a class with one key, or read along while the run goes on. */
import type { RunFacts } from '../src/server/protocol.js';
import { h, say } from './dom.js';
import type { Player } from './player.js';

export class Story {
  private readonly text = h('p', { class: 'say', 'aria-live': 'polite' });
  private readonly where = h('span', { class: 'quiet small' });
  private readonly back = h('button', { type: 'button', title: 'Key: P', onclick: () => this.go(-1) }, 'Back');
  private readonly next = h(
    'button',
    { type: 'button', title: 'Key: N', class: 'primary', onclick: () => this.go(1) },
    'Next',
  );
  private story: RunFacts['story'] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly player: Player,
  ) {
    host.replaceChildren(this.text, h('div', { class: 'turn' }, this.where, this.back, this.next));
  }

  open({ story }: RunFacts): void {
    this.story = [...story].sort((a, b) => a.at - b.at);
    this.host.hidden = story.length === 0;
  }

  /** The place in the story of the step that is looked at; before the first, it is told already. */
  private get place(): number {
    return Math.max(
      0,
      this.story.findLastIndex(({ at }) => at <= this.player.at),
    );
  }

  /** The next part of the story plays up to its step and holds there. */
  go(by: number): void {
    const part = this.story[this.place + by];
    if (part === undefined) return;
    if (by > 0) this.player.playTo(part.at);
    else this.player.scrub(part.at);
  }

  draw(): void {
    if (this.story.length === 0) return;
    const { place } = this;
    const part = this.story[place];
    const isLast = place === this.story.length - 1;
    say(this.text, part.say);
    say(this.where, `${place + 1} of ${this.story.length}${isLast ? ': now it is yours, move the sliders' : ''}`);
    this.back.disabled = place <= 0;
    this.next.disabled = isLast;
  }
}
