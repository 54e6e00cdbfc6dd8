/** `driftloop explain`: which mechanism did how much of the harm. */
import { type LoadedScenario, loadScenario } from '../scenario/load.js';
import { assignments } from '../scenario/override.js';
import { inProcess, threads } from '../study/executor/index.js';
import {
  ExplainError,
  type Explanation,
  explain,
  type Over,
  onExecutor,
  overText,
  type Vantage,
} from '../study/explain/index.js';
import { TASKS, tasks } from '../study/jobs/index.js';
import { metricUnit } from '../study/metric-words.js';
import { figure } from '../study/words.js';
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
  const executor =
    workers === 1 ? inProcess(tasks) : threads<typeof tasks>(TASKS, workers === undefined ? {} : { workers });
  const progress = new Progress('explaining', true);
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
    ...wrap(wholeOf(explanation), width),
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

/** `accuracy, actual, at the last step: 0.92 with none of these mechanisms, 0.81 with all of them: 0.11 lost.` */
function wholeOf({ all, explained, none, over, total }: Explanation): string {
  const { better, metric, vantage } = explained;
  const what = `${capital(metricUnit(metric))}${vantage === null ? '' : `, ${vantage}`}, ${overText(over)}`;
  const size = figure(Math.abs(total.mean));
  const change =
    total.mean === 0
      ? 'no difference'
      : better === 'none'
        ? `${size} ${total.mean > 0 ? 'more' : 'less'}`
        : `${size} ${total.mean > 0 ? 'worse' : 'better'}`;
  return `${what}: ${figure(none)} with none of these mechanisms, ${figure(all)} with all of them, ${change}${halfWidth(total)}.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const halfWidth = ({ high, mean }: Explanation['total']): string =>
  high === null || high === mean ? '' : ` (± ${figure(high - mean)})`;

const BAR = 24;

function table({ explained, shares, total }: Explanation, width: number): string[] {
  const hasError = shares.some(({ samplingError }) => samplingError !== null);
  const isWholeClear = total.mean !== 0 && (total.low === null || total.high === null || total.low * total.high > 0);
  const head = [
    'mechanism',
    explained.better === 'none' ? 'share of the change' : 'share of the harm',
    'of the whole',
    ...(hasError ? ['of it by sampling'] : []),
  ];
  const number = decimalsFor([total.mean, ...shares.map(({ share }) => share)]);
  const percent = decimalsFor([100]);
  const withHalf = ({ high, value }: { high: number | null; value: number }) =>
    high === null || high === value ? number(value) : `${number(value)} ± ${number(high - value)}`;
  const rows = shares.map((one) => [
    one.mechanism,
    withHalf({ value: one.share, high: one.high }),
    isWholeClear && one.part !== null ? `${percent(100 * one.part)} %` : '-',
    ...(hasError ? [one.samplingError === null ? '' : `± ${number(one.samplingError)}`] : []),
  ]);
  const sum = [
    'together',
    withHalf({ value: total.mean, high: total.high }),
    isWholeClear ? '100 %' : '-',
    ...(hasError ? [''] : []),
  ];
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

/** Numbers of one column, with as many decimals as tell three digits of the largest. */
function decimalsFor(values: readonly number[]): (x: number) => string {
  const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const decimals = most > 0 ? Math.max(0, Math.min(12, 2 - Math.floor(Math.log10(most)))) : 0;
  return (x) => {
    const text = Math.abs(x).toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return x < 0 && /[1-9]/.test(text) ? `−${text}` : text;
  };
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
    `A share (Shapley value) is what a mechanism adds to the ${what}, averaged over every order in which the mechanisms could have come in one after the other: shares add up to the whole, and what two do only together is split evenly between them.`,
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
