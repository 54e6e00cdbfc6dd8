/**
 * Verifies scenarios: every expectation over several seeds, and each negative control, under which some of what is
 * expected of the scenario as it stands must fail.
 *
 * The runs are jobs of an executor. What draws nothing runs once; what asks for replicates runs them once, as they are its
 * seeds.
 */
import { basename, dirname } from 'node:path';
import { checkExpectation } from '../../scenario/expect.js';
import type { LoadedScenario } from '../../scenario/load.js';
import type { Executor, Job, Result } from '../executor/index.js';
import type { tasks } from '../jobs/index.js';
import { runsOf, type SeriesAnswer, type SeriesAsks } from '../jobs/series.js';
import { type ExpectedUnder, expectedUnder, namesRead } from '../variants.js';
import { type ClaimResult, claimsOf, type Judged } from './claims.js';
import { chunk, costOf } from './cost.js';

export type { ClaimResult } from './claims.js';

/** A scenario to verify, and where it was read from. */
export interface Source {
  readonly loaded: LoadedScenario;
  /** Where its rows are. */
  readonly data?: string;
}

export interface VerifyOptions {
  /** Runs of what asks for no replicates, each with a seed of its own. Default 10. */
  readonly seeds?: number;
  /** The first seed. Default: the scenario's own. */
  readonly seed?: number;
  /** Called as jobs end. */
  readonly progress?: (done: number, total: number) => void;
}

export interface ExpectationResult {
  readonly that: string;
  readonly because: string;
  readonly with: Readonly<Record<string, unknown>> | null;
  readonly control: boolean;
  readonly holds: boolean;
  /** What it joins with `and`; none where its runs failed. */
  readonly claims: readonly ClaimResult[];
  /** What went wrong with its runs. */
  readonly broken: string | null;
}

/** What is expected of the scenario as it stands, without its mechanism. */
export interface ControlResult {
  readonly with: Readonly<Record<string, unknown>>;
  readonly because: string;
  /** Whether at least one fails, for every seed. */
  readonly holds: boolean;
  /** Of so many expectations, so many fail: the fewest of any seed. */
  readonly failing: number;
  readonly of: number;
  readonly broken: string | null;
}

export interface VerifiedScenario {
  readonly file: string;
  readonly name: string;
  /** The folder of the gallery. */
  readonly lesson: string;
  readonly published: boolean;
  readonly expectations: readonly ExpectationResult[];
  readonly controls: readonly ControlResult[];
  /** Seconds of its runs, all threads together. */
  readonly seconds: number;
}

export const DEFAULT_SEEDS = 10;

/** The scenario under one set of changes, with the runs that it needs. */
interface Plot {
  readonly source: Source;
  readonly variant: ExpectedUnder;
  readonly names: readonly string[];
  readonly cost: number;
  readonly answers: { readonly seed: number; readonly from: number; readonly result: Result<SeriesAnswer> }[];
}

type SeriesJob = Job<typeof tasks, 'series'>;

/** In the order of the sources. Throws a `ScenarioError` where a scenario cannot take the changes that it names. */
export async function verify(
  sources: readonly Source[],
  executor: Executor<typeof tasks>,
  { progress, seed, seeds = DEFAULT_SEEDS }: VerifyOptions = {},
): Promise<VerifiedScenario[]> {
  const plots = sources.flatMap((source) => plotsOf(source));
  const firstSeed = ({ source }: Plot) => seed ?? source.loaded.scenario.seed;
  let done = 0;
  const work = async (parts: readonly Part[], later: () => number) => {
    await executor.run(
      parts.map((part) => part.job),
      (index, result) => {
        const { job, plot } = parts[index];
        plot.answers.push({ seed: job.asks.seed, from: job.asks.from, result });
        progress?.(++done, parts.length + later());
      },
    );
  };
  const first = plots.flatMap((plot) => partsOf(plot, firstSeed(plot)));
  // What needs further seeds asks for no replicates: it is one job a seed.
  await work(first, () => plots.filter(needsSeeds).length * (seeds - 1));
  const rest = plots
    .filter(needsSeeds)
    .flatMap((plot) => seedsAfter(firstSeed(plot), seeds).flatMap((s) => partsOf(plot, s)));
  await work(rest, () => first.length);
  return sources.map((source) => verified(source, plots));
}

const seedsAfter = (first: number, seeds: number): number[] =>
  Array.from({ length: seeds - 1 }, (_, k) => first + 1 + k);

