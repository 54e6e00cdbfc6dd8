/** Over seeds: the same run with many seeds, made by the server when a person asks; the chart draws the bands. */
import type { SeedsLine, SeedsRequest } from '../src/server/protocol.js';
import { plusMinus } from '../src/study/interval-words.js';
import { figure } from './chart-format.js';
import type { ChartBand, ChartSeries } from './chart-spec.js';
import { h, say } from './dom.js';
import { type Columns, columnsOf, seedBands } from './seed-bands.js';
import { StudyError, studyLines } from './study-lines.js';

export const MOST_SEEDS = 200;
const FIRST_SEEDS = 20;
/** Milliseconds after which what is looked at now is asked for: who goes through a list asks once. */
const CALM = 250;

type End = Extract<SeedsLine, { type: 'end' }>;
type Shown = End['shown'];

export interface SeedsHooks {
  /** What is looked at now; null where there is no run. */
  request(): SeedsRequest | null;
  /** What the lines of the chart are called. */
  series(): readonly ChartSeries[];
  /** There is something else to draw. */
  changed(): void;
  /** Bands over so many seeds are wanted, for the link; null: none. */
  wanted(seeds: number | null): void;
}

export class SeedsPanel {
  private readonly seeds = h('input', { id: 'seeds', type: 'number', min: 1, max: MOST_SEEDS, value: FIRST_SEEDS });
  private readonly button = h('button', { type: 'button', id: 'over-seeds', title: 'Key: B' }, 'Draw bands');
  private readonly hide = h('button', { type: 'button', id: 'hide-bands', hidden: true }, 'Hide');
  private readonly bar = h('progress', { max: 1, value: 0, hidden: true, 'aria-label': 'Seeds that are run' });
  private readonly status = h('p', { class: 'quiet small', role: 'status' });
  private readonly results = h('div', { class: 'seeds-results', hidden: true });
  private running: AbortController | null = null;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  /** So many seeds are to be run as soon as there is something to look at. */
  private due: number | null = null;
  private found: { readonly shown: Shown; readonly columns: ReadonlyMap<string, Columns>; readonly of: number } | null =
    null;
  /** What was asked for: the number that is looked at, and the hands. */
  private asked: readonly [looked: string, hands: string] | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly hooks: SeedsHooks,
  ) {
    this.button.addEventListener('click', () => (this.running === null ? this.ask() : this.dismiss('Stopped.')));
    this.hide.addEventListener('click', () => {
      this.dismiss('');
      this.button.focus();
    });
    this.host.append(
      h(
        'div',
        { class: 'seeds-bar' },
        h('h2', {}, 'Over seeds'),
        h('label', { for: 'seeds' }, h('span', { class: 'hidden' }, 'Seeds'), this.seeds, 'seeds'),
        this.button,
        this.hide,
        this.bar,
      ),
      this.status,
      this.results,
    );
  }

  /** Another run: the bands were of the one before. `seeds` of the link. */
  open(isOffered: boolean, seeds: number | null): void {
    this.host.hidden = !isOffered;
    if (this.asked !== null) this.dismiss(CHANGED);
    else if (isOffered && seeds !== null) this.due = Math.min(MOST_SEEDS, Math.max(1, seeds));
  }

  /** What is looked at, and with which hands: bands of something else are none. */
  follow(looked: string, hands: string): void {
    if (this.due !== null) {
      this.seeds.value = String(this.due);
      this.due = null;
      this.ask();
    }
    if (this.asked === null) return;
    if (this.asked[1] !== hands) this.dismiss(CHANGED);
    else if (this.asked[0] !== looked) {
      this.asked = [looked, hands];
      this.running?.abort();
      this.found = null;
      this.results.hidden = true;
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.ask(), CALM);
    }
  }

  /** By key: draws, stops, hides. */
  toggle(): void {
    if (this.host.hidden) return;
    if (this.asked === null) this.ask();
    else this.dismiss(this.running === null ? '' : 'Stopped.');
  }

  bands(series: readonly ChartSeries[]): { readonly bands: readonly ChartBand[]; readonly bandWords: string } | null {
    if (this.found === null) return null;
    const { columns, of, shown } = this.found;
    const bands = seedBands(shown, columns, series);
    return bands.length === 0 ? null : { bands, bandWords: `median and 10-90 % of ${of} seeds` };
  }

  destroy(): void {
    clearTimeout(this.waiting);
    this.running?.abort();
  }

  private dismiss(text: string): void {
    clearTimeout(this.waiting);
    this.running?.abort();
    this.running = null;
    this.found = null;
    this.asked = null;
    this.results.hidden = true;
    this.settle(text);
    this.hooks.wanted(null);
    this.hooks.changed();
  }

  private ask(): void {
    const request = this.hooks.request();
    if (request === null) return;
    const seeds = Math.min(MOST_SEEDS, Math.max(1, Math.round(Number(this.seeds.value)) || FIRST_SEEDS));
    this.seeds.value = String(seeds);
    clearTimeout(this.waiting);
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.asked = keysOf(request);
    this.hooks.wanted(seeds);
    this.settle('Running …');
    void this.run({ ...request, seeds }, running);
  }

  private async run(request: SeedsRequest, running: AbortController): Promise<void> {
    let shown: Shown | null = null;
    try {
      for await (const line of studyLines<SeedsLine>('seeds', request, running.signal)) {
        if (this.running !== running || running.signal.aborted) return;
        if (line.type === 'begin') shown = line.shown;
        if (line.type === 'run') {
          this.bar.max = line.total;
          this.bar.value = line.done;
          // One seed has no band.
          if (line.bands !== undefined && line.done > 1 && shown !== null) {
            this.found = { shown, columns: columnsOf(line.bands), of: line.done };
            this.hooks.changed();
          }
        }
        if (line.type === 'end') this.show(line, (request.interventions ?? []).length > 0);
      }
    } catch (error) {
      if (running.signal.aborted || this.running !== running) return;
      if (!(error instanceof StudyError)) throw error;
      this.dismiss(error.message);
    }
  }

  /** The buttons, and what is said, between two studies and during one. */
  private settle(text: string): void {
    const isRunning = this.running !== null;
    this.button.textContent = isRunning ? 'Stop' : 'Draw bands';
    this.hide.hidden = isRunning || this.asked === null;
    this.bar.hidden = !isRunning;
    this.bar.value = 0;
    this.seeds.disabled = isRunning;
    say(this.status, text);
  }

  private show(end: End, hasHands: boolean): void {
    const { bands, diverged, drawn, firstSeed, seeds, shown } = end;
    this.running = null;
    const columns = columnsOf(bands);
    this.found = seeds > 1 ? { shown, columns, of: seeds } : null;
    const which = seeds === 1 ? `Seed ${firstSeed}` : `Seeds ${firstSeed} to ${firstSeed + seeds - 1}`;
    const notes = [
      !drawn ? 'Nothing is drawn: every seed gives the same.' : `${which}${hasHands ? ', with your hands' : ''}.`,
      ...(diverged.length === 0 ? [] : [`Diverged, and in no mean: seed ${diverged.join(', ')}.`]),
    ];
    this.settle(notes.join(' '));
    this.results.hidden = false;
    this.results.replaceChildren(this.table(end, columns), ...expectationsOf(end));
    this.hooks.changed();
  }

  private table({ final, shown }: End, columns: ReadonlyMap<string, Columns>): HTMLElement {
    const named = new Map(
      seedBands(shown, columns, this.hooks.series()).map(({ label, median }) => [median, label] as const),
    );
    const names = [shown.lab, shown.observed, shown.actual, ...shown.beside].filter((name) => name !== null);
    const rows = names.flatMap((name) => {
      const own = columns.get(name);
      if (own === undefined) return [];
      const last = own.median.length - 1;
      const [low, median, high] = [own.low, own.median, own.high].map((column) => figure(column[last]));
      const hasBand = Number.isFinite(own.median[last]);
      return [
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, named.get(own.median) ?? name),
          h('td', { class: 'figure' }, plusMinus(final[name])),
          h('td', { class: 'figure' }, median),
          h('td', { class: 'figure' }, hasBand ? `${low} to ${high}` : '-'),
        ),
      ];
    });
    const heads = ['mean ± 95 %', 'median', '10-90 %'];
    return h(
      'table',
      {},
      h('caption', {}, 'At the last step'),
      h('thead', {}, h('tr', {}, h('td', {}), ...heads.map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', {}, ...rows),
    );
  }
}

