/** What the page knows of a run: its records as they came, and any number of them as columns. */

import type {
  EndRecord,
  EventRecord,
  HeaderRecord,
  Intervention,
  Metrics,
  StepRecord,
  TraceRecord,
  Vantage,
} from '../src/loop/trace.js';
import { isNumber, sliceWord } from '../src/scenario/readers.js';

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
  private twinHeader: HeaderRecord | null = null;
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
    } else if (which === 'twin') {
      if (record.type === 'header') this.twinHeader = record;
    } else if (record.type === 'header') this.header = record;
    else if (record.type === 'event') this.events.push(record);
    else this.end = record;
  }

  /** The last step that came; -1 before the first. */
  get t(): number {
    return this.steps.run.length - 1;
  }

  /** The changes that the scenario itself makes at its steps. */
  get schedule(): readonly Intervention[] {
    const { schedule } = (this.header?.scenario ?? {}) as { readonly schedule?: readonly Intervention[] };
    return schedule ?? [];
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

  /** A twin in which nothing is switched off is the run itself, and says nothing. */
  get hasTwin(): boolean {
    if (this.steps.twin.length === 0) return false;
    const off = this.header?.without ?? [];
    return this.twinHeader === null || this.twinHeader.without.some((id) => !off.includes(id));
  }

  /** The model whose metrics a record carries as its own. */
  get model(): string {
    return this.header?.primary.model ?? '';
  }

  /** Models whose metrics are known, the primary first. */
  get models(): string[] {
    const others = Object.entries(this.steps.run.at(-1)?.models ?? {}).filter(
      ([, { metrics }]) => metrics !== undefined,
    );
    return [this.model, ...others.map(([name]) => name).filter((name) => name !== this.model)];
  }

  /** Slices of the primary model. */
  get slices(): string[] {
    return Object.keys(this.steps.run.at(-1)?.slices ?? {});
  }

  /** Numbers that are no metric: `measure.approved`, `costs.total`, `cost.total`, `state.price`, and what theory is drawn over. */
  get numbers(): string[] {
    const last = this.steps.run.at(-1);
    if (last === undefined) return [];
    return [
      ...Object.keys(last.measure).map((name) => `measure.${name}`),
      ...(last.costs.total === undefined ? [] : ['costs.total']),
      ...(last.cost?.total === undefined ? [] : ['cost.total']),
      ...Object.keys(last.state).map((name) => `state.${name}`),
      ...new Set(this.theorised.filter((name) => isNumber(name) && last.models[name.split('.')[0]] !== undefined)),
    ];
  }

  /** What the scenario's theory is drawn over. */
  private get theorised(): string[] {
    const { theory = {} } = (this.header?.scenario ?? {}) as { readonly theory?: Record<string, { over: string }> };
    return Object.values(theory).map(({ over }) => over);
  }

  /** One of `numbers`, step by step. */
  numberColumn(name: string, which: Which = 'run'): Column {
    const [first, key, ...rest] = name.split('.');
    const read: Read =
      first === 'measure' || first === 'state' || first === 'costs' || first === 'cost'
        ? (record) => record[first]?.[key]
        : first === 'monitor'
          ? (record) => numberIn(monitorOf(record, key), rest[0])
          : key === 'coef'
            ? (record) => record.models[first]?.coef?.[rest.join('.')]
            : (record) => numberIn(record.models[first], key);
    return this.column(name, read, which);
  }

  /** A metric in a slice. */
  sliceColumn(slice: string, metric: string, which: Which = 'run'): Column {
    return this.column(`slices.${slice}.${metric}`, (record) => record.slices[slice]?.[metric], which);
  }

  /** What is known of a model at a step, from the three vantage points. */
  vantage(record: StepRecord, model = this.model): Vantage {
    return (model === this.model ? undefined : record.models[model]?.metrics) ?? record;
  }

  /** A metric from a vantage point. */
  metricColumn(
    vantage: 'lab' | 'observed' | 'actual',
    metric: string,
    which: Which = 'run',
    model = this.model,
  ): Column {
    return this.column(
      `${model}.${vantage}.${metric}`,
      (record) => this.vantage(record, model)[vantage][metric],
      which,
    );
  }

  /** What the first version promised in the lab. */
  promised(metric = this.metric, model = this.model): number | null {
    const [first] = this.steps.run;
    return first === undefined ? null : (this.vantage(first, model).lab[metric] ?? null);
  }

  /** Names of a model's metrics that exist at the last step, the primary first. */
  metricsOf(model = this.model): string[] {
    const last = this.steps.run.at(-1);
    const actual: Metrics = last === undefined ? {} : this.vantage(last, model).actual;
    const names = Object.keys(actual).filter((name) => name !== 'n');
    if (model === this.model) return [this.metric, ...names.filter((name) => name !== this.metric)];
    return names.includes(this.metric) ? [this.metric, ...names.filter((name) => name !== this.metric)] : names;
  }
}

/** By its name as a word of a formula. */
const monitorOf = ({ monitors = {} }: StepRecord, word: string): object | undefined =>
  Object.entries(monitors).find(([name]) => sliceWord(name) === word)?.[1];

const numberIn = (record: object | undefined, key: string): number | null => {
  const value: unknown = Object(record)[key];
  return typeof value === 'number' ? value : null;
};
