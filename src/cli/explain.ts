/** `driftloop explain`: which mechanism did how much of the harm. */
import { type LoadedScenario, loadScenario } from '../scenario/load.js';
import { assignments } from '../scenario/override.js';
import {
  ExplainError,
  type Explanation,
  explain,
  type Over,
  onExecutor,
  type Vantage,
} from '../study/explain/index.js';
import { shareTexts, WHAT_A_SHARE_IS, wholeSentence } from '../study/explain/words.js';
import { onThisMachine } from '../study/jobs/index.js';
import { ink, terminalWidth, wrap } from './ink.js';
import { Progress } from './progress.js';
import { print, UsageError } from './report.js';
import { stackedChart } from './stacked-chart.js';
import { aligned } from './summary.js';

export interface ExplainFlags {
  readonly metric?: string;
  readonly vantage?: Vantage;
  readonly over?: string;
  readonly mechanism?: readonly string[];
  readonly seeds?: number;
  readonly seed?: number;
  readonly orders?: number;
  readonly exact?: boolean;
  readonly set?: readonly string[];
  readonly off?: readonly string[];
  readonly data?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

export async function explainVerb(file: string, flags: ExplainFlags): Promise<void> {
  const { data, exact, metric, orders, seed, seeds, vantage, workers } = flags;
  const asked = { file, set: assignments(flags.set), off: flags.off ?? [], data: data ?? null };
  const over = overOf(flags.over);
  const loaded = await loadScenario(file, {
    set: asked.set,
    off: asked.off,
    ...(data === undefined ? {} : { data }),
  });
  const executor = onThisMachine(workers);
  const progress = new Progress('explaining');
  try {
    const explanation = await explain(loaded, {
      over,
      ...(metric === undefined ? {} : { metric }),
      ...(vantage === undefined ? {} : { vantage }),
      ...(flags.mechanism === undefined ? {} : { mechanisms: flags.mechanism }),
      ...(seeds === undefined ? {} : { seeds }),
      ...(seed === undefined ? {} : { seed }),
      ...(orders === undefined ? {} : { orders }),
      ...(exact === undefined ? {} : { exact }),
      runner: onExecutor(executor, asked),
      progress: (done, total) => progress.at(done, total),
    });
    progress.end();
    if (flags.json) print(JSON.stringify(jsonObject(loaded, explanation)));
    else print(pageOf(loaded, explanation).join('\n'));
  } catch (error) {
    if (error instanceof ExplainError) throw new UsageError(error.message);
    throw error;
  } finally {
    progress.end();
    await executor.close();
  }
}

/** `last`, `mean`, `40` or `40-59`. */
function overOf(text = 'last'): Over {
  if (text === 'last' || text === 'mean') return text;
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (from === undefined)
    throw new UsageError(`\`--over ${text}\`: expected last, mean, a step such as 40, or steps such as 40-59`);
  return { from: Number(from), to: Number(to) };
}

/** The contract of `--json`. */
function jsonObject({ scenario }: LoadedScenario, explanation: Explanation) {
  const { explained, seeds, total, ...rest } = explanation;
  return {
    scenario: scenario.name,
    seeds: seeds.length,
    firstSeed: seeds[0],
    metric: explained.name,
    worse: WORSE[explained.better],
    total: total.mean,
    low: total.low,
    high: total.high,
    ...rest,
  };
}

const WORSE = { higher: 'lower', lower: 'higher', zero: 'away from zero', none: null } as const;

const MARKS = ['█', '░', '▒', '#', '+', 'o', '=', '%', '·', '▓'];
const HUES = [ink.red, ink.blue, ink.yellow, ink.magenta, ink.cyan, ink.green];
const markOf = (k: number): string => MARKS[k % MARKS.length];
const hueOf = (k: number) => HUES[k % HUES.length];

function pageOf({ scenario }: LoadedScenario, explanation: Explanation): string[] {
  const width = terminalWidth();
  const { overTime } = explanation;
  return [
    '',
    ink.bold(scenario.name),
    ink.dim(runsOf(explanation)),
    '',
    ...wrap(wholeSentence(explanation), width),
    '',
    ...table(explanation, width),
    '',
    ...(explanation.steps > 1
      ? [
          ink.dim('At each step, stacked'),
          ...stackedChart(
            overTime.shares.map(({ share }, k) => ({ values: share, mark: markOf(k), colour: hueOf(k) })),
            width,
            11,
          ),
          ...legend(
            overTime.shares.map(({ mechanism }) => mechanism),
            width,
          ),
          '',
        ]
      : []),
    ...notes(explanation).flatMap((note) => wrap(note, width).map((line) => ink.dim(line))),
  ];
}

function runsOf({ drawn, method, orders, runs, seeds, steps }: Explanation): string {
  const which = !drawn
    ? 'nothing is drawn, so that one seed tells all'
    : seeds.length === 1
      ? `seed ${seeds[0]}`
      : `${seeds.length} seeds (${seeds[0]} to ${seeds.at(-1)})`;
  const how = method === 'exact' ? 'every subset of the mechanisms' : `${orders} random orders a seed`;
  return `${runs.toLocaleString('en')} runs of ${steps} steps: ${how}; ${which}.`;
}

const BAR = 24;

function table(explanation: Explanation, width: number): string[] {
  const { explained, shares } = explanation;
  const texts = shareTexts(explanation);
  const hasError = shares.some(({ samplingError }) => samplingError !== null);
  const head = [
    'mechanism',
    explained.better === 'none' ? 'share of the change' : 'share of the harm',
    'of the whole',
    ...(hasError ? ['of it by sampling'] : []),
  ];
  const rows = shares.map(({ mechanism, samplingError }, k) => [
    mechanism,
    texts.each[k].share,
    texts.each[k].part,
    ...(hasError ? [samplingError === null ? '' : `± ${texts.number(samplingError)}`] : []),
  ]);
  const sum = ['together', texts.total.share, texts.total.part, ...(hasError ? [''] : [])];
  const lines = aligned([head, ...rows, sum]);
  const longest = Math.max(...lines.map(({ length }) => length));
  const most = Math.max(...shares.map(({ share }) => Math.abs(share)));
  const isRoom = longest + 2 + BAR <= width;
  const bar = (k: number) => {
    const n = most > 0 && isRoom ? Math.round((BAR * Math.abs(shares[k].share)) / most) : 0;
    return n === 0
      ? ''
      : `  ${hueOf(k)((shares[k].share < 0 ? '◂' : '') + markOf(k).repeat(n - (shares[k].share < 0 ? 1 : 0)))}`;
  };
  return [
    ink.dim(lines[0]),
    ...shares.map((_, k) => `${lines[k + 1].padEnd(bar(k) === '' ? 0 : longest)}${bar(k)}`),
    ink.bold(lines[lines.length - 1]),
  ];
}

function legend(names: readonly string[], width: number): string[] {
  const lines: string[][] = [[]];
  let used = 0;
  for (const [k, name] of names.entries()) {
    if (used > 0 && used + name.length + 5 > width) {
      lines.push([]);
      used = 0;
    }
    used += name.length + 5;
    lines[lines.length - 1].push(`${hueOf(k)(markOf(k))} ${name}`);
  }
  return lines.map((line) => `  ${line.join('   ')}`);
}

/** In one sentence for whoever has not heard of it; then what the numbers cannot say. */
function notes({ drawn, explained, leftOut, method, seeds, shares }: Explanation): string[] {
  const helps = shares.some(({ share }) => share < 0);
  const what = explained.better === 'none' ? 'change' : 'harm';
  return [
    `A share (Shapley value) is what a mechanism adds to the ${what}, ${WHAT_A_SHARE_IS}`,
    ...(helps && explained.better !== 'none'
      ? ['A negative share: with this mechanism less is lost; it helps, or it hides what others do.']
      : []),
    ...(method === 'sampled'
      ? [
          'Not every order was run: the shares are estimates, and the standard error that comes from it is told (--orders N for more, --exact for all).',
        ]
      : []),
    ...(seeds.length > 1
      ? ['± is a 95 % interval over the seeds; all subsets meet the same draws.']
      : drawn
        ? ['No ±: one seed tells nothing of the spread; --seeds 10 does.']
        : []),
    ...(leftOut.length > 0
      ? [`Left out: seed ${leftOut.join(', ')}, with which a run diverged or has no value at these steps.`]
      : []),
  ];
}
