/** `driftloop export`: the trace of a run as a table, or as a page that opens from disk. */
import { once } from 'node:events';
import { createWriteStream, rmSync, type Stats, type WriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { VERSION } from '../loop/simulate.js';
import { ScenarioError } from '../scenario/diagnostic.js';
import { factsOf } from '../server/facts.js';
import type { RunFacts } from '../server/protocol.js';
import { ArrowEncoder } from '../study/export/arrow.js';
import { CsvEncoder } from '../study/export/csv.js';
import { type Chunk, type Encoder, ExportError } from '../study/export/encoder.js';
import { HtmlEncoder } from '../study/export/html.js';
import { readPage } from '../study/export/page.js';
import { ParquetEncoder } from '../study/export/parquet.js';
import { type RunKnown, scenarioOf } from '../study/export/replay.js';
import { openTrace, type TraceSource } from '../study/export/source.js';
import { withStandIns } from '../study/export/stand-in.js';
import { ink } from './ink.js';
import { onInterrupt } from './interrupt.js';
import { print, UsageError } from './report.js';

export interface ExportFlags {
  readonly html?: string;
  readonly csv?: string;
  readonly parquet?: string;
  readonly arrow?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const FORMATS = ['html', 'csv', 'parquet', 'arrow'] as const;
type Format = (typeof FORMATS)[number];

export async function exportVerb(trace: string, flags: ExportFlags): Promise<void> {
  const outputs: Output[] = [];
  const goOn = onInterrupt(() => {
    for (const output of outputs) output.forget();
    return 'interrupted: nothing was written';
  });
  try {
    const source = await openTrace(trace);
    outputs.push(...(await opened(flags)));
    const notes = await follow(source, outputs);
    for (const output of outputs) await output.keep();
    told(outputs, notes, flags.json === true);
  } catch (error) {
    // A reader that goes away (`--csv /dev/stdout | head`) is no failure.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return;
    throw error instanceof ExportError ? new UsageError(error.message) : error;
  } finally {
    for (const output of outputs) await output.drop();
    goOn();
  }
}

/** One pass over the trace, whatever is made of it: it may come from a pipe, and it may be long. */
async function follow(source: TraceSource, outputs: readonly Output[]): Promise<string[]> {
  let last = -1;
  let ended = false;
  for await (const { record } of source.lines()) {
    if (record.twin === undefined && record.type === 'step') last = record.t;
    if (record.twin === undefined && record.type === 'end') ended = true;
    for (const output of outputs) for (const chunk of output.encoder.take(record)) await output.write(chunk);
  }
  const notes: string[] = [];
  if (!ended)
    notes.push(
      last < 0
        ? 'The run was cut off before its first step.'
        : `The run was cut off: it has no end, and step ${last} is the last.`,
    );
  for (const { encoder, write } of outputs) {
    for await (const chunk of encoder.finish()) await write(chunk);
    if (encoder instanceof HtmlEncoder && encoder.note !== null) notes.push(encoder.note);
  }
  return notes;
}

async function opened(flags: ExportFlags): Promise<Output[]> {
  const wanted = FORMATS.flatMap((format) => {
    const file = flags[format];
    return file === undefined ? [] : [{ format, file }];
  });
  if (wanted.length === 0)
    throw new UsageError('nothing to write: name a file with --html, --csv, --parquet or --arrow');
  const places = new Set(wanted.map(({ file }) => resolve(file)));
  if (places.size < wanted.length) throw new UsageError('two formats cannot go into one file');
  const encoders = await Promise.all(wanted.map(({ format }) => encoderOf(format)));
  const found = await Promise.all(wanted.map(({ file }) => placeOf(file, flags.force === true)));
  return wanted.map(({ file, format }, k) => new Output(format, file, found[k], encoders[k]));
}

async function encoderOf(format: Format): Promise<Encoder> {
  if (format === 'csv') return new CsvEncoder();
  if (format === 'parquet') return new ParquetEncoder();
  if (format === 'arrow') return new ArrowEncoder();
  return new HtmlEncoder({ page: await readPage(), facts });
}

/** What the page needs to know of the run. Rows of a data file are not read: the trace says how many there were. */
async function facts({ header, individuals }: RunKnown): Promise<RunFacts> {
  if (header === null) throw new ExportError('the trace has no header');
  const scenario = withStandIns(header.scenario);
  try {
    const found = factsOf(await scenarioOf({ ...header, scenario }), header.seed, null);
    return scenario === header.scenario ? found : { ...found, individuals };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw new ExportError(
      `the page of a run of driftloop ${header.version} cannot be made by ${VERSION}, which reads its scenario otherwise: ${error.message}`,
    );
  }
}

/** Refused before a long trace is read. */
async function placeOf(file: string, force: boolean): Promise<Stats | null> {
  const found = await stat(file).catch(() => null);
  if (found?.isDirectory()) throw new UsageError(`${file} is a folder; expected the name of a file`);
  if (found?.isFile() && !force) throw new UsageError(`${file} is already there; --force overwrites it`);
  const folder = dirname(file);
  if (found === null && !(await stat(folder).catch(() => null))?.isDirectory())
    throw new UsageError(`there is no folder ${folder}`);
  return found;
}

/** A file that is there when it is whole, and not before: what it takes the place of stays until then. */
class Output {
  bytes = 0;
  private readonly part: string;
  private readonly stream: WriteStream;
  private kept = false;

  constructor(
    readonly format: Format,
    readonly file: string,
    found: Stats | null,
    readonly encoder: Encoder,
  ) {
    // A pipe or a device is written to as it is.
    this.part = found === null || found.isFile() ? `${file}.${process.pid}.part` : file;
    this.stream = createWriteStream(this.part);
    // Told where it is written to or ended.
    this.stream.on('error', () => {});
  }

  readonly write = async (chunk: Chunk): Promise<void> => {
    this.bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
    if (this.stream.errored !== null) throw this.stream.errored;
    if (!this.stream.write(chunk)) await once(this.stream, 'drain');
  };

  async keep(): Promise<void> {
    if (this.stream.errored !== null) throw this.stream.errored;
    this.stream.end();
    await finished(this.stream);
    if (this.part !== this.file) await rename(this.part, this.file);
    this.kept = true;
  }

  /** At once: the process is about to end. */
  forget(): void {
    if (!this.kept && this.part !== this.file) rmSync(this.part, { force: true });
  }

  async drop(): Promise<void> {
    if (this.kept) return;
    this.stream.destroy();
    if (this.part !== this.file) await rm(this.part, { force: true });
  }
}

function told(outputs: readonly Output[], notes: readonly string[], json: boolean): void {
  const written = outputs.map(({ bytes, file, format }) => ({ format, file, bytes }));
  if (json) print(JSON.stringify({ written, notes }));
  else {
    for (const { bytes, file } of written) print(`Wrote ${ink.bold(file)}, ${size(bytes)}`);
    for (const note of notes) print(`${ink.yellow('note')}: ${note}`);
  }
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
