/** What chart and gap are of: what the address says where this run has it, else what the scenario opens with. */
import { isNumber } from '../src/scenario/readers.js';
import type { RunFacts } from '../src/server/protocol.js';
import type { RunData } from './run-data.js';
import type { PageState } from './state.js';

/** The number that is looked at. */
export interface Looked {
  readonly model: string;
  /** A metric of the model, or a number such as `measure.approved`. */
  readonly metric: string;
  /** Whose metric it is; null: everybody's. */
  readonly slice: string | null;
  /** Other models, or beside a number other numbers. */
  readonly beside: readonly string[];
}

/** In the address: everybody, where the scenario opens with a slice. */
export const EVERYBODY = '*';

export { isNumber };

type Asked = Pick<PageState, 'metric' | 'model' | 'slice'>;

export function lookedAt(data: RunData, { opening }: RunFacts, asked: Asked): Looked {
  const wanted = [asked.metric, opening.metric];
  const numbers = numbersOf(data, opening);
  const number = wanted.find((name) => name !== '');
  if (number !== undefined && numbers.includes(number))
    return { model: data.model, metric: number, slice: null, beside: others(number, opening, numbers) };
  const { models } = data;
  const model = [asked.model, opening.model].find((name) => models.includes(name)) ?? data.model;
  const names = data.metricsOf(model);
  const metric = wanted.find((name) => names.includes(name)) ?? names[0] ?? data.metric;
  const slices = model === data.model ? data.slices : [];
  // A slice that has no such name in this run is everybody.
  const wantedSlice = asked.slice === '' ? opening.slice : asked.slice;
  const slice = slices.find((name) => name === wantedSlice) ?? null;
  const beside = isNumber(opening.metric) ? [] : others(model, { ...opening, metric: opening.model }, models);
  return { model, metric, slice, beside: beside.filter((name) => data.metricsOf(name).includes(metric)) };
}

/** Numbers that may be looked at: those of the run, and what else the scenario opens with. */
export const numbersOf = (data: RunData, { beside, metric }: RunFacts['opening']): readonly string[] => [
  ...new Set([...data.numbers, ...[metric, ...beside].filter(isNumber)]),
];

/** All that the scenario shows together, but the one that is looked at. */
function others(one: string, { beside, metric }: RunFacts['opening'], known: readonly string[]): readonly string[] {
  const together = [metric, ...beside];
  return together.includes(one) ? together.filter((name) => name !== one && known.includes(name)) : [];
}
