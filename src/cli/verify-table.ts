/** The table of `driftloop verify`, for a terminal: by lesson, then by scenario, one line a claim. */
import { basename } from 'node:path';
import { formatDiagnostic } from '../scenario/diagnostic.js';
import type { ClaimResult, ControlResult, ExpectationResult, VerifiedScenario } from '../study/verify/index.js';
import { figure } from '../study/words.js';
import { ink, wrap } from './ink.js';
import { aligned } from './summary.js';
import { type Counts, shown, type Verification, type VerifiedFile } from './verify.js';

/** Columns right of the expectation, each with its width. */
interface Layout {
  readonly titles: readonly string[];
  readonly widths: readonly number[];
}
const LESSON: Layout = { titles: ['expectation', 'expected', 'got', 'spread', 'verdict'], widths: [20, 10, 10, 16] };
const PUBLISHED: Layout = {
  titles: ['published result', 'published', 'ours', 'tolerance', 'spread', 'verdict'],
  widths: [13, 12, 10, 10, 16],
};

const tableWidth = (): number => Math.max(90, Math.min(process.stdout.columns ?? 120, 160));

/** A line of the table, and whether it is as it should be. */
interface Row {
  readonly cells: readonly string[];
  readonly fine: boolean;
}

export function verifyTable(verification: Verification, counts: Counts): string[] {
  const width = tableWidth();
  const judged = verification.files.flatMap((file) =>
    file.scenario === null ? [] : [{ ...file, scenario: file.scenario }],
  );
  const groups = new Map<string, (typeof judged)[number][]>();
  for (const file of judged) {
    const group = file.scenario.published ? 'published' : file.scenario.lesson;
    groups.set(group, [...(groups.get(group) ?? []), file]);
  }
  // What others published comes last, in a table of its own.
  const order = [...groups].sort(([a], [b]) => Number(a === 'published') - Number(b === 'published'));
  return [
    ...order.flatMap(([lesson, files]) => groupLines(lesson, files, width)),
    ...verification.files.flatMap(unread),
    ...totals(verification, counts),
  ];
}

function groupLines(
  lesson: string,
  files: readonly (VerifiedFile & { readonly scenario: VerifiedScenario })[],
  width: number,
): string[] {
  const layout = lesson === 'published' ? PUBLISHED : LESSON;
  return [
    '',
    ink.bold(line({ cells: [lesson, ...layout.titles.slice(1)], fine: true }, layout, width)),
    ...files.flatMap(({ scenario, uncontrolled }) => scenarioLines(scenario, uncontrolled, layout, width)),
  ];
}

function scenarioLines(
  scenario: VerifiedScenario,
  uncontrolled: VerifiedFile['uncontrolled'],
  layout: Layout,
  width: number,
): string[] {
  const { controls, expectations, file, name, seconds } = scenario;
  const own = shorten(`${basename(file).replace(/\.ya?ml$/, '')}: ${name}`, width - 12);
  const rows = (row: Row) => {
    const text = line(row, layout, width);
    return row.fine ? text : ink.red(text);
  };
  return [
    `  ${ink.cyan(own)}  ${ink.dim(`${seconds.toFixed(1)} s`)}`,
    ...(expectations.length === 0 ? ['    it expects nothing'] : []),
    ...expectations.flatMap((expectation) => [
      ...expectationRows(expectation, layout).map(rows),
      ...(expectation.holds ? [] : why(expectation, width)),
    ]),
    ...controls.flatMap((control) => [
      rows(controlRow(control, layout)),
      ...(control.broken === null ? [] : [ink.red(`        ${control.broken}`)]),
    ]),
    ...(uncontrolled === null ? [] : [noControl(uncontrolled)]),
  ];
}

const noControl = (uncontrolled: 'failure' | 'remark'): string =>
  uncontrolled === 'failure'
    ? ink.red('    there is no negative control: mark an expectation with `control: true`')
    : ink.dim('    remark: there is no negative control (`control: true`)');

function expectationRows({ broken, claims, that, with: set }: ExpectationResult, layout: Layout): Row[] {
  const changes = changed(set);
  if (broken !== null) return [{ cells: [join(that, changes), ...blank(layout), 'its runs failed'], fine: false }];
  return claims.map((claim) => ({
    cells: [
      join(spokenOf(claim.that), changes),
      ...(layout === PUBLISHED ? publishedCells(claim) : lessonCells(claim)),
      verdict(claim),
    ],
    fine: claim.holds,
  }));
}

function controlRow({ broken, failing, holds, of, with: set }: ControlResult, layout: Layout): Row {
  const verdict = broken !== null ? 'its runs failed' : holds ? 'fails as it must' : 'nothing fails';
  const cells = blank(layout);
  cells[0] = 'some fail';
  cells[1] = `${failing} of ${of}`;
  return { cells: [`control: ${changed(set)}`, ...cells, verdict], fine: holds };
}

