/** What a monitor's source gives at a step, or in the lab. */
import type { Frame } from '../core/frame.js';
import type { Slice } from '../watch/slices.js';
import type { ModelInService } from './model.js';
import type { MonitorSource } from './plan.js';
import type { Metrics } from './trace.js';

/** What monitors can see at a step. */
export interface Seen {
  readonly frame: Frame;
  readonly models: readonly ModelInService[];
  /** Metrics of the labels that have arrived, by model. */
  readonly observed: Readonly<Record<string, Metrics>>;
  /** How long the labels of this step take. */
  readonly delay: number;
  readonly slices: readonly Slice[];
  /** Whether individuals are drawn, and not quadrature nodes. */
  readonly drawn: boolean;
}

export interface Values {
  readonly values: Float64Array;
  readonly weights: Float64Array | null;
  readonly n: number;
}

const modelOf = ({ models }: Seen, name: string): ModelInService | undefined =>
  models.find((model) => model.name === name);

/** Null where nothing has arrived. The columns are the frame's own: they last until the next step. */
export function valuesOf(source: MonitorSource, seen: Seen, monitor: string): Values | null {
  const { frame } = seen;
  switch (source.kind) {
    case 'column':
      return { values: frame.column(source.column), weights: frame.weights, n: frame.rows };
    case 'formula':
      return { values: evaluated(source, frame, monitor), weights: frame.weights, n: frame.rows };
    case 'error':
    case 'label': {
      const arrived = modelOf(seen, source.model)?.arrived ?? null;
      return arrived === null ? null : ofLabels(source, arrived, modelOf(seen, source.model));
    }
    case 'metric': {
      const value = seen.observed[source.model]?.[source.metric] ?? null;
      return value === null ? null : { values: Float64Array.of(value), weights: null, n: 1 };
    }
  }
}

/** The same in the lab: columns over all of its rows, errors and labels over the held-out ones. */
export function labValuesOf(
  source: MonitorSource,
  lab: Frame,
  weights: Float64Array | null,
  seen: Seen,
  monitor: string,
): Values | null {
  switch (source.kind) {
    case 'column':
      return { values: lab.column(source.column), weights, n: lab.rows };
    case 'formula':
      return { values: evaluated(source, lab, monitor), weights, n: lab.rows };
    case 'error':
    case 'label': {
      const model = modelOf(seen, source.model);
      const held = model?.heldOut() ?? null;
      return held === null ? null : ofLabels(source, held, model);
    }
    case 'metric':
      return null;
  }
}

function evaluated(source: Extract<MonitorSource, { kind: 'formula' }>, frame: Frame, monitor: string): Float64Array {
  const values = frame.buffer(`monitor.${monitor}`);
  source.formula.evaluate(frame.environment(`monitor.${monitor}`), values);
  return values;
}

function ofLabels(
  { kind }: { kind: 'error' | 'label' },
  rows: { n: number; target: Float64Array; prediction: Float64Array; weights: Float64Array | null },
  model: ModelInService | undefined,
): Values {
  const { n, prediction, target, weights } = rows;
  if (kind === 'label') return { values: target, weights, n };
  const threshold = model?.plan.kind === 'binary' ? model.plan.threshold : null;
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++)
    values[i] =
      threshold === null
        ? Math.abs(prediction[i] - target[i])
        : prediction[i] > threshold === (target[i] === 1)
          ? 0
          : 1;
  return { values, weights, n };
}

/** Weighted mean, missing values left out; NaN of none. */
export function meanOf({ n, values, weights }: Values): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const w = weights === null ? 1 : weights[i];
    if (w === 0 || Number.isNaN(values[i])) continue;
    sum += w * values[i];
    total += w;
  }
  return sum / total;
}
