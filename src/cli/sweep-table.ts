/** What a person, or a program, reads when a sweep has ended. */
import type { Interval } from '../study/statistics.js';
import type { Value } from '../study/sweep/axis.js';
import { columnsOf } from '../study/sweep/columns.js';
import type { Study } from '../study/sweep/study.js';
import { type Finals, levelSummaries, pointSummary, type Sensitivity, sensitivities } from '../study/sweep/summary.js';
import { figure } from '../study/words.js';
import { ink, terminalWidth, wrap } from './ink.js';
import { aligned } from './summary.js';

/** Points that are shown one by one. */
const MOST_SHOWN = 40;
/** Points that `--json` tells one by one; the table has all. */
const MOST_TOLD = 10_000;

/** The contract of `--json`. */
export function sweepObject(study: Study, finals: Finals, out: string | null) {
  const { axes, design, keep, measures, name, points, runs, seed, seeds } = study;
  const each = Array.from({ length: Math.min(points, MOST_TOLD) }, (_, k) => pointSummary(study, finals, k));
  return {
    study: name,
    scenario: study.loaded.scenario.name,
    out,
    design: { ...design, points },
    parameters: axes.map(({ path }) => path),
    seeds: { first: seed, count: seeds },
    runs,
    diverged: divergedOf(finals),
    keep,
    measures,
    columns: columnsOf(study),
    points: each,
    levels: levelSummaries(study, finals),
    sensitivity: sensitivities(study, finals),
  };
}

export function sweepTable(study: Study, finals: Finals, out: string | null): string[] {
  const width = terminalWidth();
  const { axes, loaded, measures, points, runs, seeds } = study;
  const names = measures.map(({ name }) => name);
  const found = sensitivities(study, finals);
  const isShort = points <= MOST_SHOWN;
  const diverged = divergedOf(finals);
  return [
    '',
    ink.bold(study.name),
    ink.dim(
      `${counted(points, 'point')} of ${counted(axes.length, 'parameter')}, ${counted(seeds, 'seed')} each, ${counted(loaded.plan.steps, 'step')}: ${counted(runs, 'run')}`,
    ),
    '',
    ...(isShort ? byPoint(study, finals, names) : byLevel(study, finals, names)),
    '',
    ...found.flatMap((one) => [...indices(one), '']),
    ...notes(study, found, diverged, isShort).flatMap((note) => wrap(note, width).map((line) => ink.dim(line))),
    ...(out === null ? [] : [ink.dim(`written to ${out}`)]),
  ];
}

function byPoint(study: Study, finals: Finals, names: readonly string[]): string[] {
  const paths = study.axes.map(({ path }) => path);
  const rows = Array.from({ length: study.points }, (_, k) => {
    const { measures, parameters } = pointSummary(study, finals, k);
    return [...paths.map((path) => valueText(parameters[path])), ...names.map((name) => plusMinus(measures[name]))];
  });
  return headed([[...paths, ...names], ...rows]);
}

function byLevel(study: Study, finals: Finals, names: readonly string[]): string[] {
  const levels = levelSummaries(study, finals);
  return study.axes.flatMap(({ path }, j) => [
    ...(j > 0 ? [''] : []),
    ...headed([
      [path, 'runs', ...names],
      ...levels
        .filter(({ parameter }) => parameter === path)
        .map(({ level, measures, runs }) => [level, `${runs}`, ...names.map((name) => plusMinus(measures[name]))]),
    ]),
  ]);
}

function indices({ measure, parameters }: Sensitivity): string[] {
  const cell = ({ high, low, value }: Sensitivity['parameters'][number]['first']) =>
    `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return headed([
    [`variance of ${measure}`, 'alone', 'in all'],
    ...parameters.map(({ first, parameter, total }) => [parameter, cell(first), cell(total)]),
  ]);
}

function headed(rows: readonly (readonly string[])[]): string[] {
  const [head, ...lines] = aligned(rows);
  return [ink.dim(head), ...lines];
}

const divergedOf = ({ diverged }: Finals): number => diverged.reduce((sum, one) => sum + one, 0);

const valueText = (value: Value): string =>
  typeof value === 'number'
    ? String(Number(value.toPrecision(6)))
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

function plusMinus(interval: Interval | null): string {
  if (interval === null) return '-';
  const { high, mean } = interval;
  return high === null || high === mean ? figure(mean) : `${figure(mean)} ± ${figure(high - mean)}`;
}

function notes(study: Study, found: readonly Sensitivity[], diverged: number, isShort: boolean): string[] {
  const { keep, measures, runs, seeds } = study;
  const left = found.filter(({ n, of }) => n < of);
  const isFlat = study.design.name === 'saltelli' && found.length < measures.length;
  return [
    ...(isShort && seeds === 1 ? ['No ±: one seed tells nothing of the spread; --seeds 20 does.'] : []),
    ...(isShort && seeds > 1 ? ['± is a 95 % interval of the mean over seeds; every point meets the same draws.'] : []),
    ...(isShort
      ? []
      : ['Each parameter alone, over all runs; ± is a 95 % interval of the mean, as if runs were drawn.']),
    ...(keep === 'trace' ? ['Of each trace, its last step.'] : []),
    ...(found.length > 0
      ? [
          "Sobol' indices: the share of the variance that a parameter has alone, and with its part in every interaction; in parentheses, bootstrap intervals of 95 %.",
        ]
      : []),
    ...(isFlat ? ['A measure that does not vary over the design, or does not exist, has no indices.'] : []),
    ...left.map(
      ({ measure, n, of }) =>
        `${measure}: ${of - n} of ${of} rows of the design have a point without a value, and count in no index.`,
    ),
    ...(diverged > 0 ? [`${diverged} of ${runs} runs diverged: what they measure counts in no mean.`] : []),
  ];
}

const counted = (n: number, what: string): string => `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;
