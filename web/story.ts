/** The scenario's narration, step by step: told to a class with one key, or read along while the run goes on. */
import type { RunFacts } from '../src/server/protocol.js';
import { h, say, sayCoded } from './dom.js';
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

  /** What there is to do with one's own hands. */
  private ending = '';

  open({ knobs, mechanisms, story }: RunFacts): void {
    const isAlive = !this.player.isRecording && knobs.length + mechanisms.length > 0;
    this.ending = !isAlive ? '' : `: now it is yours, move ${knobs.length > 0 ? 'the sliders' : 'the switches'}`;
    this.story = [...story].sort((a, b) => a.at - b.at);
    this.host.hidden = story.length === 0;
  }

  /** The place in the story of the step that is looked at; -1 before the first. */
  private get place(): number {
    // A run that has not come to its first step is at its beginning.
    return this.story.findLastIndex(({ at }) => at <= Math.max(0, this.player.at));
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
    const isLast = place === this.story.length - 1;
    sayCoded(this.text, this.story[place]?.say ?? `The story begins at step ${this.story[0].at}.`);
    say(this.where, place < 0 ? '' : `${place + 1} of ${this.story.length}${isLast ? this.ending : ''}`);
    this.back.disabled = place <= 0;
    this.next.disabled = isLast;
  }
}
