/** A run in its own thread: loaded, then moved a few steps at a time when it is asked. */
import { readFile } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import type { TraceRecord } from '../loop/trace.js';
import { type LoadedScenario, loadScenario, parseScenario } from '../scenario/load.js';
import { FEEDBACK, simulate } from '../scenario/simulate.js';
import { factsOf } from './facts.js';
import { Hands, prepared } from './hands.js';
import { withRoomFor } from './limits.js';
import { Look } from './look.js';
import type { Job, Pulled, Questions, Records } from './messages.js';
import type { RunSource } from './run-store.js';

/** An answer is cut off at so many bytes, so that a message never grows large. */
const MOST_BYTES = 256 * 1024;

export class ThreadRun {
  private readonly look = new Look();
  private readonly aborted = new AbortController();
  private readonly records: AsyncGenerator<TraceRecord>;
  private t = 0;
  private ended = false;
  private mainEnded = false;
  private twinEnded: boolean;

  private constructor(
    private readonly loaded: LoadedScenario,
    private readonly hands: Hands,
    { view }: Job,
    seed: number,
    twin: boolean,
  ) {
    this.twinEnded = !twin;
    this.look.ask(loaded.plan, view);
    this.records = simulate(loaded, {
      seed,
      interventions: hands.interventions,
      signal: this.aborted.signal,
      look: this.look.at,
      ...(twin ? { twin: 'feedback' as const } : {}),
    });
  }

  static async load(job: Job): Promise<{ run: ThreadRun; answer: Questions['load']['answer'] }> {
    const { recipe } = job;
    const written = await read(recipe.source);
    const limits = recipe.source.kind === 'file' ? withRoomFor(written, job.limits) : job.limits;
    const loaded = prepared(written, recipe, limits);
    const hands = new Hands(loaded, recipe.interventions, limits);
    const seed = recipe.seed ?? loaded.scenario.seed;
    const file = recipe.source.kind === 'file' ? await readFile(recipe.source.file, 'utf8') : null;
    const twin = recipe.twin && hasTwin(loaded);
    const run = new ThreadRun(loaded, hands, job, seed, twin);
    return { run, answer: { facts: factsOf(loaded, seed, file), records: await run.headers(), twin } };
  }

  async pull(steps: number, milliseconds: number): Promise<Pulled> {
    const until = performance.now() + milliseconds;
    const lines = new Lines();
    for (let made = 0; made < steps && !this.ended; made++) {
      await this.step(lines);
      if (performance.now() >= until || lines.bytes > MOST_BYTES) break;
    }
    return {
      records: lines.encoded(),
      t: this.t,
      ended: this.ended,
      frame: this.ended ? this.look.frame() : this.look.due(),
    };
  }

  /** The rest of the trace, once it has been told to stop. */
  async stop(): Promise<Pulled> {
    this.aborted.abort();
    const lines = new Lines();
    while (!this.ended) await this.next(lines);
    return { records: lines.encoded(), t: this.t, ended: true, frame: null };
  }

  hand(asks: Questions['hand']['asks']): Questions['hand']['answer'] {
    return this.hands.add(this.t, asks);
  }

  view(request: Questions['view']['asks']): string | null {
    this.look.ask(this.loaded.plan, request);
    return this.look.frame();
  }

  watch(watched: boolean): string | null {
    this.look.watched = watched;
    return this.look.frame();
  }

  frame(): string | null {
    return this.look.frame();
  }

  /** The headers come before the lab is trained in: they are there at once. */
  private async headers(): Promise<Records> {
    const lines = new Lines();
    await this.next(lines);
    if (!this.twinEnded) await this.next(lines);
    return lines.encoded();
  }

  /** All records up to and with the step's own, and the twin's; after the last step, to the end. */
  private async step(lines: Lines): Promise<void> {
    let main = this.mainEnded;
    let twin = this.twinEnded;
    while (!(main && twin) && !this.ended) {
      const record = await this.next(lines);
      if (record === null) return;
      const over = record.type === 'step' || record.type === 'end';
      if (record.twin !== undefined) twin ||= over;
      else main ||= over;
    }
    if (this.t >= this.loaded.plan.steps) while (!this.ended) await this.next(lines);
  }

  private async next(lines: Lines): Promise<TraceRecord | null> {
    const { done, value } = await this.records.next();
    if (done) {
      this.ended = true;
      return null;
    }
    lines.add(value);
    if (value.twin === undefined) {
      if (value.type === 'step') this.t = value.t + 1;
      if (value.type === 'end') this.mainEnded = true;
    } else if (value.type === 'end') this.twinEnded = true;
    this.ended = this.mainEnded && this.twinEnded;
    return value;
  }
}

/** A twin in which no loop is opened would be the run itself, made twice, or its labels earlier, which is no feedback. */
function hasTwin(loaded: LoadedScenario): boolean {
  const { collect, view } = loaded.scenario;
  if (view?.twin === false) return false;
  const late = collect.filter(isLateAlone).map(({ name }) => `collect.${name}`);
  return loaded.switchedOff(FEEDBACK).without.some((id) => !loaded.without.includes(id) && !late.includes(id));
}

/** Every label comes as it is, only later: who predicts changes nothing about that. */
const isLateAlone = ({ becomes, censor, flip, importance, keep, label, noise, only }: Collect): boolean =>
  [becomes, censor, flip, importance, keep, label, noise, only].every((rule) => rule === undefined);
type Collect = LoadedScenario['scenario']['collect'][number];

/** Reads what was asked for: of a text, nothing else. */
export async function read(source: RunSource): Promise<LoadedScenario> {
  if (source.kind === 'text') return parseScenario(source.text);
  return loadScenario(source.file, source.data === undefined ? {} : { data: source.data });
}

/** The name that a diagnostic gives to a file here: where it lies is nobody's business. */
export function shownName(file: string): string {
  if (file.startsWith('--set ')) return file.slice(6);
  return isAbsolute(file) ? basename(file) : file;
}

class Lines {
  bytes = 0;
  private readonly parts: Uint8Array[] = [];
  private readonly encoder = new TextEncoder();

  add(record: TraceRecord): void {
    const line = this.encoder.encode(`${JSON.stringify(record)}\n`);
    this.parts.push(line);
    this.bytes += line.length;
  }

  encoded(): Records {
    const bytes = new Uint8Array(this.bytes);
    let at = 0;
    for (const part of this.parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { bytes, sizes: this.parts.map(({ length }) => length) };
  }
}
