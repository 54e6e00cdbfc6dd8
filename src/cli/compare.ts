/** `driftloop compare`: retraining policies on the same draws, as a table that can be pasted into a review. */
import { type LoadedScenario, loadScenario } from '../scenario/load.js';
import { assignments } from '../scenario/override.js';
import { PolicyError } from '../scenario/policy.js';
import { type Compared, compared } from '../study/comparing.js';
import type { PolicyResult } from '../study/comparison.js';
import { inProcess, threads } from '../study/executor/index.js';
import { TASKS, tasks } from '../study/jobs/index.js';
import { better } from '../study/metric-words.js';
import type { Difference, Interval } from '../study/statistics.js';
import { figure } from '../study/words.js';
import { ink, terminalWidth, wrap } from './ink.js';
import { Progress } from './progress.js';
import { print, UsageError } from './report.js';
import { aligned } from './summary.js';

export interface CompareFlags {
  readonly policy?: readonly string[];
  readonly seeds?: number;
  readonly seed?: number;
  readonly baseline?: string;
  readonly yardsticks?: boolean;
  readonly set?: readonly string[];
  readonly off?: readonly string[];
  readonly data?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

const SEEDS = 20;
/** Of a replay: enough to tell whether anything is drawn. */
const SEEDS_OF_A_REPLAY = 2;

export async function compareVerb(file: string, flags: CompareFlags): Promise<void> {
  const set = assignments(flags.set);
  const asked = { file, set, off: flags.off ?? [], data: flags.data ?? null };
  const loaded = await loadScenario(file, {
    set,
    off: asked.off,
    ...(flags.data === undefined ? {} : { data: flags.data }),
  });
  const { metric } = loaded.plan.primary;
  const executor = flags.workers === 1 ? inProcess(tasks) : threads<typeof tasks>(TASKS, workersOf(flags));
  const progress = new Progress('comparing');
  try {
    const over = (seeds: number) =>
      compared({
        asked,
        loaded,
        policies: policiesOf(loaded, flags),
        seeds,
        seed: flags.seed ?? loaded.scenario.seed,
        ...(flags.baseline === undefined ? {} : { baseline: flags.baseline }),
        higherIsBetter: better(metric) === 'higher',
        executor,
        progress: (done, total) => progress.at(done, total),
      });
    const isReplay = loaded.plan.population.replay !== null;
    const tried = await over(flags.seeds ?? (isReplay ? SEEDS_OF_A_REPLAY : SEEDS));
    const isDrawn = flags.seeds === undefined && isReplay && tried.alike === 0;
    const result = isDrawn ? await over(SEEDS) : tried;
    progress.end();
    if (flags.json) print(JSON.stringify(jsonObject(loaded, result)));
    else print(table(loaded, result).join('\n'));
  } catch (error) {
    if (error instanceof PolicyError) throw new UsageError(error.message);
    throw error;
  } finally {
    progress.end();
    await executor.close();
  }
}

const workersOf = ({ workers }: CompareFlags) => (workers === undefined ? {} : { workers });

/** Those asked for; else the scenario's; else never, its own and a few periods. */
function policiesOf({ plan, scenario }: LoadedScenario, { policy, yardsticks }: CompareFlags): readonly string[] {
  const own = Object.keys(scenario.policies ?? {});
  const periods = [5, 10, 20, 40].filter((k) => k < plan.steps).map((k) => `every ${k}`);
  const asked = policy ?? (own.length > 0 ? ['never', ...own] : ['never', "the scenario's own", ...periods]);
  if (!yardsticks) return asked;
  const clever = asked.filter((name) => /\b(on|above|below|cost-aware)\b/.test(scenario.policies?.[name] ?? name));
  return ['never', ...asked, ...clever.map((name) => `random like ${name}`), 'best fixed', 'oracle'];
}

function jsonObject({ scenario }: LoadedScenario, { runs: _runs, seeds, policies, ...rest }: Compared) {
  return { scenario: scenario.name, seeds: seeds.length, firstSeed: seeds[0], ...rest, policies };
}

function table({ plan, scenario }: LoadedScenario, result: Compared): string[] {
  const { baseline, metric, policies } = result;
  const kinds = Object.keys(policies[0]?.split ?? {}).filter((kind) => policies.some(({ split }) => split[kind] !== 0));
  const hasCosts = plan.cost !== null;
  const what = hasCosts ? 'cost of a run' : `mean error`;
  const hasOracle = result.oracle !== null;
  const head = [
    'policy',
    'rank',
    what,
    `less ${baseline}`,
    '',
    ...kinds.map((kind) => KINDS[kind] ?? kind),
    'trainings',
    metric,
    ...(hasOracle ? ['above oracle'] : []),
    'front',
  ];
  const rows = policies.map((policy) => [
    policy.name,
    ranks(policy),
    plusMinus(policy.cost),
    policy.difference === null ? 'baseline' : signed(policy.difference),
    policy.difference === null ? '' : VERDICTS[policy.difference.verdict],
    ...kinds.map((kind) => number(policy.split[kind])),
    number(policy.trainings?.mean),
    figure(policy.metric?.mean),
    ...(hasOracle ? [policy.regret === null ? '' : number(policy.regret.mean)] : []),
    policy.front ? '●' : '',
  ]);
  const lines = aligned([head, ...rows]);
  const width = terminalWidth();
  return [
    '',
    ink.bold(scenario.name),
    ink.dim(runsOf(result, plan.steps)),
    '',
    ink.dim(lines[0]),
    ...lines.slice(1).map((line, k) => (policies[k].rank[0] === 1 ? ink.bold(line) : line)),
    '',
    ...bars(policies, kinds, width),
    ...notes(result, hasCosts).flatMap((note) => wrap(note, width).map((line) => ink.dim(line))),
  ];
}

function runsOf({ alike, seeds }: Compared, steps: number): string {
  if (alike > 0) return `One run of each policy, ${steps} steps of replayed rows; each policy meets the same rows.`;
  const which = seeds.length === 1 ? `1 seed (${seeds[0]})` : `${seeds.length} seeds (${seeds[0]} to ${seeds.at(-1)})`;
  return `${which} of ${steps} steps; each policy meets the same draws.`;
}

const KINDS: Readonly<Record<string, string>> = {
  error: 'errors',
  label: 'labels',
  retrain: 'retraining',
  deploy: 'deployments',
  alarm: 'alarms',
};
const VERDICTS: Readonly<Record<Difference['verdict'], string>> = {
  lower: 'cheaper',
  higher: 'dearer',
  same: 'the same',
  unclear: 'unclear',
};

const ranks = ({ rank: [best, worst] }: PolicyResult): string => (best === worst ? `${best}` : `${best}-${worst}`);

/** Whole numbers from a hundred on: what comes after the point of a cost is noise. */
const number = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? '-'
    : Math.abs(value) >= 100
      ? Math.round(value).toLocaleString('en')
      : figure(value);

const plusMinus = (interval: Interval | null): string =>
  interval === null
    ? 'diverges'
    : interval.high === null || interval.high === interval.mean
      ? number(interval.mean)
      : `${number(interval.mean)} ± ${number(interval.high - interval.mean)}`;

const signed = ({ high, mean }: Interval): string => {
  const text = `${mean > 0 ? '+' : mean < 0 ? '−' : ''}${number(Math.abs(mean))}`;
  return high === null || high === mean ? text : `${text} ± ${number(high - mean)}`;
};

const MARKS = ['█', '▒', '░', '▚', '·'];
const HUES = [ink.red, ink.blue, ink.yellow, ink.magenta, ink.cyan];

/** Costs as bars, one kind after the other. */
function bars(policies: readonly PolicyResult[], kinds: readonly string[], width: number): string[] {
  const most = Math.max(...policies.map(({ cost }) => cost?.mean ?? 0));
  if (!(most > 0) || kinds.length === 0) return [];
  const label = policies.reduce((n, { name }) => Math.max(n, name.length), 0);
  const room = width - label - 4;
  const legend = kinds.map((kind, k) => `${HUES[k % 5](MARKS[k % 5])} ${KINDS[kind] ?? kind}`).join('   ');
  const lines = policies.map(({ name, split }) => {
    let sum = 0;
    let at = 0;
    const parts = kinds.map((kind, k) => {
      // A gain is drawn as nothing.
      sum += Math.max(0, split[kind] ?? 0);
      const to = Math.min(room, Math.round((room * sum) / most));
      const part = HUES[k % 5](MARKS[k % 5].repeat(Math.max(0, to - at)));
      at = Math.max(at, to);
      return part;
    });
    return `  ${name.padEnd(label)}  ${parts.join('')}`;
  });
  return [...lines, `  ${' '.repeat(label)}  ${legend}`, ''];
}

/** What the intervals are, or why there are none. */
function certainty({ alike, baseline, seeds }: Compared): string {
  if (alike > 0)
    return `No ±: the rows are replayed and nothing else is drawn (${alike} seeds gave the same to the last digit), so that more seeds would add nothing. The order is exact for these rows; what it is worth for others, another part of the file tells (--set lab.size=N, --set steps=N).`;
  if (seeds.length === 1) return 'No ±: one seed tells nothing of the spread; --seeds 20 does.';
  return `± is a 95 % interval of the mean; the difference to ${baseline} is taken on the same draws. A rank of 2-3: it cannot be told apart from another.`;
}

function notes(result: Compared, hasCosts: boolean): string[] {
  const { bestFixed, oracle, policies } = result;
  const diverged = policies.filter((policy) => policy.diverged > 0);
  return [
    `${certainty(result)} ● on the front: no other has both less error and less upkeep.`,
    ...(hasCosts ? [] : ['The scenario names no costs: policies are ranked by their error alone.']),
    ...(bestFixed === undefined
      ? []
      : [`best fixed, in hindsight: ${bestFixed === null ? 'never' : `every ${bestFixed}`}.`]),
    ...(oracle === null
      ? []
      : [
          oracle === 'exact'
            ? 'oracle: the cheapest of all schedules, in hindsight, seed by seed.'
            : 'oracle: the cheapest schedule found, in hindsight, seed by seed; the world reacts to the model, so that a cheaper one may exist.',
        ]),
    ...diverged.map(({ diverged: n, name, runs }) => `${name}: ${n} of ${runs} runs diverged, and count in no mean.`),
  ];
}
