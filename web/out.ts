/** Out: the link, pictures of what is on the screen, the numbers, and the whole run as one file. */
import { traceAddress } from './api.js';
import { h } from './dom.js';
import type { Player } from './player.js';
import { savePng, saveText } from './save-image.js';

export interface Pictures {
  /** The large chart; with the key of a small one, that. */
  chart(key: string): string;
  charts(): readonly { readonly key: string; readonly title: string }[];
  world(): string | null;
  /** The address of this moment. */
  link(): string;
  /** Runs another scenario. */
  openText(text: string): void;
}

export class OutMenu {
  private readonly told = h('p', { class: 'small', role: 'status' });
  private readonly copy = h(
    'button',
    { type: 'button', id: 'copy-link', title: 'Key: L', onclick: () => this.copyLink() },
    'Copy the link to this moment',
  );
  private readonly text = h('textarea', {
    id: 'file-text',
    rows: 16,
    spellcheck: 'false',
    'aria-label': 'The scenario file',
  });
  private readonly run = h(
    'button',
    { type: 'button', id: 'run-file', onclick: () => this.pictures.openText(this.text.value) },
    'Run it as it is written here',
  );
  private readonly file = h('details', { class: 'file' }, h('summary', {}, 'The scenario file'), this.text, this.run);
  private readonly which = h('select', { id: 'out-chart' });
  private listed = '';
  private readonly server: readonly HTMLElement[];

  constructor(
    host: HTMLElement,
    private readonly player: Player,
    private readonly pictures: Pictures,
  ) {
    this.server = (
      [
        ['csv', 'Numbers of each step (CSV)'],
        ['parquet', 'The same for pandas and DuckDB (Parquet)'],
        ['ndjson', 'The trace (NDJSON)'],
        ['html', 'The run as one page (HTML)'],
      ] as const
    ).map(([format, text]) =>
      h('button', { type: 'button', 'data-out': format, onclick: () => this.download(format) }, text),
    );
    host.replaceChildren(
      h('h2', {}, 'Out'),
      h(
        'div',
        { class: 'out' },
        this.copy,
        h(
          'span',
          { class: 'which' },
          h('label', { for: 'out-chart' }, 'Chart'),
          this.which,
          this.button('svg', 'SVG', () => saveText(this.chart(), 'image/svg+xml', this.name('svg', this.whichName))),
          this.button('png', 'PNG', () => savePng(this.chart(), 2, this.name('png', this.whichName))),
        ),
        this.button('world-svg', 'The world (SVG)', () => this.world('svg')),
        this.button('world-png', 'The world (PNG)', () => this.world('png')),
        ...this.server,
      ),
      this.told,
      this.file,
    );
  }

  /** The scenario as it was written: to be read, changed and run. */
  open(file: string): void {
    const { isRecording } = this.player;
    this.file.hidden = file === '';
    this.text.value = file;
    this.text.readOnly = isRecording;
    this.run.hidden = isRecording;
    this.copy.hidden = isRecording;
  }

  private chart(): string {
    return this.pictures.chart(this.which.value);
  }

  private get whichName(): string {
    const title = this.which.value === '' ? 'chart' : (this.which.selectedOptions[0]?.text ?? 'chart');
    return title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  }

  private listCharts(): void {
    const charts = [...this.pictures.charts()].sort((a, b) => a.title.localeCompare(b.title));
    const key = JSON.stringify(charts.map((chart) => chart.key));
    if (key === this.listed) return;
    this.listed = key;
    const chosen = this.which.value;
    this.which.replaceChildren(
      h('option', { value: '' }, 'lab, observed, actual'),
      ...charts.map(({ key: value, title }) => h('option', { value }, title)),
    );
    this.which.value = charts.some((chart) => chart.key === chosen) ? chosen : '';
  }

  draw(): void {
    this.listCharts();
    const isHere = this.player.id !== null;
    for (const button of this.server) button.hidden = !isHere;
  }

  async copyLink(): Promise<void> {
    const link = this.pictures.link();
    try {
      await navigator.clipboard.writeText(link);
      this.told.textContent = 'Copied: who opens it sees this moment, your hands included.';
    } catch {
      // Without leave for the clipboard the address is there to be copied by hand.
      history.replaceState(null, '', link);
      this.told.textContent = 'The link is in the address bar.';
    }
  }

  private button(out: string, text: string, onclick: () => void): HTMLElement {
    return h('button', { type: 'button', 'data-out': out, onclick }, text);
  }

  private world(format: 'svg' | 'png'): void {
    const svg = this.pictures.world();
    if (svg === null) this.told.textContent = 'There is no picture of the world here.';
    else if (format === 'svg') saveText(svg, 'image/svg+xml', this.name('svg', 'world'));
    else savePng(svg, 2, this.name('png', 'world'));
  }

  private download(format: 'csv' | 'parquet' | 'ndjson' | 'html'): void {
    const { id } = this.player;
    if (id === null) return;
    const link = h('a', { href: traceAddress(id, format), download: '' });
    link.click();
  }

  private name(ending: string, what = 'chart'): string {
    const { at, facts } = this.player;
    const name = (facts?.name ?? 'run')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60);
    return `${name}-${what}-step-${at}.${ending}`;
  }
}
