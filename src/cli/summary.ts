/** What a person reads when a run has ended: the gap between lab and actual first. */
import { mechanismsOf } from '../loop/plan.js';
import type { LoadedScenario } from '../scenario/load.js';
import { openingOf } from '../scenario/opening.js';
import { isNumber } from '../scenario/readers.js';
import type { Judgement } from '../study/judge.js';
import { metricUnit } from '../study/metric-words.js';
import { changeWords, figure, gapWords, type Sentence } from '../study/words.js';
import { chart, type Line } from './chart.js';
import { ink, terminalWidth, wrap } from './ink.js';
import type { Outcome, ShownSeries } from './run.js';

export function summary(
  loaded: LoadedScenario,
  outcome: Outcome,
  judgements: readonly Judgement[],
  folder: string | null,
): string[] {
  const width = terminalWidth();
  const { end, header } = outcome;
  const size = loaded.plan.population.size;
  const about = loaded.scenario.about === undefined ? [] : [...wrap(loaded.scenario.about, width - 2), ''];
  const off = header.without.length === 0 ? '' : `, without ${header.without.join(', ')}`;
  return [
    '',
    ink.bold(loaded.scenario.name),
    ...about,
    ...gap(loaded, outcome.series, gapHead(outcome)),
    '',
    ...chart(linesOf(loaded, outcome.series), width, 11),
    legendOf(linesOf(loaded, outcome.series)),
    '',
    ...table(loaded, outcome, width),
    ...monitorLines(loaded, outcome, width),
    ...eventLines(outcome, width),
    ...judgementLines(judgements, width),
    ink.dim(
      `${counted(end.steps, 'step')} of ${counted(size, 'individual')}, ${counted(mechanismsOf(loaded.plan), 'mechanism')}${off}, seed ${header.seed}`,
    ),
    ink.dim(`trace ${end.hash}`),
    ...(folder === null ? [] : [ink.dim(`written to ${folder}`)]),
  ];
}

function gapHead({ end, last }: Outcome): string {
  const cut =
    end.status === 'complete' ? '' : `, where the run ${end.status === 'diverged' ? 'diverged' : 'was stopped'}`;
  return `at step ${last.t}${cut}`;
}

/** The gap, in words: the page says the same. */
export function gap(loaded: LoadedScenario, series: ShownSeries, head: string): string[] {
  const { beside: names, metric, model, slice } = openingOf(loaded);
  const beside = names.map((name, k) => ({ name, value: series.beside[k].at(-1) ?? null }));
  const twin = series.twin.length > 0 ? { twin: series.twin.findLast((v) => v !== null) ?? null } : {};
  // A monitor that compares a step with the one before has no number at the first.
  const since = Math.max(
    0,
    series.actual.findIndex((v) => v !== null),
  );
  const [first, now] = [series.actual[since] ?? null, series.actual.at(-1) ?? null];
  const sentences = isNumber(metric)
    ? changeWords({ name: metric, first, since, now, beside, ...twin })
    : gapWords({
        metric,
        promised: series.lab[0] ?? null,
        actual: now,
        observed: series.observed.findLast((v) => v !== null) ?? null,
        slice,
        beside,
        ...twin,
      });
  const of = isNumber(metric) || loaded.plan.models.length < 2 ? '' : ` of ${model}`;
  return [
    `${ink.bold('The gap')}${of} ${head}`,
    ...sentences.map(({ about, after, before, figure }) => `  ${before}${COLOURS[about](figure)}${after}`),
  ];
}

const COLOURS: Readonly<Record<Sentence['about'], (text: string) => string>> = {
  lab: ink.blue,
  actual: (text) => ink.bold(ink.red(text)),
  observed: ink.yellow,
  twin: ink.gray,
  beside: ink.cyan,
};

export const legendOf = (lines: readonly Line[]): string =>
  `  ${lines.map(({ colour, mark, name }) => `${colour(mark)} ${name}`).join('   ')}`;

export const linesOf = (loaded: LoadedScenario, series: ShownSeries): Line[] => {
  const { beside, metric, slice } = openingOf(loaded);
  const plain = isNumber(metric);
  return [
    ...(series.twin.length > 0
      ? [{ name: 'twin (no feedback)', values: series.twin, mark: '~', colour: ink.gray }]
      : []),
    ...beside.map((name, k) => ({
      name: metricUnit(name),
      values: series.beside[k],
      mark: '+*x#'[k],
      colour: ink.cyan,
    })),
    ...(plain
      ? []
      : [
          { name: 'lab', values: series.lab, mark: '─', colour: ink.blue },
          { name: 'observed', values: series.observed, mark: 'o', colour: ink.yellow },
        ]),
    { name: plain ? metricUnit(metric) : (slice ?? 'actual'), values: series.actual, mark: '●', colour: ink.red },
  ];
};

