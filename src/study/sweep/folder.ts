/**
 * The folder of a study.
 *
 * | file              | holds                                                              |
 * |-------------------|--------------------------------------------------------------------|
 * | `manifest.json`   | what the study is; written before anything runs                    |
 * | `runs.ndjson`     | the log: a line for each finished run, with its checksum           |
 * | `results.parquet` | the table; there when all runs are                                 |
 * | `lock`            | while a sweep is at work                                           |
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { columnsOf, rowsOf } from './columns.js';
import { FolderError, lockFolder } from './lock.js';
import { differences, type Manifest, manifestOf } from './manifest.js';
import { writeParquet } from './parquet.js';
import { openRunLog, type RunLog } from './run-log.js';
import type { RunStore } from './run-store.js';
import { runKey, type Study } from './study.js';

export interface StudyFolder {
  readonly store: RunStore;
  /** Runs that were there already. */
  readonly before: number;
  /** Lines of the log that were not as they were written: their runs are run again. */
  readonly damaged: number;
  /** Writes the table. All runs must be there. */
  finish(): void;
  /** Gives the folder back. May be called twice. */
  close(): void;
}

export interface FolderOptions {
  /** Does away with the study that is there. */
  readonly fresh?: boolean;
  readonly command?: readonly string[];
}

const HALF = /^(manifest\.json|results\.parquet|lock)\.\d+(\.part|\.gone)?$/;

/** Throws a `FolderError` where the folder is in use, or holds another study. */
export function openFolder(
  folder: string,
  study: Study,
  { command = [], fresh = false }: FolderOptions = {},
): StudyFolder {
  mkdirSync(folder, { recursive: true });
  const unlock = lockFolder(folder);
  let log: RunLog | null = null;
  try {
    const file = (name: string) => join(folder, name);
    const here = manifestOf(study, command);
    // Of a sweep that was killed while it wrote: nobody else is at work here now.
    for (const name of readdirSync(folder)) if (HALF.test(name)) rmSync(file(name), { force: true });
    const there = manifestIn(file('manifest.json'), folder);
    if (fresh && there !== null)
      for (const name of ['results.parquet', 'runs.ndjson', 'manifest.json']) rmSync(file(name), { force: true });
    const different = there === null || fresh ? [] : differences(there, here);
    if (different.length > 0)
      throw new FolderError(
        `${folder} holds another study, which differs in ${different.join('; ')}. Choose another folder, or --fresh to do away with it`,
      );
    if (there === null && existsSync(file('runs.ndjson')))
      throw new FolderError(`${folder} has a runs.ndjson and no manifest.json: it is no study`);
    if (there === null || fresh) writeWhole(file('manifest.json'), `${JSON.stringify(here, null, 2)}\n`);
    const opened = openRunLog(file('runs.ndjson'), study.runs, (n) => runKey(study, n));
    log = opened;
    return {
      store: opened,
      before: opened.count,
      damaged: opened.damaged,
      finish() {
        const columns = columnsOf(study);
        writeParquet(file('results.parquet'), columns, allRows(study, opened), {
          'driftloop.version': here.version,
          'driftloop.study': here.study,
          'driftloop.hash': here.hash,
        });
      },
      close() {
        opened.close();
        unlock();
      },
    };
  } catch (error) {
    log?.close();
    unlock();
    throw error;
  }
}

/** In the order of the design, whichever run ended first. */
function* allRows(study: Study, store: RunStore) {
  const columns = columnsOf(study);
  for (let n = 0; n < study.runs; n++) yield* rowsOf(study, columns, store.read(n));
}

function manifestIn(file: string, folder: string): Manifest | null {
  if (!existsSync(file)) return null;
  let found: Partial<Manifest> | null = null;
  try {
    found = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest>;
  } catch {}
  if (typeof found?.study !== 'string' || typeof found.hash !== 'string')
    throw new FolderError(`${folder} holds something else: its manifest.json is not that of a study`);
  return found as Manifest;
}

/** There when it is whole, also after a power cut. */
function writeWhole(file: string, text: string): void {
  const part = `${file}.${process.pid}.part`;
  const fd = openSync(part, 'w');
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(part, file);
}
