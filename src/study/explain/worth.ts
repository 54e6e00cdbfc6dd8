/**
 * What a run is worth to an explanation: a number of its trace at each step, turned so that more of it is worse.
 *
 * | number                              | harm at a step |
 * |-------------------------------------|----------------|
 * | accuracy, AUC, R², coverage, ...    | `-value`       |
 * | errors, losses, costs               | `value`        |
 * | bias                                | `abs(value)`   |
 * | what is neither good nor bad        | `value`        |
 *
 * What is explained is the harm with every mechanism on less the harm with all of them off, on the same draws. The lab is not what
 * runs are held against: what the lab promised and a world without any mechanism does not keep either (optimism, a curated
 * sample) is nobody's share.
 */
import { nearest } from '../../core/nearest.js';
import type { LoadedScenario } from '../../scenario/load.js';
import { openingOf } from '../../scenario/opening.js';
import { isNumber, sliceWord } from '../../scenario/readers.js';
import { type Better, better } from '../metric-words.js';
import { ExplainError } from './error.js';

export interface Explained {
  /** Its name in the trace: `score.actual.accuracy`, `costs.total`. */
  readonly name: string;
  /** The metric alone, as a reader knows it: `accuracy`, `costs.total`. */
  readonly metric: string;
  readonly vantage: Vantage | null;
  readonly better: Better;
}

export const VANTAGES = ['lab', 'observed', 'actual'] as const;
export type Vantage = (typeof VANTAGES)[number];

export interface MetricAsked {
  /** A metric, or any name of the trace. Default: what the scenario opens with. */
  readonly metric?: string;
  /** Default `actual`. */
  readonly vantage?: Vantage;
}

/** @throws ExplainError where the trace has no such number. */
export function explainedBy(loaded: LoadedScenario, { metric, vantage }: MetricAsked): Explained {
  const { readers } = loaded;
  const opening = openingOf(loaded);
  const from = vantage ?? 'actual';
  const asked = metric === 'cost' || metric === 'costs' ? 'costs.total' : (metric ?? opening.metric);
  const ofModel = `${metric === undefined ? opening.model : loaded.plan.primary.model}.${from}.${asked}`;
  const ofSlice =
    metric === undefined && opening.slice !== null ? `slices.${sliceWord(opening.slice)}.${from}.${asked}` : null;
  const name = [...(ofSlice === null ? [] : [ofSlice]), ofModel, asked].find((one) => readers.has(one));
  if (name === undefined) throw unknownNumber(asked, loaded);
  if (name === asked && vantage !== undefined)
    throw new ExplainError(`\`${name}\` says itself where it is seen from: it takes no vantage point`);
  return told(name, asked);
}

function unknownNumber(asked: string, { plan, readers }: LoadedScenario): ExplainError {
  if (asked.startsWith('costs.') && plan.cost === null)
    return new ExplainError('the scenario names no `costs:`, so that there are none to explain');
  const start = `${plan.primary.model}.actual.`;
  const names = [...readers.keys()];
  const near = nearest(asked, [
    ...names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length)),
    ...names,
  ]);
  return new ExplainError(`there is no \`${asked}\`${near === null ? '' : `; did you mean \`${near}\`?`}`);
}

function told(name: string, asked: string): Explained {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (name.startsWith('costs.')) return { name, metric: name, vantage: null, better: 'lower' };
  const vantage = VANTAGES.find((one) => name.split('.').at(-2) === one) ?? null;
  const isMetric = vantage !== null || name.startsWith('slices.');
  if (isMetric) return { name, metric: last, vantage: vantage ?? 'actual', better: better(last) };
  return { name, metric: isNumber(name) ? name : asked, vantage: null, better: 'none' };
}

/** The harm of a value, see above. */
export function harm(way: Better, value: number): number {
  if (way === 'higher') return -value;
  return way === 'zero' ? Math.abs(value) : value;
}

/** The value that a harm stands for; of a bias its size. */
export const toldValue = (way: Better, harmed: number): number => (way === 'higher' ? -harmed : harmed);
