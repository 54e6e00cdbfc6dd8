/** `driftloop verify`: the expectations of many scenarios, as a table. */
import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { type Diagnostic, formatDiagnostic, ScenarioError } from '../scenario/diagnostic.js';
import { scenarioFiles } from '../scenario/gallery.js';
import { loadScenario } from '../scenario/load.js';
import { type Judgement, judgeAll } from '../study/judge.js';
import { EXIT } from './exit.js';
import { ink } from './ink.js';
import { Progress } from './progress.js';
import { print, UsageError } from './report.js';
import { aligned, cameOut } from './summary.js';

interface Row {
  readonly file: string;
  readonly scenario: string;
  readonly expectations: readonly Judgement[];
  readonly diagnostics: readonly Diagnostic[];
  /** Its data are not there: nothing was judged. */
  readonly skipped: boolean;
  readonly seconds: number;
}

export async function verifyVerb(
  names: readonly string[],
  flags: { data?: string; json?: boolean; seed?: number },
): Promise<void> {
  const { data } = flags;
  // Whoever gives a path expects to be judged on it: only data that nobody gave are skipped.
  if (data !== undefined && (await stat(data).catch(() => null)) === null)
    throw new UsageError(`there is no file or folder ${data}`);
  const rows: Row[] = [];
  for (const file of await filesOf(names)) {
    const row = await verified(file, flags);
    rows.push(row);
    if (!flags.json) for (const line of rowText(row)) print(line);
  }
  const failed = rows.flatMap(({ expectations }) => expectations).filter(({ holds }) => !holds).length;
  const refused = rows.filter(({ diagnostics, skipped }) => diagnostics.length > 0 && !skipped).length;
  if (flags.json) print(JSON.stringify({ ok: failed + refused === 0, scenarios: rows }));
  else print(totals(rows, failed).join('\n'));
  if (refused > 0) process.exitCode = EXIT.usage;
  else if (failed > 0) process.exitCode = EXIT.expectation;
}

async function filesOf(names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return scenarioFiles();
  const files: string[] = [];
  for (const name of names) {
    const found = await stat(name).catch(() => null);
    if (found === null) throw new UsageError(`there is no file or folder ${name}`);
    files.push(...(found.isDirectory() ? await scenarioFiles(name) : [name]));
  }
  return files;
}

async function verified(file: string, { data, seed }: { data?: string; seed?: number }): Promise<Row> {
  const start = performance.now();
  const progress = new Progress(relative(process.cwd(), file));
  const seconds = () => Number(((performance.now() - start) / 1000).toFixed(2));
  try {
    const loaded = await loadScenario(file, data === undefined ? {} : { data });
    const expectations = judgeAll(loaded, {
      ...(seed === undefined ? {} : { seed }),
      progress: (done, total) => progress.at(done, total),
    });
    return { file, scenario: loaded.scenario.name, expectations, diagnostics: [], skipped: false, seconds: seconds() };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const { diagnostics } = error;
    const skipped = diagnostics.every(({ message }) => message.endsWith('is not there'));
    return { file, scenario: '', expectations: [], diagnostics, skipped, seconds: seconds() };
  } finally {
    progress.end();
  }
}

function rowText({ diagnostics, expectations, file, scenario, seconds, skipped }: Row): string[] {
  const name = relative(process.cwd(), file);
  if (skipped)
    return [`${ink.yellow('skipped')} ${ink.bold(name)}`, ...diagnostics.map((d) => `  ${formatDiagnostic(d)}`)];
  if (diagnostics.length > 0)
    return [`${ink.red('refused')} ${ink.bold(name)}`, ...diagnostics.map((d) => `  ${formatDiagnostic(d)}`)];
  const rows = expectations.map((judgement) => {
    const changes = Object.entries(judgement.with ?? {}).map(([path, value]) => `${path}=${JSON.stringify(value)}`);
    return [`  ${judgement.holds ? '✓' : '✗'} ${judgement.that}`, cameOut(judgement), changes.join(' ')];
  });
  const head = `${ink.bold(name)}  ${scenario}  ${ink.dim(`${seconds} s`)}`;
  if (rows.length === 0) return [head, '  (no expectations)'];
  const left = rows.map(([that, came, changes]) => [that, `${came}${changes === '' ? '' : `   [${changes}]`}`]);
  const width = left.reduce((n, [that]) => Math.max(n, that.length), 0);
  return [
    head,
    ...left.map(([that, came], k) => {
      const line = `${that.padEnd(width)}  ${came}`;
      return expectations[k].holds ? line : ink.red(line);
    }),
  ];
}

function totals(rows: readonly Row[], failed: number): string[] {
  const count = rows.reduce((sum, { expectations }) => sum + expectations.length, 0);
  const skipped = rows.filter((row) => row.skipped).length;
  return [
    '',
    ...aligned([
      ['scenarios', String(rows.length)],
      ['expectations', String(count)],
      ['hold', String(count - failed)],
      ['fail', String(failed)],
      ['skipped for want of data', String(skipped)],
    ]),
  ];
}
