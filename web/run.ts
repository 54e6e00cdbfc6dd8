/** What the page knows of a run: the primary metric by vantage point, and what happened. */
import type { EventRecord, HeaderRecord, StepRecord, TraceRecord } from '../src/loop/trace.js';

export const VANTAGES = ['lab', 'observed', 'actual', 'twin'] as const;
export type VantageName = (typeof VANTAGES)[number];

/** What a reader sees instead of the name. */
export const LABELS: Readonly<Record<VantageName, string>> = {
  lab: 'lab',
  observed: 'observed',
  actual: 'actual',
  twin: 'no feedback',
};

export interface Point {
  readonly t: number;
  readonly value: number | null;
}

export class Run {
  header: HeaderRecord | null = null;
  /** The lab's promise: what the first version was deployed with. */
  promised: number | null = null;
  diverged = false;
  readonly lines: Record<VantageName, Point[]> = { lab: [], observed: [], actual: [], twin: [] };
  readonly events: EventRecord[] = [];

  take(record: TraceRecord): void {
    if (record.twin !== undefined) {
      if (record.type === 'step') this.push('twin', record, record.actual);
    } else if (record.type === 'header') this.header = record;
    else if (record.type === 'event') this.events.push(record);
    else if (record.type === 'end') this.diverged = record.status === 'diverged';
    else {
      for (const name of ['lab', 'observed', 'actual'] as const) this.push(name, record, record[name]);
      if (record.t === 0) this.promised = this.lines.lab[0].value;
    }
  }

  private push(name: VantageName, { t }: StepRecord, metrics: StepRecord['lab']): void {
    this.lines[name].push({ t, value: metrics[this.metric] ?? null });
  }

  get metric(): string {
    return this.header?.primary.metric ?? 'accuracy';
  }

  /** The last step that came; -1 before the first. */
  get t(): number {
    return this.lines.actual.at(-1)?.t ?? -1;
  }

  latest(name: VantageName): number | null {
    return this.lines[name].at(-1)?.value ?? null;
  }
}
