/** `driftloop run`: one run, its trace, its expectations. */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { EndRecord, EventRecord, HeaderRecord, StepRecord, TraceRecord } from '../loop/trace.js';
import { type LoadedScenario, loadScenario } from '../scenario/load.js';
import { assignments } from '../scenario/override.js';
import type { Reader } from '../scenario/readers.js';
import { simulate } from '../scenario/simulate.js';
import { type Judgement, judge, namesJudged } from '../study/judge.js';
import { SeriesKeeper } from '../study/keeper.js';
import { shownNames } from '../study/shown.js';
import { EXIT } from './exit.js';
import { onInterrupt } from './interrupt.js';
import { Progress } from './progress.js';
import { print } from './report.js';
import { summary } from './summary.js';

export interface RunFlags {
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly off?: readonly string[];
  readonly twin?: 'feedback';
  readonly data?: string;
  readonly out?: string;
  readonly json?: boolean;
  /** Runs with different seeds. */
  readonly seeds?: number;
  readonly workers?: number;
}

/** What is kept of a run for its summary: never the whole trace. */
export interface Outcome {
  readonly header: HeaderRecord;
  readonly last: StepRecord;
  readonly lab: StepRecord['lab'];
  readonly end: EndRecord;
  readonly events: readonly EventRecord[];
  readonly series: ShownSeries;
}

/**
 * What the scenario opens with, a value a step: by vantage point (a number such as a measure is actual only), the twin's
 * actual, and what is beside it.
 */
export interface ShownSeries {
  lab: (number | null)[];
  observed: (number | null)[];
  actual: (number | null)[];
  twin: (number | null)[];
  beside: (number | null)[][];
}

export async function runVerb(file: string, flags: RunFlags): Promise<void> {
  const set = assignments(flags.set);
  const loaded = await loadScenario(file, {
    set,
    off: flags.off ?? [],
    ...(flags.data === undefined ? {} : { data: flags.data }),
  });
  if (flags.seeds !== undefined) return (await import('./run-seeds.js')).runSeeds(loaded, file, flags.seeds, flags);
  const keeper = new SeriesKeeper(loaded, namesJudged(loaded));
  const bundle = flags.out === undefined ? null : await Bundle.open(flags.out);
  const outcome = await follow(loaded, flags, keeper, bundle);
  await bundle?.finish(manifest(outcome, set, flags));
  const judgements = judged(loaded, keeper, flags);
  if (flags.json) print(JSON.stringify(jsonObject(loaded, outcome, judgements)));
  else print(summary(loaded, outcome, judgements, flags.out ?? null).join('\n'));
  if (judgements.some(({ holds }) => !holds)) process.exitCode = EXIT.expectation;
}

/** Milliseconds after which others have their turn, so that a signal is heard. */
const TURN = 50;

/** The folder that a run leaves: its trace, and when that is whole, its manifest. */
class Bundle {
  private readonly stream: WriteStream;
  private readonly goOn: () => void;
  private last = performance.now();

  private constructor(private readonly folder: string) {
    this.stream = createWriteStream(join(folder, 'trace.ndjson'));
    // Told where it is written to or ended.
    this.stream.on('error', () => {});
    this.goOn = onInterrupt(() => `interrupted: ${folder} has part of a trace, and no manifest`);
  }

  /** A manifest that is there from another run would speak for this one. */
  static async open(folder: string): Promise<Bundle> {
    await mkdir(folder, { recursive: true });
    await rm(join(folder, 'manifest.json'), { force: true });
    return new Bundle(folder);
  }

  async write(record: TraceRecord): Promise<void> {
    if (this.stream.errored !== null) throw this.stream.errored;
    if (!this.stream.write(`${JSON.stringify(record)}\n`)) await once(this.stream, 'drain');
    if (performance.now() - this.last < TURN) return;
    await setImmediate();
    this.last = performance.now();
  }