/** Whether further seeds say more: not where replicates do, where nothing was drawn, or where the first one failed. */
function needsSeeds({ answers, variant }: Plot): boolean {
  if (variant.loaded.scenario.replicates > 1) return false;
  return answers.every(({ result }) => result.ok && result.answer.drew);
}

function plotsOf(source: Source): Plot[] {
  const { expect } = source.loaded.scenario;
  const plain = expect.filter(({ with: set }) => set === undefined);
  return expectedUnder(source.loaded).map((variant) => {
    const own = variant.indices.map((index) => expect[index]);
    const names = namesRead(variant.loaded, variant.control ? [...own, ...plain] : own);
    return { source, variant, names, cost: costOf(variant.loaded), answers: [] };
  });
}

interface Part {
  readonly plot: Plot;
  readonly job: SeriesJob;
}

/** The runs of one seed: some replicates a job, so that all threads are busy to the end. */
function partsOf(plot: Plot, seed: number): Part[] {
  const { names, source, variant } = plot;
  const { replicates } = variant.loaded.scenario;
  const size = chunk(plot.cost, replicates);
  const parts: Part[] = [];
  for (let from = 0; from < replicates; from += size) {
    const to = Math.min(replicates, from + size);
    const asks: SeriesAsks = {
      file: source.loaded.file,
      ...(source.data === undefined ? {} : { data: source.data }),
      set: variant.set,
      seed,
      from,
      to,
      names,
    };
    parts.push({ plot, job: { task: 'series', asks, cost: plot.cost * (to - from), about: source.loaded.file } });
  }
  return parts;
}

/** The runs of a plot by seed, or what went wrong with one of them. */
function judgedOf({ answers }: Plot): Judged | { readonly broken: string } {
  const bySeed = new Map<number, SeriesAnswer[]>();
  let drew = false;
  for (const { result, seed } of [...answers].sort((a, b) => a.seed - b.seed || a.from - b.from)) {
    if (!result.ok) return { broken: result.why };
    drew ||= result.answer.drew;
    bySeed.set(seed, [...(bySeed.get(seed) ?? []), result.answer]);
  }
  return { drew, seeds: [...bySeed.values()].map((parts) => parts.flatMap(runsOf)) };
}

function verified(source: Source, plots: readonly Plot[]): VerifiedScenario {
  const { file, scenario } = source.loaded;
  const folder = basename(dirname(file));
  const expectations: ExpectationResult[] = new Array(scenario.expect.length);
  const controls: { readonly index: number; readonly result: ControlResult }[] = [];
  let seconds = 0;
  for (const plot of plots.filter((one) => one.source === source)) {
    const { variant } = plot;
    const judged = judgedOf(plot);
    const names = [...variant.loaded.readers.keys()];
    for (const { result } of plot.answers) seconds += result.seconds;
    for (const index of variant.indices) {
      const { because, control, that } = scenario.expect[index];
      const claims = 'broken' in judged ? [] : claimsOf(that, names, judged);
      const holds = claims.length > 0 && claims.every((claim) => claim.holds);
      const broken = 'broken' in judged ? judged.broken : null;
      expectations[index] = { that, because, with: variant.set, control, holds, claims, broken };
    }
    if (variant.control && variant.set !== null)
      controls.push({ index: variant.indices[0], result: controlOf(plot, variant.set, judged) });
  }
  return {
    file,
    name: scenario.name,
    lesson: scenario.lesson ?? folder,
    published: folder === 'published',
    expectations,
    controls: controls.sort((a, b) => a.index - b.index).map(({ result }) => result),
    seconds,
  };
}

/** What cannot be compared is no failure here: a control that takes away what is spoken of proves nothing. */
function controlOf(
  { source, variant }: Plot,
  set: Readonly<Record<string, unknown>>,
  judged: Judged | { readonly broken: string },
): ControlResult {
  const { expect } = source.loaded.scenario;
  const plain = expect.filter((expectation) => expectation.with === undefined);
  const { because } = expect[variant.indices.find((index) => expect[index].control) ?? variant.indices[0]];
  const result = { with: set, because, of: plain.length };
  if ('broken' in judged) return { ...result, holds: false, failing: 0, broken: judged.broken };
  const names = [...variant.loaded.readers.keys()];
  const checks = plain.map(({ that }) => checkExpectation(that, names));
  const failing = judged.seeds.map((runs) => {
    const verdicts = checks.map((check) => check.judge(runs));
    return verdicts.filter(({ holds, left, right }) => !holds && left !== null && right !== null).length;
  });
  const fewest = Math.min(...failing);
  return { ...result, holds: fewest > 0, failing: fewest, broken: null };
}