/** The three vantage points of each metric at the last step. */
function table(loaded: LoadedScenario, { lab, last }: Outcome, width: number): string[] {
  const rows: string[][] = [['', 'lab', 'observed', 'actual']];
  const words: string[] = [''];
  for (const [name, value] of Object.entries(last.actual)) {
    if (name === 'n') continue;
    rows.push([name, figure(lab[name]), figure(last.observed[name]), figure(value)]);
    words.push(metricUnit(name));
  }
  for (const [name, value] of Object.entries(last.measure)) rows.push([name, '', '', figure(value)]);
  if (last.worst !== null) {
    const { metric } = loaded.plan.primary;
    rows.push([`worst slice: ${last.worst}`, '', '', figure(last.slices[last.worst]?.[metric])]);
  }
  const lines = aligned(rows);
  const longest = Math.max(...lines.map(({ length }) => length));
  // What the names mean, where there is room to say it.
  const isRoom = longest + 2 + Math.max(...words.map(({ length }) => length)) <= width;
  const meaning = (line: string, k: number) =>
    isRoom && k < words.length ? `${line.padEnd(longest)}  ${ink.dim(words[k])}` : line;
  return [...lines.map((line, k) => (k === 0 ? ink.dim(line) : meaning(line, k))), ''];
}

/** What each monitor was worth, and what it would have missed at random with as many alarms. */
function monitorLines({ plan }: LoadedScenario, { end }: Outcome, width: number): string[] {
  const monitors = Object.entries(end.monitors ?? {});
  const unscored = plan.monitors.length - monitors.length;
  const note =
    unscored === 0
      ? []
      : [
          ...wrap(
            `Of ${counted(unscored, 'monitor')} nobody can say what the alarms were worth: the rows do not tell when the world changed. Where you know, name the steps with \`changes:\`.`,
            width,
          ).map((line) => ink.dim(line)),
          '',
        ];
  if (monitors.length === 0) return note;
  const rows = [
    ['', 'alarms', 'changes', 'missed', 'at random', 'delay', 'false in 1,000'],
    ...monitors.map(([name, own]) => [
      name,
      `${own.alarms}`,
      `${own.changes}`,
      figure(own.missed),
      figure(own.beside.random.missed),
      figure(own.delay),
      figure(own.falseAlarms),
    ]),
  ];
  return [ink.bold('Monitors'), ...aligned(rows).map((line, k) => (k === 0 ? ink.dim(line) : line)), '', ...note];
}

/** Columns of equal width, the first to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => rows.reduce((n, row) => Math.max(n, row[c].length), 0));
  return rows.map((row) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
      .join('  ')
      .trimEnd(),
  );
}

const MOST_EVENTS = 12;

function eventLines({ events }: Outcome, width: number): string[] {
  if (events.length === 0) return [];
  const shown = events.slice(0, MOST_EVENTS).map(({ kind, message, name, t }) => {
    const when = t < 0 ? 'lab' : `step ${t}`;
    const line = `${when.padStart(9)}  ${kind === 'mechanism' ? '' : `${kind}: `}${name} ${message}`;
    return line.length > width ? `${line.slice(0, width - 3)}...` : line;
  });
  const more = events.length > MOST_EVENTS ? [`           and ${events.length - MOST_EVENTS} more`] : [];
  return [ink.bold('What happened'), ...shown, ...more, ''];
}

function judgementLines(judgements: readonly Judgement[], width: number): string[] {
  if (judgements.length === 0) return [];
  const failed = judgements.filter(({ holds }) => !holds).length;
  const head =
    failed === 0
      ? judgements.length === 1
        ? 'Expectations: the one there is holds'
        : `Expectations: all ${judgements.length} hold`
      : `Expectations: ${failed} of ${judgements.length} fail`;
  return [ink.bold(head), ...judgements.flatMap((judgement) => judgementText(judgement, width)), ''];
}

/** What was expected, what came, and why it matters. */
export function judgementText(judgement: Judgement, width: number): string[] {
  const { because, holds, that } = judgement;
  const mark = holds ? ink.green('✓') : ink.red('✗');
  const changes = Object.entries(judgement.with ?? {}).map(([path, value]) => `${path} = ${JSON.stringify(value)}`);
  const when = changes.length === 0 ? '' : ink.dim(`   with ${changes.join(', ')}`);
  return [
    `  ${mark} ${that}${when}`,
    `      came: ${cameOut(judgement)}`,
    ...wrap(because, width - 8).map((line, k) => ink.dim(`      ${k === 0 ? 'why: ' : '     '}${line}`)),
  ];
}

export function cameOut({ left, relation, right, tolerance }: Judgement): string {
  if (left === null && right === null) return 'nothing to compare';
  const precise = (x: number | null) => (x === null ? '-' : Number(x.toPrecision(7)).toString());
  return relation === 'near'
    ? `${precise(left)}, expected ${precise(right)} ± ${precise(tolerance)}`
    : `${precise(left)} ${relation} ${precise(right)}`;
}

export const counted = (n: number, what: string): string => `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;