const NUMBER = '-?[\\d.]+(?:e[+-]?\\d+)?';
const NEAR = new RegExp(`^near\\((.+), ${NUMBER}, ${NUMBER}\\)$`);
const COMPARED = new RegExp(`^([^<>=!]+) (?:<|<=|>|>=|==|!=) ${NUMBER}$`);

/** What a claim speaks of, where all that is left of it are numbers that stand in the columns beside it. */
export function spokenOf(that: string): string {
  if (/\b(?:or|not)\b/.test(that)) return that;
  return NEAR.exec(that)?.[1] ?? COMPARED.exec(that)?.[1] ?? that;
}

const blank = ({ widths }: Layout): string[] => widths.slice(0, -1).map(() => '');

const lessonCells = ({ expected, got, relation, spread, tolerance }: ClaimResult): string[] => [
  relation === 'near' ? `${figure(expected)} ± ${figure(tolerance)}` : `${relation} ${figure(expected)}`,
  figure(got),
  spreadText(spread),
];

const publishedCells = ({ expected, got, relation, spread, tolerance }: ClaimResult): string[] => [
  relation === 'near' ? precise(expected) : `${relation} ${precise(expected)}`,
  precise(got),
  relation === 'near' ? figure(tolerance) : '',
  spreadText(spread),
];

const spreadText = (spread: ClaimResult['spread']): string => (spread === 'exact' ? 'exact' : figure(spread));

/** Six digits that count. */
const precise = (x: number | null): string => (x === null ? '-' : Number(x.toPrecision(6)).toString());

function verdict({ held, holds, of, unit }: ClaimResult): string {
  if (holds) return 'holds';
  return of === 1 ? 'fails' : `fails in ${of - held} of ${of}${unit === 'replicate' ? ' runs' : ''}`;
}

/** What a reader needs of an expectation that fails. */
function why({ because, broken, claims }: ExpectationResult, width: number): string[] {
  const details = claims
    .filter(({ holds }) => !holds)
    .flatMap(({ each, that, unit }) => [
      ...wrap(that, width - 8),
      ...(each.length > 1 ? wrap(`by ${unit}: ${each.map(figure).join('  ')}`, width - 8) : []),
    ]);
  const lines = [...(broken === null ? [] : [broken]), ...details, ...wrap(`expected because ${because}`, width - 8)];
  return lines.map((text) => ink.dim(`        ${text}`));
}

const changed = (set: Readonly<Record<string, unknown>> | null): string =>
  Object.entries(set ?? {})
    .map(
      ([path, value]) => `${path.replace(/^state\./, '')}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join(', ');

const join = (that: string, changes: string): string => (changes === '' ? that : `${that}\u0000${changes}`);

function line({ cells }: Row, { widths }: Layout, width: number): string {
  const [text, ...others] = cells;
  const own = width - 4 - widths.reduce((sum, w) => sum + w + 2, 0);
  const right = others.map((cell, k) => {
    const last = k === others.length - 1;
    return last ? cell : cell.padStart(widths[k]);
  });
  return `    ${fitted(text, own).padEnd(own)}  ${right.join('  ')}`.trimEnd();
}

/** Fewest characters that are left of the changes. */
const LEAST = 22;

/** A claim with its changes in so many characters: what is changed is shortened first. */
function fitted(text: string, width: number): string {
  const [that, changes] = text.split('\u0000');
  if (changes === undefined) return shorten(that, width);
  const room = Math.max(Math.min(LEAST, changes.length), width - that.length - 3);
  return `${shorten(that, width - room - 3)} [${shorten(changes, room)}]`;
}

const shorten = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 3).trimEnd()}...` : text;

/** Files that could not be judged. */
function unread({ diagnostics, file, status }: VerifiedFile): string[] {
  if (status === 'judged') return [];
  const word = status === 'skipped' ? ink.yellow('skipped') : ink.red('refused');
  return ['', `${word} ${ink.bold(shown(file))}`, ...diagnostics.map((d) => `  ${formatDiagnostic(d)}`)];
}

function totals({ files, seconds, seeds, workers }: Verification, counts: Counts): string[] {
  const { broken, controls, controlsAmiss, expectations, fail, hold, refused, skipped } = counts;
  const rows: [string, number][] = [
    ['scenarios', files.length],
    ['expectations', expectations],
    ['hold', hold],
    ['fail', fail],
    ['negative controls', controls],
    ['controls that fail as they must', controls - (controlsAmiss > controls ? controls : controlsAmiss)],
    ['skipped for want of data', skipped],
    ['refused', refused],
    ['runs that failed', broken],
  ];
  const optional = new Set(['skipped for want of data', 'refused', 'runs that failed']);
  const needed = rows.filter(([name, n]) => n > 0 || !optional.has(name));
  return [
    '',
    ...aligned(needed.map(([name, n]) => [name, String(n)])),
    ink.dim(`${seeds} seeds, ${workers} ${workers === 1 ? 'thread' : 'threads'}, ${seconds.toFixed(1)} s`),
  ];
}
