/** What the page knows of a run: its records as they came, and any number of them as columns. */
import type { EndRecord, EventRecord, HeaderRecord, Metrics, StepRecord, TraceRecord } from '../src/loop/trace.js';

/** A number of each step; NaN where it does not exist. Grows with the run. */
export class Column {
  private values = new Float64Array(128);
  length = 0;

  push(value: number | null | undefined): void {
    if (this.length === this.values.length) {
      const wider = new Float64Array(2 * this.length);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value ?? Number.NaN;
  }

  at(t: number): number {
    return t >= 0 && t < this.length ? this.values[t] : Number.NaN;
  }

  /** The steps so far; a view, not a copy. */
  get view(): Float64Array {
    return this.values.subarray(0, this.length);
  }
}

export type Which = 'run' | 'twin';
type Read = (record: StepRecord) => number | null | undefined;

export class RunData {
  header: HeaderRecord | null = null;
  end: EndRecord | null = null;
  readonly steps: Record<Which, StepRecord[]> = { run: [], twin: [] };
  /** Of the run; the twin's are not shown. */
  readonly events: EventRecord[] = [];
  private readonly columns = new Map<string, { column: Column; read: Read; which: Which }>();

  take(record: TraceRecord): void {
    const which = record.twin === undefined ? 'run' : 'twin';
    if (record.type === 'step') {
      this.steps[which].push(record);
      for (const { column, read, which: own } of this.columns.values()) if (own === which) column.push(read(record));
    } else if (which === 'twin') return;
    else if (record.type === 'header') this.header = record;
    else if (record.type === 'event') this.events.push(record);
    else this.end = record;
  }

  /** The last step that came; -1 before the first. */
  get t(): number {
    return this.steps.run.length - 1;
  }

  get metric(): string {
    return this.header?.primary.metric ?? 'accuracy';
  }

  /** The column of a number, made at the first asking and kept up to date. */
  column(key: string, read: Read, which: Which = 'run'): Column {
    const id = `${which}:${key}`;
    const known = this.columns.get(id);
    if (known !== undefined) return known.column;
    const column = new Column();
    for (const record of this.steps[which]) column.push(read(record));
    this.columns.set(id, { column, read, which });
    return column;
  }

  /** A metric from a vantage point. */
  metricColumn(vantage: 'lab' | 'observed' | 'actual', metric: string, which: Which = 'run'): Column {
    return this.column(`${vantage}.${metric}`, (record) => record[vantage][metric], which);
  }

  /** What the first version promised in the lab. */
  promised(metric = this.metric): number | null {
    return this.steps.run[0]?.lab[metric] ?? null;
  }

  /** Names of the metrics that exist at the last step, the primary first. */
  get metrics(): string[] {
    const last: Metrics = this.steps.run.at(-1)?.actual ?? {};
    const names = Object.keys(last).filter((name) => name !== 'n');
    return [this.metric, ...names.filter((name) => name !== this.metric)];
  }
}
