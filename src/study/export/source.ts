/** Where a trace is read from: a file, the bundle that a run left, or a pipe. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ExportError } from './encoder.js';
import { readTrace, type TraceLine } from './read.js';

export interface TraceSource {
  /** As it was asked for. */
  readonly name: string;
  /** `manifest.json` of a bundle; null where there is none. */
  readonly manifest: Readonly<Record<string, unknown>> | null;
  /** Reads it from its beginning; a pipe can be read once. */
  lines(): AsyncIterable<TraceLine>;
}

export const STDIN = '-';

/** Throws an `ExportError` where there is nothing to be read. */
export async function openTrace(path: string): Promise<TraceSource> {
  if (path === STDIN) return { name: path, manifest: null, lines: () => readTrace(process.stdin, 'stdin') };
  const found = await stat(path).catch(() => null);
  if (found === null) throw new ExportError(`there is no file or folder ${path}`);
  if (!found.isDirectory()) return { name: path, manifest: null, lines: () => readTrace(createReadStream(path), path) };
  const file = join(path, 'trace.ndjson');
  if ((await stat(file).catch(() => null)) === null)
    throw new ExportError(`${path} holds no trace.ndjson: it is no bundle that \`driftloop run --out\` wrote`);
  return { name: path, manifest: await manifestOf(path), lines: () => readTrace(createReadStream(file), file) };
}

/** A run that was killed has left a trace, but no manifest. */
async function manifestOf(folder: string): Promise<TraceSource['manifest']> {
  const file = join(folder, 'manifest.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new ExportError(`${file} is no manifest: it is not a JSON object`);
}
