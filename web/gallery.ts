/** The gallery: the seven ways to fail, each scenario with a picture of what goes wrong and one sentence. */
import { line, scaleLinear } from 'd3';
import type { Gallery, GalleryEntry, Picture } from '../src/server/protocol.js';
import { metricUnit } from '../src/study/metric-words.js';
import { getGallery, getPicture, RefusedError } from './api.js';
import { coded, h } from './dom.js';

/** The lessons in the order in which they are told, in words. */
const LESSONS: Readonly<Record<string, readonly [string, string]>> = {
  'lab-vs-field': ['Benchmarks are cleaner than reality', 'Noisy and missing inputs, rare cases, changed behaviour.'],
  shift: ['The world shifts', 'Over time, from place to place, and where it is measured.'],
  'hidden-failures': [
    'Metrics hide failures',
    'Rare cases, errors that do not cost the same, the line between yes and no.',
  ],
  spurious: ['Right for the wrong reason', 'Overfitting and correlations that break.'],
  feedback: ['The model changes its world', 'Predictions shape the next data, and people adapt.'],
  uncertainty: ['Sure, and wrong', 'Confidence where there is no knowledge.'],
  monitoring: ['Nobody was looking', 'Degradation that no dashboard shows.'],
  published: ['Published results', 'What theory or authors give, reproduced.'],
};

/** A scenario of one's own as far as it is written: who goes back from a run that was refused finds it again. */
let draft = '';

export interface GalleryHooks {
  open(id: string): void;
  /** A scenario of one's own. */
  openText(text: string): void;
}

export class GalleryView {
  private readonly observer: IntersectionObserver;

  constructor(
    private readonly host: HTMLElement,
    private readonly hooks: GalleryHooks,
  ) {
    // A picture is asked for when its card comes near: each is a small run.
    this.observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          this.observer.unobserve(target);
          void showPicture(target as HTMLElement);
        }
      },
      { rootMargin: '600px' },
    );
  }

  async show(): Promise<void> {
    this.host.replaceChildren(h('p', { class: 'quiet' }, 'Loading the gallery …'));
    try {
      const gallery = await getGallery();
      this.host.replaceChildren(...this.content(gallery));
    } catch (error) {
      const message = error instanceof RefusedError ? error.message : 'The gallery could not be loaded.';
      this.host.replaceChildren(h('p', { class: 'problem', role: 'alert' }, message));
    }
  }

  destroy(): void {
    this.observer.disconnect();
  }

  private content({ scenarios }: Gallery): HTMLElement[] {
    const lessons = [...new Set(scenarios.map(({ lesson }) => lesson))].sort((a, b) => rank(a) - rank(b));
    return [
      h(
        'div',
        { class: 'intro' },
        h('h1', {}, 'What happens after a model is deployed'),
        h(
          'p',
          {},
          'A model that did well in the lab meets a world that moves, people who adapt, and a dashboard that sees only part of it. Choose a story and watch the gap open.',
        ),
        h(
          'p',
          { class: 'key' },
          'In each picture: ',
          ...(
            [
              ['lab', 'what the lab promised'],
              ['observed', 'what the dashboard shows'],
              ['actual', 'what is'],
              ['beside', 'what is of another model, or another cost'],
            ] as const
          ).map(([name, means]) => h('span', {}, swatch(name), h('b', {}, name), ` ${means}`)),
        ),
      ),
      ...lessons.map((lesson) =>
        this.lesson(
          lesson,
          scenarios.filter((entry) => entry.lesson === lesson).sort(lesson === 'published' ? byName : () => 0),
        ),
      ),
      this.own(),
    ];
  }

  private lesson(lesson: string, entries: readonly GalleryEntry[]): HTMLElement {
    const [title, sentence] = LESSONS[lesson] ?? [lesson, ''];
    return h(
      'section',
      { class: 'lesson', 'aria-labelledby': `lesson-${lesson}` },
      h('h2', { id: `lesson-${lesson}` }, title),
      h('p', { class: 'quiet' }, sentence),
      h('ul', { class: 'cards' }, ...entries.map((entry) => this.card(entry))),
    );
  }

  private card({ about, id, name, unavailable }: GalleryEntry): HTMLElement {
    const picture = h('div', { class: 'picture', 'aria-hidden': 'true', 'data-id': unavailable === null ? id : '' });
    const sentence = h('p', {}, ...coded(opening(about)));
    const card =
      unavailable === null
        ? h(
            'li',
            { class: 'card' },
            h(
              'a',
              {
                href: `#/run?scenario=${encodeURIComponent(id)}`,
                onclick: (event: MouseEvent) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                  event.preventDefault();
                  this.hooks.open(id);
                },
              },
              picture,
              h('h3', {}, name),
              sentence,
            ),
          )
        : h(
            'li',
            { class: 'card unavailable' },
            h('div', {}, picture, h('h3', {}, name), sentence, h('p', { class: 'why' }, ...coded(unavailable))),
          );
    if (unavailable === null) this.observer.observe(picture);
    return card;
  }

  private own(): HTMLElement {
    const area = h('textarea', {
      id: 'own-text',
      rows: 12,
      spellcheck: 'false',
      placeholder: 'name: My first scenario\nsteps: 60\npopulation: …',
      oninput: () => {
        draft = area.value;
      },
    });
    area.value = draft;
    const file = h('input', {
      type: 'file',
      id: 'own-file',
      accept: '.yaml,.yml,text/yaml',
      onchange: async () => {
        const [chosen] = file.files ?? [];
        if (chosen === undefined) return;
        area.value = await chosen.text();
        draft = area.value;
      },
    });
    return h(
      'section',
      { class: 'lesson own', 'aria-labelledby': 'lesson-own' },
      h('h2', { id: 'lesson-own' }, 'Your own scenario'),
      h(
        'p',
        { class: 'quiet' },
        'A YAML file, such as each run shows at its end; it may read no other file here. What is wrong with it is said with its line.',
      ),
      h('p', {}, h('label', { for: 'own-file' }, 'A file '), file),
      h('label', { for: 'own-text' }, 'Or as text'),
      area,
      h(
        'p',
        {},
        h('button', { type: 'button', class: 'primary', onclick: () => this.hooks.openText(area.value) }, 'Run it'),
      ),
    );
  }
}