  async finish(content: object): Promise<void> {
    if (this.stream.errored !== null) throw this.stream.errored;
    this.stream.end();
    await finished(this.stream);
    await writeFile(join(this.folder, 'manifest.json'), `${JSON.stringify(content, null, 2)}\n`);
    this.goOn();
  }
}

/** Reads from a step's record what the scenario opens with. */
function shownOf(loaded: LoadedScenario): {
  readonly lab: Reader | null;
  readonly observed: Reader | null;
  readonly actual: Reader;
  readonly beside: readonly Reader[];
} {
  const { actual, beside, lab, observed } = shownNames(loaded);
  const read = (name: string): Reader => loaded.readers.get(name) ?? (() => null);
  return {
    lab: lab === null ? null : read(lab),
    observed: observed === null ? null : read(observed),
    actual: read(actual),
    beside: beside.map(read),
  };
}

async function follow(
  loaded: LoadedScenario,
  flags: RunFlags,
  keeper: SeriesKeeper,
  bundle: Bundle | null,
): Promise<Outcome> {
  const progress = new Progress('running');
  const shown = shownOf(loaded);
  const series: Outcome['series'] = { lab: [], observed: [], actual: [], twin: [], beside: shown.beside.map(() => []) };
  const events: EventRecord[] = [];
  let header: HeaderRecord | null = null;
  let first: StepRecord | null = null;
  let last: StepRecord | null = null;
  let end: EndRecord | null = null;
  const options = {
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.twin === undefined ? {} : { twin: flags.twin }),
  };
  for await (const record of simulate(loaded, options)) {
    await bundle?.write(record);
    if (record.twin !== undefined) {
      if (record.type === 'step') series.twin.push(shown.actual(record) ?? null);
      continue;
    }
    keeper.take(record);
    if (record.type === 'header') header = record;
    else if (record.type === 'event') events.push(record);
    else if (record.type === 'end') end = record;
    else {
      first ??= record;
      last = record;
      for (const vantage of ['lab', 'observed', 'actual'] as const) {
        const read = shown[vantage];
        if (read !== null) series[vantage].push(read(record) ?? null);
      }
      for (const [k, read] of shown.beside.entries()) series.beside[k].push(read(record) ?? null);
      progress.at(record.t + 1, loaded.plan.steps);
    }
  }
  progress.end();
  if (header === null || first === null || last === null || end === null) throw new Error('the run made no step');
  return { header, last, lab: first.lab, end, events, series };
}

function judged(loaded: LoadedScenario, keeper: SeriesKeeper, flags: RunFlags): Judgement[] {
  const progress = new Progress('expectations');
  const judging = judge(loaded, {
    first: { keeper },
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    progress: (done, total) => progress.at(done, total),
  });
  let next = judging.next();
  while (!next.done) next = judging.next();
  progress.end();
  return next.value;
}

const manifest = ({ end, header }: Outcome, set: Readonly<Record<string, unknown>>, flags: RunFlags) => ({
  version: header.version,
  scenario: header.scenario,
  seed: header.seed,
  overrides: set,
  off: header.without,
  twin: flags.twin ?? null,
  status: end.status,
  steps: end.steps,
  hash: end.hash,
  node: process.version,
});

/** The contract of `--json`. */
function jsonObject(
  loaded: LoadedScenario,
  { end, events, header, lab, last }: Outcome,
  judgements: readonly Judgement[],
) {
  const final: Record<string, number | null> = {};
  for (const [name, read] of loaded.readers) {
    const value = read(last);
    if (value !== undefined) final[name] = value;
  }
  return {
    scenario: loaded.scenario.name,
    seed: header.seed,
    hash: end.hash,
    status: end.status,
    steps: end.steps,
    lab,
    final,
    expectations: judgements,
    ...(end.monitors === undefined ? {} : { monitors: end.monitors }),
    events: events.map(({ kind, message, name, t }) => ({ t, kind, name, message })),
  };
}
