/**
 * An explanation: which mechanism did how much of the harm.
 *
 * Every subset of the mechanisms is run on the same seeds, so that two runs differ only by what was switched off, and what is lost
 * between none of them and all of them is divided by Shapley values. Past so many mechanisms that this is too much, random orders
 * stand for all of them.
 *
 * | what                                 | file              |
 * |--------------------------------------|-------------------|
 * | who takes part                       | `mechanisms.ts`   |
 * | what a run is worth                  | `worth.ts`        |
 * | over which steps                     | `over.ts`         |
 * | exact shares                         | `shapley.ts`      |
 * | shares from random orders            | `permutations.ts` |
 * | one seed divided                     | `division.ts`     |
 * | who runs it                          | `runner.ts`       |
 */
import type { LoadedScenario } from '../../scenario/load.js';
import { type Interval, mean, meanInterval } from '../statistics.js';
import { type Divided, dividedByStep, dividedOver, type Played } from './division.js';
import { ExplainError } from './error.js';
import { offIn, playersOf } from './mechanisms.js';
import { type Over, stepsOver } from './over.js';
import { coalitionsOf, type Order, randomOrders } from './permutations.js';
import { inThisThread, type Runner } from './runner.js';
import { type Explained, explainedBy, harm, type MetricAsked, toldValue } from './worth.js';

export { ExplainError } from './error.js';
export { type Over, overText } from './over.js';
export { onExecutor, type RunAsked, type RunGot, type Runner } from './runner.js';
export { type Explained, VANTAGES, type Vantage } from './worth.js';

export interface ExplainOptions extends MetricAsked {
  /** Mechanisms, or blocks as one; the others stay as they are. Default: every mechanism that is on. */
  readonly mechanisms?: readonly string[];
  /** Default `last`. */
  readonly over?: Over;
  /** Default 10; where nothing is drawn, one tells all. */
  readonly seeds?: number;
  /** The first seed. Default: the scenario's own. */
  readonly seed?: number;
  /** Random orders a seed, each counting together with its reverse. Default: every subset up to 6 mechanisms, 16 orders past it. */
  readonly orders?: number;
  /** Every subset, however many mechanisms there are; at most 12. */
  readonly exact?: boolean;
  /** Called after each run. */
  readonly progress?: (done: number, total: number) => void;
  /** Who runs it. Default: this thread. */
  readonly runner?: Runner;
}

export interface Share {
  readonly mechanism: string;
  /** Of the harm, in the unit of the metric; negative: with it, less is lost. */
  readonly share: number;
  /** Interval over the seeds at 0.95; null where there are fewer than two, or nothing is drawn. */
  readonly low: number | null;
  readonly high: number | null;
  /** Of the whole: 0.4 is 40 per cent; null where the whole is 0. */
  readonly part: number | null;
  /** Standard error that comes from random orders alone; null where every subset was run, or there are fewer than 4 orders. */
  readonly samplingError: number | null;
}

export interface Explanation {
  readonly explained: Explained;
  readonly over: Over;
  readonly steps: number;
  /** Those that count. */
  readonly seeds: readonly number[];
  /** Seeds left out: with them a run diverged, or has no value at these steps. */
  readonly leftOut: readonly number[];
  /** Whether anything random is drawn; if not, one seed tells all. */
  readonly drawn: boolean;
  readonly method: 'exact' | 'sampled';
  /** Orders a seed, reversed ones included; null where every subset was run. */
  readonly orders: number | null;
  /** Runs that were made: what comes up twice is run once. */
  readonly runs: number;
  /** The number itself with none of the mechanisms, and with all of them. */
  readonly none: number;
  readonly all: number;
  /** Harm of all of them together. */
  readonly total: Interval;
  /** In the order of the scenario; they add up to `total.mean`. */
  readonly shares: readonly Share[];
  /** Means over the seeds at each step; null where no seed has a value. */
  readonly overTime: {
    readonly total: readonly (number | null)[];
    readonly shares: readonly { readonly mechanism: string; readonly share: readonly (number | null)[] }[];
  };
}

export const DEFAULT_SEEDS = 10;
const MOST_EXACT = 6;
const MOST_EXACT_ASKED = 12;
const ORDERS = 16;

/** Runs that an explanation makes at most. @throws ExplainError */
export function runsAtMost(loaded: LoadedScenario, options: ExplainOptions): number {
  const players = playersOf(loaded, options.mechanisms).length;
  const pairs = pairsOf(players, options);
  const aSeed = pairs === null ? 2 ** players : 2 + 2 * pairs * (players - 1);
  return aSeed * (options.seeds ?? DEFAULT_SEEDS);
}

