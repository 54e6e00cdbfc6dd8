/** Two traces side by side: what was different before they began, where they part, and how far apart they get. */
import type { EndRecord, EventRecord, HeaderRecord, StepRecord } from '../../loop/trace.js';
import { type Change, changesOf } from './changes.js';
import type { TraceLine } from './read.js';
import { numbersOf } from './rows.js';
import type { TraceSource } from './source.js';

export interface Both<T> {
  readonly a: T;
  readonly b: T;
}

/** The first moment at which two runs are not the same. */
export interface Parting {
  /** `run`, or the twin's name. */
  readonly run: string;
  /** -1 is the lab. */
  readonly t: number;
  /** What happened in one and not in the other. */
  readonly events: Both<readonly string[]>;
  /** Numbers of the step, and its worst slice. */
  readonly numbers: readonly { readonly name: string; readonly a: Cell; readonly b: Cell }[];
  /** How each ends, where one has no more steps or their ends are not the same. */
  readonly ends: Both<string> | null;
}
type Cell = number | string | null;

export interface RunSummary {
  readonly file: string;
  readonly name: string;
  readonly version: string;
  readonly seed: number;
  /** Null: the run was cut off. */
  readonly hash: string | null;
}

export interface Difference {
  /** The same to the byte. */
  readonly same: boolean;
  readonly runs: Both<RunSummary>;
  /** `version`, `seed`, `replicate`, `without`, `interventions`, `twin`: what the runs were given beside the scenario. */
  readonly given: readonly Change[];
  readonly scenario: readonly Change[];
  /** Of two bundles: what was set on the command line. */
  readonly overrides: readonly Change[];
  readonly first: Parting | null;
  readonly steps: { readonly compared: number; readonly differing: number };
  /** The primary metric, as numbers of steps are named; null where the runs have not the same. */
  readonly metric: string | null;
  /** The largest difference of that; null where it never differs. */
  readonly largest: {
    readonly t: number;
    readonly difference: number;
    readonly a: number;
    readonly b: number;
  } | null;
}

export async function differenceOf(a: TraceSource, b: TraceSource): Promise<Difference> {
  const run = await compareRuns(a, b, undefined);
  const twins = { a: [...run.twins.a], b: [...run.twins.b] };
  let { first, same } = run;
  for (const twin of twins.a.filter((name) => run.twins.b.has(name))) {
    if (first !== null) break;
    const beside = await compareRuns(a, b, twin);
    first = beside.first;
    same &&= beside.same;
  }
  const headers = { a: headerOf(run.a), b: headerOf(run.b) };
  const metric = metricOf(headers.a, headers.b);
  return {
    same: same && JSON.stringify(twins.a) === JSON.stringify(twins.b),
    runs: { a: summaryOf(a, run.a), b: summaryOf(b, run.b) },
    given: changesOf(givenOf(headers.a, twins.a), givenOf(headers.b, twins.b)),
    scenario: changesOf(headers.a.scenario, headers.b.scenario),
    overrides: a.manifest === null || b.manifest === null ? [] : overridesOf(a.manifest, b.manifest),
    first,
    steps: run.steps,
    metric: metric === null ? null : `actual.${metric}`,
    largest: run.largest,
  };
}

function summaryOf({ name: file }: TraceSource, follower: Follower): RunSummary {
  const { name, seed, version } = headerOf(follower);
  return { file, name, version, seed, hash: follower.end?.hash ?? null };
}

const givenOf = ({ interventions, replicate, seed, version, without }: HeaderRecord, twins: readonly string[]) => ({
  version,
  seed,
  replicate,
  // Whole lists: which of them is missing says less than both.
  without: without.join(', '),
  interventions: interventions.map((hand) => JSON.stringify(hand)).join(', '),
  twin: twins.join(', '),
});

