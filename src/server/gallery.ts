/** The scenarios that a server offers: described as they were written, without compiling them. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { z } from 'zod';
import { ScenarioError } from '../scenario/diagnostic.js';
import { DEFAULT_SCENARIO, SCENARIOS, scenarioFiles } from '../scenario/gallery.js';
import { findData, readWritten } from '../scenario/load.js';
import { sourceOf } from './facts.js';
import type { GalleryEntry } from './protocol.js';
import type { RunSource } from './run-store.js';

export interface GalleryOptions {
  /** A file that is shown before the others, under the id `served` where it is none of the gallery. */
  readonly served?: string;
  /** The CSV file of its rows, or the folder; without a file of its own, the folder for all. */
  readonly data?: string;
}

/** What is read of a file here; what is wrong with the rest is told when it is run. */
const described = z.object({
  name: z.string().catch(''),
  about: z.string().catch(''),
  source: z
    .object({ cites: z.string(), url: z.string().optional(), note: z.string().optional() })
    .optional()
    .catch(undefined),
  steps: z.number().catch(100),
  population: z
    .object({ rows: z.object({ file: z.string(), how: z.string().optional() }).optional().catch(undefined) })
    .catch({}),
});

const SERVED = 'served';

type FileSource = Extract<RunSource, { kind: 'file' }>;

export class Gallery {
  private readonly read = new Map<string, { readonly changed: number; readonly written: Promise<unknown> }>();

  constructor(private readonly options: GalleryOptions) {}

  /** The served file first, else the default one; the others by folder and name. */
  async entries(): Promise<GalleryEntry[]> {
    const { served } = this.options;
    const files = (await scenarioFiles()).filter((file) => file !== served);
    const first = served ?? DEFAULT_SCENARIO;
    const sorted = [first, ...files.filter((file) => file !== first)];
    return Promise.all(sorted.map((file) => this.describe(file, file === first)));
  }

  /** Where a scenario comes from; null where there is none of this id. */
  source(id: string): FileSource | null {
    const { served } = this.options;
    if (id === SERVED) return served === undefined ? null : { kind: 'file', file: served, ...this.dataOf(served) };
    // An id is two words: it leads nowhere but into the gallery.
    if (!/^[\w-]+\/[\w-]+$/.test(id)) return null;
    const file = ['yaml', 'yml'].map((ending) => join(SCENARIOS, `${id}.${ending}`)).find((path) => existsSync(path));
    return file === undefined ? null : { kind: 'file', file, ...this.dataOf(file) };
  }

  private dataOf(file: string): { data?: string } {
    const { data, served } = this.options;
    return data !== undefined && (served === undefined || file === served) ? { data } : {};
  }

  private async describe(file: string, first: boolean): Promise<GalleryEntry> {
    const own = relative(SCENARIOS, file).startsWith('..') || isAbsolute(relative(SCENARIOS, file));
    const id = own ? SERVED : idOf(file);
    const lesson = basename(dirname(file));
    try {
      const { about, name, population, source, steps } = described.parse(await this.written(file));
      const { rows } = population;
      const absent = rows !== undefined && findData(rows.file, [dirname(file)], this.dataOf(file).data) === null;
      const unavailable = absent ? `The file \`${rows.file}\` is not here. ${capital(rows.how ?? '')}`.trim() : null;
      return { id, lesson, name: name || id, about, source: sourceOf(source), steps, unavailable, first };
    } catch (error) {
      const why = error instanceof ScenarioError ? error.diagnostics[0].message : 'it cannot be read';
      return {
        id,
        lesson,
        name: id,
        about: '',
        source: null,
        steps: 0,
        unavailable: `The file has a problem: ${why}.`,
        first,
      };
    }
  }

  /** The file as it was written, read again when it has changed. */
  private async written(file: string): Promise<unknown> {
    const { mtimeMs: changed } = await stat(file);
    const before = this.read.get(file);
    if (before?.changed === changed) return before.written;
    const written = readWritten(file);
    this.read.set(file, { changed, written });
    return written;
  }
}

const idOf = (file: string): string =>
  relative(SCENARIOS, file)
    .replaceAll('\\', '/')
    .replace(/\.ya?ml$/, '');

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