/** @throws ExplainError, ScenarioError before anything runs, or where no seed has a value; Error where a run fails. */
export async function explain(loaded: LoadedScenario, options: ExplainOptions = {}): Promise<Explanation> {
  const { over = 'last', progress, runner = inThisThread(loaded), seeds = DEFAULT_SEEDS } = options;
  const players = playersOf(loaded, options.mechanisms);
  const explained = explainedBy(loaded, options);
  const { steps } = loaded.plan;
  const { from, to } = stepsOver(over, steps);
  const pairs = pairsOf(players.length, options);
  const first = options.seed ?? loaded.scenario.seed;
  const games = Array.from({ length: seeds }, (_, k): Game => {
    const orders = pairs === null ? null : randomOrders(players.length, pairs, first + k);
    return {
      seed: first + k,
      orders,
      coalitions: orders === null ? everyCoalition(players.length) : coalitionsOf(orders),
    };
  });
  const total = games.reduce((sum, { coalitions }) => sum + coalitions.length, 0);
  let done = 0;
  /** By seed and coalition: what comes up again is known. */
  const known = new Map<string, Float64Array>();
  let drew = false;
  const run = async (some: readonly Game[], all: number) => {
    const asked = new Map<string, { readonly seed: number; readonly coalition: number }>();
    for (const { coalitions, seed } of some)
      for (const coalition of coalitions)
        if (!known.has(`${seed} ${coalition}`)) asked.set(`${seed} ${coalition}`, { seed, coalition });
    const got = await runner(
      [...asked.values()].map(({ coalition, seed }) => ({ seed, off: offIn(players, coalition) })),
      explained.name,
      () => progress?.(++done, all),
    );
    [...asked.keys()].forEach((key, k) => {
      known.set(
        key,
        got[k].values.map((value) => harm(explained.better, value)),
      );
      drew ||= got[k].drew;
    });
  };
  await run(games.slice(0, 1), total);
  // What draws nothing is the same for every seed; further orders still say more.
  const others = drew ? games.slice(1) : pairs === null ? [] : games.slice(1).map((game) => ({ ...game, seed: first }));
  await run(others, total);

  const played = [games[0], ...others].map(({ coalitions, orders, seed }) => ({
    seed,
    game: {
      players: players.length,
      orders,
      harm: new Map(coalitions.map((c) => [c, known.get(`${seed} ${c}`) ?? new Float64Array()])),
    } satisfies Played,
  }));
  const counted = played.flatMap(({ game, seed }) => {
    const divided = dividedOver(game, from, to);
    return divided === null ? [] : [{ seed, game, divided }];
  });
  if (counted.length === 0)
    throw new ExplainError(
      `\`${explained.name}\` has no value there: with each seed, a run diverged or has nothing to tell it by`,
    );
  const all = counted.map(({ divided }) => divided);
  const seedsOf = (some: readonly { readonly seed: number }[]) => [...new Set(some.map(({ seed }) => seed))];
  const names = players.map(({ name }) => name);
  return {
    explained,
    over,
    steps,
    seeds: seedsOf(counted),
    leftOut: seedsOf(played).filter((seed) => !seedsOf(counted).includes(seed)),
    drawn: drew,
    method: pairs === null ? 'exact' : 'sampled',
    orders: pairs === null ? null : 2 * pairs,
    runs: known.size,
    none: toldValue(explained.better, mean(all.map(({ none }) => none))),
    all: toldValue(explained.better, mean(all.map((one) => one.all))),
    total: meanInterval(all.map((one) => one.all - one.none)),
    shares: sharesOf(names, all),
    overTime: overTime(
      names,
      counted.map(({ game }) => dividedByStep(game, steps)),
      steps,
    ),
  };
}

interface Game {
  readonly seed: number;
  readonly orders: readonly Order[] | null;
  readonly coalitions: readonly number[];
}

const everyCoalition = (players: number): number[] => Array.from({ length: 2 ** players }, (_, coalition) => coalition);

/** Pairs of an order and its reverse; null: every subset. */
function pairsOf(players: number, { exact, orders }: ExplainOptions): number | null {
  if (exact && players > MOST_EXACT_ASKED)
    throw new ExplainError(`every subset of ${players} mechanisms is too much: at most ${MOST_EXACT_ASKED}`);
  if (exact || (orders === undefined && players <= MOST_EXACT)) return null;
  return Math.max(1, Math.ceil((orders ?? ORDERS) / 2));
}

function sharesOf(names: readonly string[], seeds: readonly Divided[]): Share[] {
  const total = mean(seeds.map(({ all, none }) => all - none));
  return names.map((mechanism, i) => {
    const { high, low, mean: share } = meanInterval(seeds.map(({ shares }) => shares[i]));
    return { mechanism, share, low, high, part: total === 0 ? null : share / total, samplingError: errorOf(seeds, i) };
  });
}

/** Of a mean of independent means: sqrt(sum se^2) / n. */
function errorOf(seeds: readonly Divided[], i: number): number | null {
  let sum = 0;
  for (const { errors } of seeds) sum += (errors?.[i] ?? Number.NaN) ** 2;
  return Number.isNaN(sum) ? null : Math.sqrt(sum) / seeds.length;
}

function overTime(
  names: readonly string[],
  seeds: readonly (readonly Float64Array[])[],
  steps: number,
): Explanation['overTime'] {
  const shares = names.map((mechanism, i) => ({
    mechanism,
    share: Array.from({ length: steps }, (_, t) =>
      meanAt(
        seeds.map((columns) => columns[i]),
        t,
      ),
    ),
  }));
  const total = Array.from({ length: steps }, (_, t) => {
    let sum = 0;
    for (const { share } of shares) sum += share[t] ?? Number.NaN;
    return Number.isNaN(sum) ? null : sum;
  });
  return { total, shares };
}

function meanAt(columns: readonly Float64Array[], t: number): number | null {
  let sum = 0;
  let n = 0;
  for (const column of columns) {
    if (Number.isNaN(column[t])) continue;
    sum += column[t];
    n++;
  }
  return n === 0 ? null : sum / n;
}