const CHANGED = 'The run is another one now: draw the bands again.';

/** The number that is looked at, and the hands. */
export const keysOf = ({ beside, interventions, metric, model, slice }: SeedsRequest): [string, string] => [
  JSON.stringify([metric, model, slice, beside]),
  JSON.stringify(interventions ?? []),
];

/** With how many seeds each holds; open where one fails. */
function expectationsOf({ expectations, unjudged }: End): HTMLElement[] {
  const failing = expectations.filter(({ held, of }) => held < of).length;
  const need =
    unjudged === 1
      ? 'needs runs of its own: driftloop verify judges it'
      : 'need runs of their own: driftloop verify judges them';
  const few = expectations.length === 0 ? `Expectations: ${unjudged}` : `${unjudged} more`;
  const more = unjudged === 0 ? [] : [h('p', { class: 'quiet small' }, `${few} ${need}.`)];
  if (expectations.length === 0) return more;
  const head =
    failing === 0
      ? `Expectations: ${expectations.length === 1 ? 'the one there is holds' : `all ${expectations.length} hold`} with every seed`
      : `Expectations: ${failing} of ${expectations.length} fail with some seed`;
  return [
    h(
      'details',
      { open: failing > 0 },
      h('summary', {}, head),
      h(
        'ul',
        { class: 'plain' },
        ...expectations.map(({ because, held, of, that }) =>
          h(
            'li',
            {},
            h('b', {}, `${held === of ? '✓' : '✗'} ${held} of ${of}`),
            ' ',
            h('code', {}, that),
            held === of ? null : h('span', { class: 'quiet' }, ` ${because}`),
          ),
        ),
      ),
      ...more,
    ),
  ];
}
