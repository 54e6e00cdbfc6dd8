/** Runs of a scenario, some replicates of one seed, of which some series are kept. */
import { Stream } from '../../core/random/index.js';
import { concatenated } from '../../core/vector.js';
import type { Left } from '../../loop/simulate.js';
import type { LoadedScenario } from '../../scenario/load.js';
import { sliceWord } from '../../scenario/readers.js';
import { runOf } from '../../scenario/simulate.js';
import type { RunSeries } from '../../scenario/term.js';
import { SeriesKeeper } from '../keeper.js';
import { loadedFrom, variantOf } from './loaded.js';

export interface SeriesAsks {
  readonly file: string;
  readonly data?: string;
  /** Values by path over those of the file; null: as it stands. */
  readonly set: Readonly<Record<string, unknown>> | null;
  /** Mechanisms and blocks that are kept off, whatever the schedule says. */
  readonly off?: readonly string[];
  readonly seed: number;
  /** Replicates from (with) and to (without). */
  readonly from: number;
  readonly to: number;
  /** Names of the trace to keep. */
  readonly names: readonly string[];
}

/** Columns of all runs, one after the other, so that there is little to copy. */
export interface SeriesAnswer {
  readonly names: readonly string[];
  /** A column for each name. */
  readonly columns: readonly Float64Array[];
  /** Of each run: its steps, and whether it diverged. */
  readonly steps: readonly number[];
  readonly diverged: readonly boolean[];
  /** Whether anything random was drawn: otherwise every seed and replicate is the same. */
  readonly drew: boolean;
}

/** Throws a `ScenarioError`. */
export async function series({ data, file, from, names, off, seed, set, to }: SeriesAsks): Promise<SeriesAnswer> {
  // Whoever asks for series has loaded the scenario to know their names.
  const whole = await loadedFrom(file, { checked: true, ...(data === undefined ? {} : { data }) });
  const loaded = variantOf(whole, set ?? {});
  const opened = Stream.opened;
  const runs: RunSeries[] = [];
  const left = unread(loaded, names);
  for (let replicate = from; replicate < to; replicate++) runs.push(runFor(loaded, names, seed, replicate, left, off));
  return {
    names,
    columns: names.map((name) => concatenated(runs.map((run) => run.series.get(name) ?? new Float64Array(run.steps)))),
    steps: runs.map((run) => run.steps),
    diverged: runs.map((run) => run.diverged),
    drew: Stream.opened > opened,
  };
}

/** One run, of which the named series are kept. */
export function runFor(
  loaded: LoadedScenario,
  names: readonly string[],
  seed: number,
  replicate: number,
  left = unread(loaded, names),
  off: readonly string[] = [],
): RunSeries {
  const keeper = new SeriesKeeper(loaded, names);
  for (const record of runOf(loaded, { seed, replicate, hash: false, left, off })) keeper.take(record);
  return keeper.run;
}

/** What a run need not work out: what nobody wants to keep, and nothing that acts in the scenario names. */
function unread({ plan, scenario }: LoadedScenario, names: readonly string[]): Set<Left> {
  // The worst slice has no name.
  const left = new Set<Left>(['worst']);
  const isRead = (start: string): boolean => names.some((name) => name.startsWith(start));
  if (!isRead('population.')) left.add('population');
  for (const { name } of plan.slices) if (!isRead(`slices.${sliceWord(name)}.`)) left.add(`slices.${name}`);
  for (const { name } of plan.measures)
    if (!names.includes(name) && !names.includes(`measure.${name}`)) left.add(`measure.${name}`);
  for (const { name } of plan.theory)
    if (!names.includes(name) && !names.includes(`theory.${name}`)) left.add(`theory.${name}`);
  const heard = monitorsHeard(plan);
  for (const { name } of plan.monitors)
    if (heard?.has(name) === false && !isRead(`monitor.${sliceWord(name)}.`)) left.add(`monitor.${name}`);
  for (const vantage of vantagesUnread(plan, left, isRead)) left.add(vantage);
  const { about: _about, expect: _expect, source: _source, story: _story, view: _view, ...acting } = scenario;
  const text = `${JSON.stringify(acting)} ${plan.primary.metric} ${names.join(' ')}`;
  for (const metric of ['auc', 'logLoss'] as const) if (!text.includes(metric)) left.add(metric);
  return left;
}

/** The metrics of models, by vantage point, that neither a name nor a trigger, an interval or a monitor needs. */
function vantagesUnread(
  { models, monitors, primary, schedule, slices }: LoadedScenario['plan'],
  left: ReadonlySet<Left>,
  isRead: (start: string) => boolean,
): Left[] {
  const isWatched = monitors.some(({ name }) => !left.has(`monitor.${name}`)) || slices.some((one) => one.vantages);
  return models.flatMap(({ calibration, interval, name, trigger }) => {
    const acts = schedule.length > 0 || calibration || interval || trigger.kind === 'metric';
    return (['lab', 'observed', 'actual'] as const).flatMap((vantage): Left[] => {
      const own = isRead(`${name}.${vantage}.`) || (name === primary.model && isRead(`${vantage}.`));
      const isNeeded = own || (vantage !== 'actual' && acts) || (vantage === 'observed' && isWatched);
      return isNeeded ? [] : [`${name}.${vantage}`];
    });
  });
}

/** The monitors by whose alarms a model learns; null: it may be any. */
function monitorsHeard({ models, schedule }: LoadedScenario['plan']): Set<string> | null {
  if (schedule.length > 0) return null;
  const heard = new Set<string>();
  for (const { trigger, window } of models) {
    if (window.kind === 'since' || (trigger.kind === 'alarm' && trigger.monitors === null)) return null;
    for (const name of trigger.kind === 'alarm' ? (trigger.monitors ?? []) : []) heard.add(name);
  }
  return heard;
}

/** The answer taken apart again, a run each. */
export function runsOf({ columns, diverged, names, steps }: SeriesAnswer): RunSeries[] {
  let start = 0;
  return steps.map((count, k) => {
    const from = start;
    start += count;
    const own = names.map((name, j) => [name, columns[j].subarray(from, start)] as const);
    return { series: new Map(own), steps: count, diverged: diverged[k] };
  });
}
