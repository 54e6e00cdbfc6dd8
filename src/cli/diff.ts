/** `driftloop diff`: where two runs part. */
import type { Change } from '../study/export/changes.js';
import { type Difference, differenceOf, type Parting } from '../study/export/diff.js';
import { ExportError } from '../study/export/encoder.js';
import { openTrace, STDIN } from '../study/export/source.js';
import { EXIT } from './exit.js';
import { ink, terminalWidth } from './ink.js';
import { print, UsageError } from './report.js';
import { aligned } from './summary.js';

/** What differs, at most, in a list that a person reads; `--json` has all of it. */
const MOST_LINES = 12;

export async function diffVerb(left: string, right: string, { json }: { json?: boolean }): Promise<void> {
  if (left === STDIN || right === STDIN) throw new UsageError('diff reads files and bundles, which it can read twice');
  const difference = await compared(left, right);
  if (json) print(JSON.stringify(difference));
  else print(lines(difference).join('\n'));
  if (!difference.same) process.exitCode = EXIT.expectation;
}

async function compared(left: string, right: string): Promise<Difference> {
  try {
    return await differenceOf(await openTrace(left), await openTrace(right));
  } catch (error) {
    throw error instanceof ExportError ? new UsageError(error.message) : error;
  }
}

function lines(difference: Difference): string[] {
  const { first, given, overrides, runs, same, scenario } = difference;
  const names = ([runs.a, runs.b] as const).map(({ file, name, seed }, k) => ['ab'[k], file, name, `seed ${seed}`]);
  const head = leftAligned(names);
  const trace = runs.a.hash === null ? '' : `, trace ${runs.a.hash}`;
  if (same)
    return [
      ...head,
      '',
      `${ink.green('✓')} The same to the byte: ${steps(difference.steps.compared)}${trace}`,
      ...changeLines('Set on the command line', overrides),
    ];
  return [
    ...head,
    ...changeLines('Given', given),
    ...changeLines('Scenario', scenario),
    ...changeLines('Set on the command line', overrides),
    ...(first === null ? ['', 'Every number and every event is the same.'] : partingLines(first)),
    ...howFar(difference),
  ];
}

function changeLines(title: string, changes: readonly Change[]): string[] {
  return changes.length === 0
    ? []
    : ['', ink.bold(title), ...table(changes.map((change) => [change.path, shown(change, 'a'), shown(change, 'b')]))];
}

const shown = (change: Change, side: 'a' | 'b'): string => {
  if (!(side in change)) return '(not there)';
  const value = change[side];
  const text = typeof value === 'string' ? value || '(none)' : JSON.stringify(value);
  const most = Math.floor((terminalWidth() - 30) / 2);
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
};

function partingLines({ ends, events, numbers, run, t }: Parting): string[] {
  const where = `${t < 0 ? 'in the lab' : `at step ${t}`}${run === 'run' ? '' : `, in the twin \`${run}\``}`;
  const happened = [...events.a.map((event) => `  a: ${event}`), ...events.b.map((event) => `  b: ${event}`)];
  return [
    '',
    ink.bold(`They part ${where}`),
    ...shortened(happened),
    ...(ends === null ? [] : [`  a ${ends.a}, b ${ends.b}`]),
    ...(numbers.length === 0 ? [] : table(numbers.map(({ a, b, name }) => [name, String(a ?? '-'), String(b ?? '-')]))),
  ];
}

function howFar({ first, largest, metric, steps: { compared, differing } }: Difference): string[] {
  if (first === null) return [];
  const lines = [`  Of ${steps(compared)} that both made, ${differing} differ${differing === 1 ? 's' : ''}.`];
  if (largest !== null)
    lines.unshift(
      `  ${metric} differs most at step ${largest.t}: by ${largest.difference} (${largest.a} and ${largest.b}).`,
    );
  else if (metric !== null) lines.unshift(`  ${metric} is never different.`);
  return ['', ink.bold('How far'), ...lines];
}

const table = (rows: readonly (readonly string[])[]): string[] =>
  shortened(
    aligned([['', 'a', 'b'], ...rows]).map((line) => `  ${line}`),
    MOST_LINES + 1,
  );

const leftAligned = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c]))
      .join('  ')
      .trimEnd(),
  );
};

const shortened = (all: readonly string[], most = MOST_LINES): string[] =>
  all.length <= most ? [...all] : [...all.slice(0, most), `  and ${all.length - most} more (--json has them all)`];

const steps = (n: number): string => `${n.toLocaleString('en-US')} step${n === 1 ? '' : 's'}`;
