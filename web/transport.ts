/** The transport at the bottom: play, step, speed, and the timeline with what happened, to scrub. */
import type { EventRecord } from '../src/loop/trace.js';
import { h, say } from './dom.js';
import type { Player } from './player.js';

const SPEEDS: readonly (readonly [string, string])[] = [
  ['1', '1 step/s'],
  ['4', '4 steps/s'],
  ['10', '10 steps/s'],
  ['30', '30 steps/s'],
  ['max', 'top speed'],
];

const SVG = 'http://www.w3.org/2000/svg';

export class Transport {
  private readonly play = h('button', { type: 'button', id: 'play', class: 'primary', title: 'Key: space' });
  private readonly back = h('button', { type: 'button', title: 'Key: left arrow', 'aria-label': 'One step back' }, '‹');
  private readonly forth = h('button', { type: 'button', title: 'Key: right arrow', 'aria-label': 'One step on' }, '›');
  private readonly first = h(
    'button',
    { type: 'button', title: 'Key: Home', class: 'end', 'aria-label': 'To the first step' },
    '«',
  );
  private readonly latest = h(
    'button',
    { type: 'button', title: 'Key: End', class: 'end', 'aria-label': 'To the newest step' },
    '»',
  );
  private readonly range = h('input', {
    type: 'range',
    id: 'timeline',
    min: 0,
    max: 0,
    step: 1,
    'aria-label': 'Step that is looked at',
  });
  private readonly made = h('div', { class: 'made', 'aria-hidden': 'true' });
  private readonly marks = document.createElementNS(SVG, 'svg');
  private readonly where = h('p', { class: 'where', id: 'where' });
  /** Tells where one has come to rest; the steps on the way would never let anybody hear the rest of the page. */
  private readonly told = h('p', { class: 'hidden', role: 'status' });
  private readonly speed = h(
    'select',
    { id: 'speed', 'aria-label': 'Speed' },
    ...SPEEDS.map(([value, text]) => h('option', { value }, text)),
  );
  private readonly stops = h('input', { type: 'checkbox', id: 'stops' });
  private drawn = '';

  constructor(
    host: HTMLElement,
    private readonly player: Player,
  ) {
    this.marks.setAttribute('class', 'timeline-marks');
    this.marks.setAttribute('preserveAspectRatio', 'none');
    this.marks.setAttribute('aria-hidden', 'true');
    host.replaceChildren(
      h('div', { class: 'buttons' }, this.first, this.back, this.play, this.forth, this.latest),
      h('div', { class: 'timeline' }, this.made, this.marks, this.range),
      this.where,
      this.told,
      h('div', { class: 'options' }, this.speed, h('label', { class: 'check' }, this.stops, ' stop at events')),
    );
    this.play.addEventListener('click', () => this.toggle());
    this.back.addEventListener('click', () => player.step(-1));
    this.forth.addEventListener('click', () => player.step(1));
    this.first.addEventListener('click', () => player.scrub(0));
    this.latest.addEventListener('click', () => player.scrub(player.head));
    this.range.addEventListener('input', () => player.scrub(Number(this.range.value)));
    this.speed.addEventListener('change', () =>
      player.setSpeed(this.speed.value === 'max' ? null : Number(this.speed.value)),
    );
    this.stops.addEventListener('change', () => {
      player.stopsAtEvents = this.stops.checked;
    });
  }

  toggle(): void {
    if (this.player.playing) this.player.pause();
    else this.player.play();
  }

  draw(): void {
    const { player } = this;
    const { at, data, head, isEnded, isLive, playing } = player;
    const steps = player.length;
    say(this.play, playing ? 'Pause' : isEnded && isLive ? 'Watch again' : 'Play');
    this.back.disabled = at <= 0;
    this.first.disabled = at <= 0;
    this.forth.disabled = isLive && (isEnded || player.isRecording);
    this.latest.disabled = isLive;
    this.range.max = String(steps - 1);
    this.range.value = String(Math.max(0, at));
    this.range.setAttribute('aria-valuetext', `step ${Math.max(0, at)} of ${steps - 1}`);
    this.made.style.setProperty('--made', String(steps > 1 ? Math.max(0, head) / (steps - 1) : 1));
    const where = whereText(player);
    say(this.where, where);
    if ((!playing && player.wayTo === null) || isEnded) say(this.told, where);
    const value = player.speed === null ? 'max' : String(player.speed);
    if (document.activeElement !== this.speed) this.speed.value = value;
    const key = `${steps}/${data.events.length}`;
    if (key !== this.drawn) this.drawMarks(data.events, steps);
    this.drawn = key;
  }

  private drawMarks(events: readonly EventRecord[], steps: number): void {
    this.marks.setAttribute('viewBox', `0 0 ${Math.max(1, steps - 1)} 1`);
    const lines = events
      .filter(({ t }) => t >= 0)
      .map(({ kind, name, t }) => {
        const line = document.createElementNS(SVG, 'line');
        const block = kind === 'mechanism' ? (name.split('.')[0] ?? '') : kind;
        line.setAttribute('class', `event ${block}`);
        for (const [attribute, value] of [
          ['x1', t],
          ['x2', t],
          ['y1', 0],
          ['y2', 1],
        ] as const)
          line.setAttribute(attribute, String(value));
        return line;
      });
    this.marks.replaceChildren(...lines);
  }
}

function whereText({ at, data, facts, head, isEnded, isHeld, isLive, playing, status, wayTo }: Player): string {
  if (at < 0) return 'Beginning …';
  const step = `Step ${at} of ${(facts?.steps ?? 1) - 1}`;
  if (status?.state === 'failed') return `${step}: the run could not go on`;
  if (!isLive) return isHeld ? `${step}: held` : `${step}, looking back from ${head}`;
  if (wayTo !== null) return `${step}: on the way to ${wayTo}`;
  if (data.end?.status === 'diverged') return `${step}: the loop diverged, and the run ended`;
  if (isEnded) return `${step}: the run has ended`;
  return playing ? step : `${step}: held`;
}
