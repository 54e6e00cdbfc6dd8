/** The state of the page, whole, in its address: a link is a lesson. */
import type { Intervention } from '../src/loop/trace.js';
import type { Scalar } from '../src/server/protocol.js';

export type ViewName = 'gallery' | 'run' | 'compare' | 'challenge';

export interface PageState {
  readonly view: ViewName;
  /** Id of a scenario of the gallery; empty for the one that the server shows first. */
  readonly scenario: string;
  /** A scenario of one's own; empty where it is one of the gallery. */
  readonly text: string;
  readonly seed: number | null;
  readonly set: Readonly<Record<string, Scalar>>;
  readonly off: readonly string[];
  /** Hands on the run, to be replayed. */
  readonly hands: readonly Intervention[];
  /** The step that is looked at, with the run held there; null: it runs. */
  readonly t: number | null;
  readonly speed: number | null;
  readonly metric: string;
  /** Whose metric; empty for the primary model. */
  readonly model: string;
  /** In which slice; empty: as the scenario opens, `*`: everybody. */
  readonly slice: string;
  readonly x: string;
  readonly y: string;
  readonly story: boolean;
  /** Bands over so many seeds are drawn; null: none. */
  readonly seeds: number | null;
  /** What the compare view compares, as JSON. */
  readonly compare: string;
}

export const DEFAULTS: PageState = {
  view: 'gallery',
  scenario: '',
  text: '',
  seed: null,
  set: {},
  off: [],
  hands: [],
  t: null,
  speed: 10,
  metric: '',
  model: '',
  slice: '',
  x: '',
  y: '',
  story: false,
  seeds: null,
  compare: '',
};

const VIEWS: readonly ViewName[] = ['gallery', 'run', 'compare', 'challenge'];

/** How each property is written into the address and read from it. Several values of one property repeat its name. */
interface Property<T> {
  readonly write: (value: T) => readonly string[];
  /** Undefined: the text says nothing that can be understood, and the default stays. */
  readonly read: (texts: readonly string[]) => T | undefined;
}

const text: Property<string> = { write: (value) => (value === '' ? [] : [value]), read: ([first]) => first };
const wholeOrNull: Property<number | null> = {
  write: (value) => (value === null ? [] : [String(value)]),
  read: ([first]) => whole(first),
};

const property = <K extends keyof PageState>(name: K, { read, write }: Property<PageState[K]>) => ({
  name,
  write: (state: PageState) => write(state[name]),
  read,
});

/** The one table from which addresses are written and read. */
const PROPERTIES = [
  property('scenario', text),
  property('text', text),
  property('seed', wholeOrNull),
  property('set', {
    write: (set) => Object.entries(set).map(([path, value]) => assignment(path, value)),
    read: (texts) =>
      Object.fromEntries(texts.flatMap((t) => assigned(t) ?? []).map(({ path, value }) => [path, value])),
  }),
  property('off', { write: (ids) => ids, read: (texts) => texts }),
  property('hands', {
    write: (hands) => hands.flatMap(handTexts),
    read: (texts) => texts.flatMap((t) => handOf(t) ?? []).sort((a, b) => a.at - b.at),
  }),
  property('t', wholeOrNull),
  property('speed', {
    write: (value) => (value === null ? ['max'] : [String(value)]),
    read: ([first]) => (first === 'max' ? null : positive(first)),
  }),
  property('metric', text),
  property('model', text),
  property('slice', text),
  property('x', text),
  property('y', text),
  property('story', { write: (value) => (value ? ['1'] : []), read: ([first]) => first === '1' }),
  property('seeds', wholeOrNull),
  property('compare', text),
];

/** The part of the address behind `#`. What is as by default is left out. */
export function writeState(state: PageState): string {
  const query = new URLSearchParams();
  for (const { name, write } of PROPERTIES) {
    const written = write(state);
    if (JSON.stringify(written) === JSON.stringify(write(DEFAULTS))) continue;
    for (const value of written) query.append(name, value);
  }
  const tail = query.toString();
  return `#/${state.view === 'gallery' ? '' : state.view}${tail === '' ? '' : `?${tail}`}`;
}

export function readState(hash: string): PageState {
  const [path, tail = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const query = new URLSearchParams(tail);
  const read: Partial<Record<keyof PageState, unknown>> = {};
  for (const { name, read: understood } of PROPERTIES) {
    const value = query.has(name) ? understood(query.getAll(name)) : undefined;
    if (value !== undefined) read[name] = value;
  }
  return { ...DEFAULTS, ...read, view: VIEWS.find((view) => view === path) ?? 'gallery' } as PageState;
}

const assignment = (path: string, value: Scalar): string => `${path}=${JSON.stringify(value)}`;

/** Splits at the first `=` behind which a JSON scalar stands: names of mechanisms may hold one themselves. */
function assigned(written: string): { path: string; value: Scalar } | null {
  for (let equals = written.indexOf('=', 1); equals > 0; equals = written.indexOf('=', equals + 1)) {
    const value = scalarOf(written.slice(equals + 1));
    if (value !== null) return { path: written.slice(0, equals), value };
  }
  return null;
}

function scalarOf(json: string): Scalar | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : null;
  } catch {
    return null;
  }
}

/** `57:respond.gaming.strength=8` for each value set, `80:retrain` or `80:retrain score`. */
function handTexts({ at, retrain, set = {} }: Intervention): string[] {
  const values = Object.entries(set).map(([path, value]) => `${at}:${assignment(path, value)}`);
  if (retrain === undefined) return values;
  return [...values, `${at}:retrain${retrain === true ? '' : ` ${retrain.join(' ')}`}`];
}

function handOf(written: string): Intervention | null {
  const [, step, rest] = /^(\d{1,7}):(.*)$/s.exec(written) ?? [];
  if (step === undefined) return null;
  const at = Number(step);
  if (rest === 'retrain') return { at, retrain: true };
  if (rest.startsWith('retrain ')) return { at, retrain: rest.slice('retrain '.length).split(' ') };
  const put = assigned(rest);
  return put === null ? null : { at, set: { [put.path]: put.value } };
}

function whole(written: string | undefined): number | undefined {
  return written !== undefined && /^\d{1,15}$/.test(written) ? Number(written) : undefined;
}

function positive(written: string | undefined): number | undefined {
  const value = Number(written);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
