/** `driftloop verify`: the expectations of many scenarios over many seeds, and their negative controls, as a table. */
import { stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { relative, resolve, sep } from 'node:path';
import { type Diagnostic, ScenarioError } from '../scenario/diagnostic.js';
import { SCENARIOS, scenarioFiles } from '../scenario/gallery.js';
import { loadScenario } from '../scenario/load.js';
import { threads } from '../study/executor/index.js';
import { TASKS, type tasks } from '../study/jobs/index.js';
import { DEFAULT_SEEDS, type Source, type VerifiedScenario, verify } from '../study/verify/index.js';
import { EXIT } from './exit.js';
import { junit } from './junit.js';
import { Progress } from './progress.js';
import { print, UsageError } from './report.js';
import { verifyTable } from './verify-table.js';

export interface VerifyFlags {
  readonly data?: string;
  readonly json?: boolean;
  readonly seed?: number;
  readonly seeds?: number;
  readonly workers?: number;
  readonly junit?: string;
}

/** What came of one file. */
export interface VerifiedFile {
  readonly file: string;
  /** `skipped`: its data are not there, and nobody said that they are. `refused`: it is no scenario that can be run. */
  readonly status: 'judged' | 'skipped' | 'refused';
  readonly diagnostics: readonly Diagnostic[];
  readonly scenario: VerifiedScenario | null;
  /** It expects something and has no negative control: of one that comes with driftloop, a failure. */
  readonly uncontrolled: 'failure' | 'remark' | null;
}

export interface Verification {
  readonly files: readonly VerifiedFile[];
  readonly seeds: number;
  readonly workers: number;
  /** From beginning to end. */
  readonly seconds: number;
}

export async function verifyVerb(names: readonly string[], flags: VerifyFlags): Promise<void> {
  const { data } = flags;
  // Whoever gives a path expects to be judged on it: only data that nobody gave are skipped.
  if (data !== undefined && (await stat(data).catch(() => null)) === null)
    throw new UsageError(`there is no file or folder ${data}`);
  const verification = await verified(await filesOf(names), flags);
  const counts = countsOf(verification);
  if (flags.junit !== undefined) await writeFile(flags.junit, junit(verification));
  if (flags.json) print(JSON.stringify({ ok: exitCode(counts) === EXIT.fine, ...counts, ...verification }));
  else for (const line of verifyTable(verification, counts)) print(line);
  const code = exitCode(counts);
  if (code !== EXIT.fine) process.exitCode = code;
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

async function verified(files: readonly string[], flags: VerifyFlags): Promise<Verification> {
  const start = performance.now();
  const { data, seed, seeds = DEFAULT_SEEDS, workers = availableParallelism() } = flags;
  const own = data === undefined ? {} : { data };
  const read = await Promise.all(files.map((file) => readFile(file, own)));
  const sources = read.flatMap(({ source }) => (source === null ? [] : [source]));
  const executor = threads<typeof tasks>(TASKS, { workers });
  const progress = new Progress('verifying');
  try {
    const scenarios = await verify(sources, executor, {
      seeds,
      ...(seed === undefined ? {} : { seed }),
      progress: (done, total) => progress.at(done, total),
    });
    const judged = read.map(({ diagnostics, file, source }): VerifiedFile => {
      if (source === null) {
        const isSkipped = diagnostics.every(({ message }) => message.endsWith('is not there'));
        return { file, status: isSkipped ? 'skipped' : 'refused', diagnostics, scenario: null, uncontrolled: null };
      }
      const scenario = scenarios[sources.indexOf(source)];
      return { file, status: 'judged', diagnostics, scenario, uncontrolled: uncontrolled(scenario) };
    });
    const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
    return { files: judged, seeds, workers, seconds };
  } finally {
    progress.end();
    await executor.close();
  }
}

async function readFile(file: string, own: { readonly data?: string }) {
  try {
    const source: Source = { loaded: await loadScenario(file, own), ...own };
    return { file, source, diagnostics: [] };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return { file, source: null, diagnostics: error.diagnostics };
  }
}

function uncontrolled({ controls, expectations, file }: VerifiedScenario): VerifiedFile['uncontrolled'] {
  if (expectations.length === 0 || controls.length > 0) return null;
  return resolve(file).startsWith(SCENARIOS + sep) ? 'failure' : 'remark';
}

export interface Counts {
  readonly expectations: number;
  readonly hold: number;
  readonly fail: number;
  readonly controls: number;
  /** Controls under which nothing fails, and scenarios of driftloop's own without one. */
  readonly controlsAmiss: number;
  readonly skipped: number;
  readonly refused: number;
  /** Expectations and controls whose runs came upon an error. */
  readonly broken: number;
}

function countsOf({ files }: Verification): Counts {
  const scenarios = files.flatMap(({ scenario }) => (scenario === null ? [] : [scenario]));
  const expectations = scenarios.flatMap((scenario) => scenario.expectations);
  const controls = scenarios.flatMap((scenario) => scenario.controls);
  const hold = expectations.filter(({ holds }) => holds).length;
  return {
    expectations: expectations.length,
    hold,
    fail: expectations.length - hold,
    controls: controls.length,
    controlsAmiss:
      controls.filter(({ holds }) => !holds).length +
      files.filter(({ uncontrolled: amiss }) => amiss === 'failure').length,
    skipped: files.filter(({ status }) => status === 'skipped').length,
    refused: files.filter(({ status }) => status === 'refused').length,
    broken: [...expectations, ...controls].filter(({ broken }) => broken !== null).length,
  };
}

function exitCode({ broken, controlsAmiss, fail, refused }: Counts): number {
  if (refused > 0) return EXIT.usage;
  if (broken > 0) return EXIT.run;
  return fail + controlsAmiss > 0 ? EXIT.expectation : EXIT.fine;
}

/** As it is shown: from the folder in which the command runs. */
export const shown = (file: string): string => relative(process.cwd(), file);
