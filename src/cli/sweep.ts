/** `driftloop sweep`: many runs over parameters and seeds. */
import { resolve } from 'node:path';
import { parseAssignment } from '../scenario/override.js';
import { type Located, plain, readYaml, Source } from '../scenario/source.js';
import type { Executor } from '../study/executor/index.js';
import type { tasks } from '../study/jobs/index.js';
import { isRange } from '../study/sweep/axis-words.js';
import { openFolder, type StudyFolder } from '../study/sweep/folder.js';
import { completed, executorFor, FolderError, SweepError } from '../study/sweep/index.js';
import { folderOf, studyOf } from '../study/sweep/read-study.js';
import { memoryStore } from '../study/sweep/run-store.js';
import type { Study } from '../study/sweep/study.js';
import { finalsOf } from '../study/sweep/summary.js';
import { given, isStudy, mapOf, overlaid, readStudy } from '../study/sweep/written.js';
import { errorInk } from './ink.js';
import { onInterrupt } from './interrupt.js';
import { Progress } from './progress.js';
import { print, UsageError } from './report.js';
import { sweepObject, sweepTable } from './sweep-table.js';

export interface SweepFlags {
  readonly over?: readonly string[];
  readonly seeds?: number;
  readonly seed?: number;
  readonly design?: string;
  readonly points?: number;
  readonly scramble?: string;
  readonly measure?: readonly string[];
  readonly keep?: string;
  readonly out?: string;
  readonly fresh?: boolean;
  readonly set?: readonly string[];
  readonly off?: readonly string[];
  readonly data?: string;
  readonly workers?: number;
  readonly queue?: string;
  readonly json?: boolean;
}

export async function sweepVerb(file: string, flags: SweepFlags): Promise<void> {
  const study = await readWhole(file, flags);
  const folder = flags.out === undefined ? null : opened(flags.out, study, flags);
  const store = folder?.store ?? memoryStore();
  const goOn = onInterrupt(() => {
    folder?.close();
    const done = `interrupted: ${store.count} of ${study.runs} runs are done`;
    return folder === null
      ? `${done}, and lost without --out`
      : `${done} and kept in ${flags.out}; the same command goes on`;
  });
  if (!flags.json) told(folder, study);
  const executor = await executorOf(flags).catch((error: unknown) => {
    folder?.close();
    throw error;
  });
  const progress = new Progress('sweeping', store.count);
  try {
    await completed(study, store, {
      executor,
      progress: (done, total) => progress.at(done, total),
    });
    progress.end();
    folder?.finish();
    const finals = finalsOf(study, store);
    if (flags.json) print(JSON.stringify(sweepObject(study, finals, flags.out ?? null)));
    else for (const line of sweepTable(study, finals, flags.out ?? null)) print(line);
  } catch (error) {
    progress.end();
    if (error instanceof SweepError && folder !== null)
      throw new SweepError(
        `${error.message}; the others are kept in ${flags.out}, and the same command tries these again`,
      );
    throw error;
  } finally {
    progress.end();
    folder?.close();
    goOn();
    await executor.close();
  }
}

/** Whoever waits for workers elsewhere is told that none has come. */
async function executorOf({ json, queue: address, workers }: SweepFlags): Promise<Executor<typeof tasks>> {
  if (address === undefined) return executorFor({ workers });
  const { queue, QueueError } = await import('../study/executor/queue.js');
  try {
    const executor = await queue<typeof tasks>(address, {
      onTrouble: ({ message }) => process.stderr.write(`${message || 'Redis does not answer'}; still trying\n`),
    });
    const connected = await executor.connected();
    const told = connected === 0 ? 'no worker has come yet' : `${connected} ${connected === 1 ? 'worker' : 'workers'}`;
    if (!json) process.stderr.write(`${errorInk.yellow('note')}: ${told}; driftloop worker --queue ... starts one\n`);
    return executor;
  } catch (error) {
    throw error instanceof QueueError ? new UsageError(error.message) : error;
  }
}

/** The file with the flags over it. */
async function readWhole(file: string, flags: SweepFlags): Promise<Study> {
  const root = await readStudy(file);
  const { design, keep, points, scramble, seed, seeds } = flags;
  const plain = { design, keep, points, scramble, seed, seeds, off: flags.off };
  const values: Record<string, Located> = {};
  for (const [name, value] of Object.entries(plain))
    if (value !== undefined) values[name] = given(`--${name} ${value}`, value);
  if (flags.data !== undefined) values.data = given(`--data ${flags.data}`, resolve(flags.data));
  if (flags.set !== undefined)
    values.set = mapOf(
      '--set',
      flags.set.map((text) => {
        const { path, value } = parseAssignment(text);
        return [path, given(`--set ${text}`, value)];
      }),
    );
  if (flags.over !== undefined) values.over = mapOf('--over', flags.over.map(axisFlag));
  if (flags.measure !== undefined) values.measures = mapOf('--measure', flags.measure.map(measureFlag));
  if (isStudy(root)) return studyOf(overlaid(root, values), folderOf(file));
  if (flags.over === undefined)
    throw new UsageError('nothing is varied: name a parameter with --over path=values, or a study file');
  return studyOf(mapOf('sweep', Object.entries({ scenario: given(file, file), ...values })), process.cwd());
}

/** A range is a text; everything else is a list in YAML. */
function axisFlag(text: string): readonly [string, Located] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--over ${text}: expected path=values, such as collect.delay=0,2,6`);
  const path = text.slice(0, equals).trim();
  const written = text.slice(equals + 1).trim();
  const source = `--over ${text}`;
  if (isRange(written) || written.includes('..')) return [path, given(source, written)];
  const list = readYaml(new Source(source, `values: [${written.replace(/^\[(.*)\]$/s, '$1')}]`));
  const { values } = plain(list) as { values: unknown };
  return [path, given(source, values)];
}

function measureFlag(text: string): readonly [string, Located] {
  const found = /^\s*([\w.]+)\s*=(?!=)\s*(.+)$/s.exec(text);
  if (found === null)
    throw new UsageError(
      `--measure ${text}: expected name=formula, such as "gap=final(actual.accuracy) - lab.accuracy"`,
    );
  return [found[1], given(`--measure ${text}`, found[2])];
}

function opened(out: string, study: Study, { fresh }: SweepFlags): StudyFolder {
  try {
    return openFolder(out, study, { command: process.argv.slice(2), ...(fresh === undefined ? {} : { fresh }) });
  } catch (error) {
    throw error instanceof FolderError ? new UsageError(error.message) : error;
  }
}

function told(folder: StudyFolder | null, study: Study): void {
  if (folder === null) return;
  const note = (text: string) => process.stderr.write(`${errorInk.yellow('note')}: ${text}\n`);
  if (folder.damaged > 0) note(`${folder.damaged} lines of the log were damaged; their runs are run again`);
  if (folder.before > 0) note(`${folder.before} of ${study.runs} runs are there already`);
}
