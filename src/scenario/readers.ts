/** The names of the trace: what expectations may speak of, and what each name reads from a step's record. */
import type { MonitorRecord, StepRecord } from '../loop/trace.js';

/** What a name reads from a step's record. */
export type Reader = (record: StepRecord) => number | null | undefined;

const BINARY = [
  'accuracy',
  'balancedAccuracy',
  'auc',
  'logLoss',
  'brier',
  'ece',
  'fpr',
  'fnr',
  'selectionRate',
  'baseRate',
  'n',
];
/** Beside the reliability table. */
const CALIBRATION = ['mce', 'rmsce'];
const NUMERIC = ['rmse', 'mae', 'r2', 'bias', 'over', 'under', 'n'];
const INTERVAL = ['coverage', 'width', 'winkler', 'pinball', 'unbounded'];
const BINS = Array.from({ length: 10 }, (_, k) => `bin${k + 1}`);
const OF_BIN = ['mean', 'frequency', 'weight'] as const;
const OF_MODEL = ['intercept', 'sd', 'norm', 'objective', 'gap', 'version', 'trained', 'strength', 'alpha'] as const;
/** What a monitor tells at each step. */
export const OF_MONITOR = ['statistic', 'p', 'lower', 'upper', 'warning', 'alarm'] as const;
const VANTAGES = ['lab', 'observed', 'actual'] as const;

/** Every metric that a model of this kind may have. */
export const metricNames = (kind: 'numeric' | 'binary'): string[] => [
  ...(kind === 'binary' ? BINARY : NUMERIC),
  ...INTERVAL,
];

/** What the names are made from: the parts of a scenario. */
export interface Parts {
  readonly models: readonly {
    readonly name: string;
    readonly kind: 'numeric' | 'binary';
    readonly columns: readonly string[];
    /** Whether the trace has its reliability table. */
    readonly reliability: boolean;
  }[];
  readonly primary: string;
  readonly slices: readonly string[];
  readonly measures: readonly string[];
  readonly theory: readonly string[];
  readonly state: readonly string[];
  readonly population: readonly string[];
  readonly costs: boolean;
  readonly monitors: readonly string[];
}

/**
 * Numbers of the trace that are no metric: `measure.approved`, `state.price`, `costs.total` (so far), `cost.total` (of a step),
 * `monitor.drivers.statistic`.
 */
export const isNumber = (name: string): boolean =>
  /^(measure|state|costs?)\.\w+$/.test(name) ||
  /^monitor\.\w+\.(statistic|p)$/.test(name) ||
  new RegExp(`^\\w+\\.(${OF_MODEL.join('|')}|coef\\..+)$`).test(name);

/** A slice's name as a word of a formula: `group: rural` is `group_rural`. */
export const sliceWord = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '');

/** A monitor's number: levels as 1 or 0; an alarm is a warning, too. */
export function monitorNumber(record: MonitorRecord | undefined, key: (typeof OF_MONITOR)[number]): number | null {
  if (record === undefined) return null;
  if (key === 'alarm') return record.level === 'alarm' ? 1 : 0;
  if (key === 'warning') return record.level === 'none' ? 0 : 1;
  return record[key] ?? null;
}

/** Every name that expectations may use, with what it reads. */
export function readersOf(parts: Parts): ReadonlyMap<string, Reader> {
  const readers = new Map<string, Reader>([['t', (r) => r.t]]);
  for (const { columns, kind, name, reliability } of parts.models) {
    const metrics = [...metricNames(kind), ...(reliability ? CALIBRATION : [])];
    const isPrimary = name === parts.primary;
    for (const vantage of VANTAGES) {
      for (const metric of metrics) {
        const read: Reader = (r) => (isPrimary ? r : r.models[name]?.metrics)?.[vantage][metric];
        readers.set(`${name}.${vantage}.${metric}`, read);
        if (isPrimary) readers.set(`${vantage}.${metric}`, read);
      }
    }
    for (const key of OF_MODEL) readers.set(`${name}.${key}`, (r) => r.models[name]?.[key]);
    for (const column of columns) readers.set(`${name}.coef.${column}`, (r) => r.models[name]?.coef?.[column]);
    for (const column of columns)
      readers.set(`${name}.importances.${column}`, (r) => r.models[name]?.importances?.[column]);
    if (reliability)
      for (const vantage of VANTAGES)
        for (const bin of BINS)
          for (const key of OF_BIN)
            readers.set(
              `${name}.reliability.${vantage}.${bin}.${key}`,
              (r) => r.models[name]?.reliability?.[vantage][bin]?.[key],
            );
    if (!isPrimary) continue;
    for (const slice of parts.slices) {
      for (const metric of metrics) {
        const own = `slices.${sliceWord(slice)}`;
        const actual: Reader = (r) => r.slices[slice]?.[metric];
        readers.set(`${own}.${metric}`, actual);
        readers.set(`${own}.actual.${metric}`, actual);
        for (const vantage of ['lab', 'observed'] as const)
          readers.set(`${own}.${vantage}.${metric}`, (r) => r.sliceVantages?.[slice]?.[vantage][metric]);
      }
    }
  }
  for (const monitor of parts.monitors)
    for (const key of OF_MONITOR)
      readers.set(`monitor.${sliceWord(monitor)}.${key}`, (r) => monitorNumber(r.monitors?.[monitor], key));
  const block = (key: 'measure' | 'theory' | 'state', names: readonly string[]) => {
    for (const name of names) {
      const read: Reader = (r) => r[key][name];
      readers.set(`${key}.${name}`, read);
      if (!readers.has(name)) readers.set(name, read);
    }
  };
  block('measure', parts.measures);
  block('theory', parts.theory);
  block('state', parts.state);
  for (const name of parts.population) {
    readers.set(`population.${name}.mean`, (r) => r.population[name]?.mean);
    readers.set(`population.${name}.sd`, (r) => r.population[name]?.sd);
  }
  if (parts.costs)
    for (const key of ['error', 'label', 'retrain', 'deploy', 'alarm', 'total']) {
      readers.set(`costs.${key}`, (r) => r.costs[key]);
      readers.set(`cost.${key}`, (r) => r.cost?.[key]);
    }
  return readers;
}
