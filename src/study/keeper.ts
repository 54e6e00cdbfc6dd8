/** Gathers the series that are asked for from the records of one run. */
import type { TraceRecord } from '../loop/trace.js';
import type { LoadedScenario } from '../scenario/load.js';
import type { Reader } from '../scenario/readers.js';
import type { RunSeries } from '../scenario/term.js';

export class SeriesKeeper {
  private readonly values: { readonly read: Reader; readonly column: Float64Array; readonly name: string }[];
  private steps = 0;
  private diverged = false;

  constructor(loaded: LoadedScenario, names: Iterable<string>) {
    this.values = [...names].flatMap((name) => {
      const read = loaded.readers.get(name);
      return read === undefined ? [] : [{ name, read, column: new Float64Array(loaded.plan.steps).fill(Number.NaN) }];
    });
  }

  take(record: TraceRecord): void {
    if (record.type === 'end') this.diverged = record.status === 'diverged';
    if (record.type !== 'step') return;
    for (const { column, read } of this.values) column[record.t] = read(record) ?? Number.NaN;
    this.steps = record.t + 1;
  }

  get run(): RunSeries {
    const series = new Map(this.values.map(({ column, name }) => [name, column.subarray(0, this.steps)]));
    return { series, steps: this.steps, diverged: this.diverged };
  }
}
