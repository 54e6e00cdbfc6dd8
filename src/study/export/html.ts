/** A run as one HTML file that opens from disk, with no network: the page, and the run's records and frames as data in it. */
import type { Intervention, TraceRecord } from '../../loop/trace.js';
import type { Encoder } from './encoder.js';
import { escapeJson } from './escape.js';
import { type Page, titleOf } from './page.js';
import { type Frames, type FramesOptions, framesOf, Passed, type RunKnown } from './replay.js';

/** The id of the element that the page looks for. */
export const DATA_ID = 'driftloop-trace';

const FRAMES = 240;
const PEOPLE = 400;

export interface HtmlOptions {
  readonly page: Page;
  /** What the page needs to know of the run beside its records (`RunFacts`). */
  readonly facts: (run: RunKnown) => unknown;
  /** Hands on the run, where it has not ended and the trace cannot tell them all. */
  readonly interventions?: readonly Intervention[];
  /** Runs it again; default `framesOf`, in this thread. */
  readonly frames?: (run: RunKnown, options: FramesOptions) => Promise<Frames>;
}

/**
 * The data are `{ records, frames, note, facts }`; `note` says why there are no frames, and is null where there are. Records
 * are written as they come, frames when the last record is known.
 */
export class HtmlEncoder implements Encoder {
  private readonly passed = new Passed();
  private begun = false;
  /** Why there are no frames, when it is finished. */
  note: string | null = null;

  constructor(private readonly options: HtmlOptions) {}

  take(record: TraceRecord): string[] {
    this.passed.take(record);
    const line = escapeJson(JSON.stringify(record));
    if (this.begun) return [`,\n${line}`];
    this.begun = true;
    const { afterTitle, beforeTitle } = this.options.page;
    const title = titleOf(record.type === 'header' ? record.name : 'A run');
    return [beforeTitle, title, afterTitle, `<script type="application/json" id="${DATA_ID}">{"records":[\n`, line];
  }

  async *finish(): AsyncGenerator<string> {
    const { facts, page } = this.options;
    if (!this.begun) return;
    const { frames, note } = await this.frames();
    this.note = note;
    yield '\n],"frames":[';
    for (const [k, frame] of frames.entries()) yield `${k === 0 ? '' : ','}\n${escapeJson(JSON.stringify(frame))}`;
    const rest = escapeJson(
      `"note":${JSON.stringify(note)},"facts":${JSON.stringify((await facts(this.passed)) ?? null)}`,
    );
    yield `\n],${rest}}</script>\n  ${page.end}`;
  }

  private frames(): Promise<Frames> {
    const { frames = framesOf, interventions } = this.options;
    return frames(this.passed, {
      frames: FRAMES,
      people: PEOPLE,
      ...(interventions === undefined ? {} : { interventions }),
    });
  }
}
