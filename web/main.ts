/** The page: which view the address asks for, and the frame around it. */

import { createRun, dropRun, getGallery, RefusedError } from './api.js';
import { ChallengeView } from './challenge.js';
import { CompareView } from './compare.js';
import { readCompare } from './compare-state.js';
import { h } from './dom.js';
import { GalleryView } from './gallery.js';
import type { Recording } from './player.js';
import { RunPage } from './run-page.js';
import { type PageState, readState, writeState } from './state.js';
import { themeButton } from './theme.js';

interface View {
  destroy(): void;
}

const main = document.getElementById('main') as HTMLElement;
const nav = document.getElementById('nav') as HTMLElement;
const tools = document.getElementById('tools') as HTMLElement;

let state = readState(location.hash);
let view: View | null = null;

/** A run that was written into this very file. */
function recording(): Recording | null {
  const element = document.getElementById('driftloop-trace');
  return element === null ? null : (JSON.parse(element.textContent ?? 'null') as Recording | null);
}

const recorded = recording();
// A file leads nowhere else.
if (recorded !== null) document.querySelector('.brand')?.removeAttribute('href');

async function show(): Promise<void> {
  view?.destroy();
  view = null;
  main.replaceChildren();
  if (recorded === null && state.view !== 'gallery' && state.scenario === '' && state.text === '') {
    const asked = state;
    const scenario = await firstScenario();
    if (asked !== state) return;
    state = { ...state, scenario };
  }
  drawNav();
  if (recorded !== null) {
    const page = runPage();
    page.replay(recorded);
    view = page;
  } else if (state.view === 'gallery') {
    const gallery = new GalleryView(main, {
      open: (scenario) => go({ ...readState(''), view: 'run', scenario }),
      openText: (text) => go({ ...readState(''), view: 'run', text }),
    });
    document.title = 'driftloop';
    void gallery.show();
    view = gallery;
  } else if (state.view === 'run') {
    const page = runPage();
    page.start();
    view = page;
  } else void studies(state.view);
}

/** The scenario that the server shows first; empty where it does not say. */
async function firstScenario(): Promise<string> {
  try {
    const { scenarios } = await getGallery();
    return scenarios.find(({ first }) => first)?.id ?? '';
  } catch {
    return '';
  }
}

function runPage(): RunPage {
  const page = new RunPage(
    main,
    {
      state: (change) => put({ ...state, ...change }),
      link: (change) => new URL(writeState({ ...state, view: 'run', ...change }), location.href).href,
      go: (to) => go({ ...state, view: to }),
      openText: (text) => go({ ...readState(''), view: 'run', text }),
    },
    state,
    recorded !== null,
  );
  tools.replaceChildren(
    h('button', { type: 'button', id: 'keys', title: 'Key: ?', onclick: () => page.help() }, 'Keys'),
    themeButton(),
  );
  return page;
}

/** Compare and challenge: studies of many runs of the scenario that was looked at. */
async function studies(which: 'compare' | 'challenge'): Promise<void> {
  const asked = state;
  main.replaceChildren(h('p', { class: 'quiet' }, 'Loading …'));
  const base = {
    ...(state.text === '' ? { scenario: state.scenario } : { text: state.text }),
    ...(state.seed === null ? {} : { seed: state.seed }),
    set: state.set,
    off: state.off,
  };
  try {
    // What there is to compare is known from a run that never begins.
    const { facts, id } = await createRun({ ...base, twin: false, until: 0 });
    dropRun(id);
    if (asked !== state) return;
    const context = { request: { ...base, seed: state.seed ?? facts.seed }, facts };
    document.title = `${which === 'compare' ? 'Compare' : 'Challenge'}: ${facts.name} · driftloop`;
    const place = h('div', {});
    main.replaceChildren(
      h('h1', {}, which === 'compare' ? `Which policy? ${facts.name}` : `Beat the oracle: ${facts.name}`),
      place,
    );
    if (which === 'compare') {
      const page = new CompareView(place, {
        onState: (compare) => put({ ...state, compare: JSON.stringify(compare) }),
      });
      const link = readCompare(state.compare);
      page.open(context, link.state, link.note);
      view = page;
    } else {
      const page = new ChallengeView(place, {});
      page.open(context);
      view = page;
    }
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    main.replaceChildren(h('p', { class: 'problem', role: 'alert' }, error.message));
  }
}

const TABS: readonly (readonly [PageState['view'], string])[] = [
  ['gallery', 'Gallery'],
  ['run', 'Run'],
  ['compare', 'Compare'],
  ['challenge', 'Challenge'],
];

function drawNav(): void {
  tools.replaceChildren(themeButton());
  nav.replaceChildren(
    ...(recorded === null ? TABS : []).map(([name, text]) =>
      h(
        'a',
        { href: writeState({ ...state, view: name }), ...(state.view === name ? { 'aria-current': 'page' } : {}) },
        text,
      ),
    ),
  );
}

function go(next: PageState): void {
  location.hash = writeState(next);
}

/** Keeps the address up to date without a step in the browser's history. */
function put(next: PageState): void {
  state = next;
  if (recorded === null) history.replaceState(null, '', writeState(next));
  drawLinks();
}

/** The tabs lead to the other views of what is looked at now. */
function drawLinks(): void {
  for (const [k, [name]] of TABS.entries()) nav.children[k]?.setAttribute('href', writeState({ ...state, view: name }));
}

addEventListener('hashchange', () => {
  if (recorded !== null) return;
  state = readState(location.hash);
  void show();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});
void show();
