/** Out: the link, pictures of what is on the screen, the numbers, and the whole run as one file. */
import { traceAddress } from './api.js';
import { h } from './dom.js';
import type { Player } from './player.js';
import { savePng, saveText } from './save-image.js';

export interface Pictures {
  chart(): string;
  world(): string | null;
}

export class OutMenu {
  private readonly told = h('p', { class: 'small', role: 'status' });
  private readonly server: readonly HTMLElement[];

  constructor(
    host: HTMLElement,
    private readonly player: Player,
    private readonly pictures: Pictures,
    private readonly link: () => string,
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
        h(
          'button',
          { type: 'button', id: 'copy-link', title: 'Key: L', onclick: () => this.copyLink() },
          'Copy the link to this moment',
        ),
        this.button('svg', 'The chart (SVG)', () => saveText(this.pictures.chart(), 'image/svg+xml', this.name('svg'))),
        this.button('png', 'The chart (PNG)', () => savePng(this.pictures.chart(), 2, this.name('png'))),
        this.button('world-svg', 'The world (SVG)', () => this.world('svg')),
        this.button('world-png', 'The world (PNG)', () => this.world('png')),
        ...this.server,
      ),
      this.told,
    );
  }

  draw(): void {
    const isHere = this.player.id !== null;
    for (const button of this.server) button.hidden = !isHere;
  }

  async copyLink(): Promise<void> {
    const link = this.link();
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