function rank(lesson: string): number {
  const place = Object.keys(LESSONS).indexOf(lesson);
  return place < 0 ? Number.MAX_SAFE_INTEGER : place;
}

/** P2 comes before P10. */
const byName = (a: GalleryEntry, b: GalleryEntry): number => a.name.localeCompare(b.name, 'en', { numeric: true });

/** The first sentence, and the second where that is short: who acts, and what goes wrong. */
function opening(text: string): string {
  const [first = text, second] = text.match(/.*?[.!?](?=\s|$)\s*/gs) ?? [];
  return `${first}${first.length < 90 ? (second ?? '') : ''}`.trim();
}

async function showPicture(element: HTMLElement): Promise<void> {
  const { id } = element.dataset;
  if (id === undefined || id === '') return;
  try {
    const picture = await getPicture(id);
    element.replaceChildren(drawn(picture));
    const where = picture.slice === null ? '' : `, in ${picture.slice}`;
    element.after(h('p', { class: 'of' }, `${metricUnit(picture.metric)}${where}`));
  } catch {
    // A card without a picture is still a card.
  }
}

const SIZE = { width: 240, height: 96, margin: 6 };
const SVG = 'http://www.w3.org/2000/svg';

/** A line as in the pictures. */
function swatch(name: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 26 8');
  svg.setAttribute('class', 'picture');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('class', `line ${name}`);
  path.setAttribute('d', 'M1,4H25');
  svg.append(path);
  return svg;
}

/** Lab, observed and actual as three lines: the gap is what the eye sees first. */
function drawn({ actual, beside, lab, observed }: Picture): SVGElement {
  const known = [...actual, ...lab, ...observed, ...beside.flat()].filter((value): value is number => value !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const { height, margin, width } = SIZE;
  const x = scaleLinear([0, Math.max(1, actual.length - 1)], [margin, width - margin]);
  const room = high > low ? 0 : 1;
  const y = scaleLinear([low - room, high + room], [height - margin, margin]);
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, k) => x(k))
    .y((value) => y(value ?? 0));
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  for (const [name, values] of [
    ['lab', lab],
    ...beside.map((values) => ['beside', values] as const),
    ['observed', observed],
    ['actual', actual],
  ] as const) {
    const element = document.createElementNS(SVG, 'path');
    element.setAttribute('class', `line ${name}`);
    element.setAttribute('d', path(values) ?? '');
    svg.append(element);
  }
  return svg;
}