/** An override's path has dots of its own. */
function overridesOf(a: object, b: object): Change[] {
  const set = (manifest: object) => {
    const overrides = Object.entries(Object(Object(manifest).overrides));
    return new Map(overrides.map(([path, value]) => [path, { value }]));
  };
  const [left, right] = [set(a), set(b)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((path) => {
    const [from, to] = [left.get(path), right.get(path)];
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    return [{ path, ...(from === undefined ? {} : { a: from.value }), ...(to === undefined ? {} : { b: to.value }) }];
  });
}

function headerOf({ header }: Follower): HeaderRecord {
  // A trace without one was refused when it was read.
  if (header === null) throw new Error('the trace has no header');
  return header;
}

async function compareRuns(left: TraceSource, right: TraceSource, twin: string | undefined) {
  const a = new Follower(left, twin);
  const b = new Follower(right, twin);
  let first: Parting | null = null;
  let compared = 0;
  let differing = 0;
  let largest: Difference['largest'] = null;
  let same = true;
  for (;;) {
    const [x, y] = [await a.next(), await b.next()];
    if (x.text !== y.text) same = false;
    const parting = same ? null : partingOf(x, y, twin ?? 'run');
    if (parting !== null) first ??= parting;
    if (x.step === null || y.step === null) {
      if (x.step !== null) await a.toTheEnd();
      if (y.step !== null) await b.toTheEnd();
      break;
    }
    compared++;
    if (parting !== null) differing++;
    const metric = metricOf(headerOf(a), headerOf(b));
    if (metric !== null) largest = larger(largest, x.step, y.step, metric);
  }
  return { a, b, twins: { a: a.twins, b: b.twins }, same, first, steps: { compared, differing }, largest };
}

function larger(before: Difference['largest'], x: StepRecord, y: StepRecord, metric: string): Difference['largest'] {
  const [a, b] = [x.actual[metric] ?? null, y.actual[metric] ?? null];
  if (a === null || b === null) return before;
  const difference = Math.abs(a - b);
  return difference > (before?.difference ?? 0) ? { t: x.t, difference, a, b } : before;
}

/** The metric that says best how both go. */
function metricOf(a: HeaderRecord, b: HeaderRecord): string | null {
  return a.primary.metric === b.primary.metric ? a.primary.metric : null;
}

/** A step with the events before it; at the end, the events after the last one. */
interface Moment {
  readonly events: readonly EventRecord[];
  readonly step: StepRecord | null;
  /** The lines as they were written, but for the header, which is told apart. */
  readonly text: string;
  /** How the run ends here, where it does. */
  readonly end: string;
}

/** One run of a trace, step by step. */
class Follower {
  readonly twins = new Set<string>();
  header: HeaderRecord | null = null;
  end: EndRecord | null = null;
  private readonly lines: AsyncIterator<TraceLine>;

  constructor(
    source: TraceSource,
    private readonly twin: string | undefined,
  ) {
    this.lines = source.lines()[Symbol.asyncIterator]();
  }

  async next(): Promise<Moment> {
    const events: EventRecord[] = [];
    const texts: string[] = [];
    for (;;) {
      const next = await this.lines.next();
      if (next.done) break;
      const { record, text } = next.value;
      if (record.twin !== undefined) this.twins.add(record.twin);
      if (record.twin !== this.twin) continue;
      texts.push(text.trim());
      if (record.type === 'header') this.header = record;
      else if (record.type === 'event') events.push(record);
      else if (record.type === 'end') this.end = record;
      else return { events, step: record, text: texts.join('\n'), end: '' };
    }
    const end = this.end === null ? 'is cut off' : `is ${this.end.status}`;
    return { events, step: null, text: texts.join('\n'), end };
  }

  async toTheEnd(): Promise<void> {
    while ((await this.next()).step !== null);
  }
}

/** Null where two moments say the same, if perhaps in other words (ids, blanks). */
function partingOf(x: Moment, y: Moment, run: string): Parting | null {
  const [a, b] = [x.events.map(told), y.events.map(told)];
  const events = { a: a.filter((event) => !b.includes(event)), b: b.filter((event) => !a.includes(event)) };
  const numbers = x.step === null || y.step === null ? [] : numbersApart(x.step, y.step);
  const goesOn = (moment: Moment) => (moment.step === null ? moment.end : 'goes on');
  const ends = goesOn(x) === goesOn(y) ? null : { a: goesOn(x), b: goesOn(y) };
  if (events.a.length + events.b.length + numbers.length === 0 && ends === null) return null;
  const happened = [...x.events.filter((e) => !b.includes(told(e))), ...y.events.filter((e) => !a.includes(told(e)))];
  const times = [...happened.map(({ t }) => t), ...(numbers.length > 0 || happened.length === 0 ? [stepOf(x, y)] : [])];
  return { run, t: Math.min(...times), events, numbers, ends };
}

/** The step at which one ends is the first that it does not make. */
const stepOf = (x: Moment, y: Moment): number => x.step?.t ?? y.step?.t ?? -1;

const told = ({ kind, message, name, t }: EventRecord): string =>
  `${t < 0 ? 'in the lab' : `step ${t}`}: ${kind === 'mechanism' ? '' : `${kind}: `}${name} ${message}`;

function numbersApart(x: StepRecord, y: StepRecord): Parting['numbers'] {
  const [a, b] = [new Map<string, Cell>(numbersOf(x)), new Map<string, Cell>(numbersOf(y))];
  a.set('worst', x.worst);
  b.set('worst', y.worst);
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((name) => {
    const [left, right] = [a.get(name) ?? null, b.get(name) ?? null];
    return left === right ? [] : [{ name, a: left, b: right }];
  });
}
