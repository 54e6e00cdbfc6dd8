/** Why: which mechanism did how much of the harm, worked out by the server when a person asks. */
import type { ExplainRequest } from '../src/server/protocol.js';
import { shareTexts, WHAT_A_SHARE_IS, wholeSentence } from '../src/study/explain/words.js';
import { h, say } from './dom.js';
import { type Explanation, explained } from './explain-client.js';
import { stacked } from './stack.js';
import { StudyError } from './study-lines.js';
import { type ChartHooks, TimeChart } from './time-chart.js';

const MOST_SEEDS = 20;
const FIRST_SEEDS = 3;

export class WhyPanel {
  private readonly seeds = h('input', { id: 'why-seeds', type: 'number', min: 1, max: MOST_SEEDS, value: FIRST_SEEDS });
  private readonly button = h('button', { type: 'button', id: 'explain' }, 'Explain');
  private readonly bar = h('progress', { max: 1, value: 0, hidden: true, 'aria-label': 'Runs that are made' });
  private readonly status = h('p', { class: 'quiet small', role: 'status' });
  private readonly whole = h('p', {});
  private readonly table = h('div', { class: 'why-table' });
  private readonly chartHost = h('div', {});
  private readonly results = h('div', { class: 'why-results', hidden: true });
  private readonly chart: TimeChart;
  private running: AbortController | null = null;

  constructor(
    private readonly host: HTMLElement,
    /** What is looked at now; null where there is no run. */
    private readonly request: () => ExplainRequest | null,
    hooks: ChartHooks,
  ) {
    this.button.addEventListener('click', () => (this.running === null ? void this.explain() : this.running.abort()));
    this.results.append(h('div', {}, this.whole, this.table), this.chartHost);
    host.append(
      h('h2', {}, 'Why'),
      h(
        'p',
        { class: 'quiet small' },
        'Which mechanism did how much of it? This run is made again, with its hands, for every subset of the mechanisms on the same draws.',
      ),
      h('div', { class: 'why-bar' }, h('label', { for: 'why-seeds' }, 'Seeds', this.seeds), this.button, this.bar),
      this.status,
      this.results,
    );
    this.chart = new TimeChart(this.chartHost, hooks);
  }

  /** Another run: what was found is of the one before. */
  open(isOffered: boolean): void {
    this.running?.abort();
    this.host.hidden = !isOffered;
    this.results.hidden = true;
    say(this.status, '');
  }

  cursor(t: number | null): void {
    if (!this.results.hidden) this.chart.cursor(t);
  }

  destroy(): void {
    this.running?.abort();
    this.chart.destroy();
  }

  private async explain(): Promise<void> {
    const request = this.request();
    if (request === null) return;
    const seeds = Math.min(MOST_SEEDS, Math.max(1, Math.round(Number(this.seeds.value)) || FIRST_SEEDS));
    this.seeds.value = String(seeds);
    const running = new AbortController();
    this.running = running;
    this.settle('Explaining …');
    try {
      const found = await explained({ ...request, seeds }, running.signal, (done, total) => {
        this.bar.max = total;
        this.bar.value = done;
      });
      if (this.running !== running) return;
      this.running = null;
      this.settle(`${found.runs.toLocaleString('en')} runs were made.`);
      this.show(found);
    } catch (error) {
      if (this.running !== running) return;
      this.running = null;
      this.settle(running.signal.aborted ? 'Stopped.' : '');
      if (running.signal.aborted) return;
      if (!(error instanceof StudyError)) throw error;
      this.settle(error.message);
    }
  }

  /** The button, and what is said, between two explanations and during one. */
  private settle(text: string): void {
    const isRunning = this.running !== null;
    this.button.textContent = isRunning ? 'Stop' : 'Explain';
    this.bar.hidden = !isRunning;
    this.bar.value = 0;
    this.seeds.disabled = isRunning;
    say(this.status, text);
  }

  private show(found: Explanation): void {
    const { explained: of, overTime, shares, steps } = found;
    const texts = shareTexts(found);
    const what = of.better === 'none' ? 'change' : 'harm';
    this.results.hidden = false;
    say(this.whole, wholeSentence(found));
    const most = Math.max(...shares.map(({ share }) => Math.abs(share)));
    const row = (name: string, { part, share }: (typeof texts)['total'], bar: Node | null, swatch: string) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, h('span', { class: `why-swatch ${swatch}`, 'aria-hidden': 'true' }), name),
        h('td', { class: 'figure' }, share),
        h('td', { class: 'figure' }, part),
        h('td', { class: 'why-bars', 'aria-hidden': 'true' }, bar),
      );
    const bars = shares.map(({ share }, k) => {
      const bar = h('span', { class: `bar scale-${k % 8}${share < 0 ? ' less' : ''}` });
      bar.style.width = `${most > 0 ? (100 * Math.abs(share)) / most : 0}%`;
      return bar;
    });
    const hasLess = shares.some(({ share }) => share < 0);
    this.table.replaceChildren(
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, 'mechanism'),
            h('th', { scope: 'col' }, `share of the ${what}`),
            h('th', { scope: 'col' }, 'of the whole'),
            h('td', {}),
          ),
        ),
        h(
          'tbody',
          {},
          ...shares.map(({ mechanism }, k) => row(mechanism, texts.each[k], bars[k], `scale-${k % 8}`)),
          row('together', texts.total, null, 'all'),
        ),
      ),
      h('p', { class: 'quiet small' }, `A share (Shapley value) is what a mechanism adds, ${WHAT_A_SHARE_IS}`),
      ...(hasLess && what === 'harm'
        ? [
            h(
              'p',
              { class: 'quiet small' },
              'A negative share: with this mechanism less is lost; it helps, or it hides what others do.',
            ),
          ]
        : []),
      ...(found.method === 'sampled'
        ? [h('p', { class: 'quiet small' }, 'Not every order was run: the shares are estimates.')]
        : []),
    );
    const layers = stacked(overTime.shares.map(({ share }) => share));
    this.chart.draw({
      title: `Share of each mechanism in the ${what}, at each step`,
      unit: what === 'harm' ? 'what is lost' : 'what is changed',
      steps,
      series: [
        {
          key: 'together',
          label: 'together',
          kind: 'theory',
          values: Float64Array.from(overTime.total, (value) => value ?? Number.NaN),
        },
      ],
      bands: overTime.shares.map(({ mechanism }, k) => ({
        label: mechanism,
        low: layers[k].low,
        high: layers[k].high,
        kind: 'slice',
        index: k,
        opacity: 0.75,
      })),
      cursor: null,
    });
  }
}
