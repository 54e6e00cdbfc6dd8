/** A run in small, for the gallery: the lines that its page opens with. */
import type { StepRecord } from '../loop/trace.js';
import { loadScenario } from '../scenario/load.js';
import { openingOf } from '../scenario/opening.js';
import { isNumber, sliceWord } from '../scenario/readers.js';
import { runOf } from '../scenario/simulate.js';
import { prepared } from './hands.js';
import type { Job } from './messages.js';
import type { Picture } from './protocol.js';
import { Refused } from './refused.js';

const PEOPLE = 1000;
const LAB = 4000;
const POINTS = 60;

export async function picture({ limits, recipe }: Job): Promise<Picture> {
  const { source } = recipe;
  if (source.kind !== 'file') throw new Refused('Only a scenario of the gallery has a picture.');
  const whole = await loadScenario(source.file, source.data === undefined ? {} : { data: source.data });
  const { lab, population } = whole.plan;
  const large = population.nodes === null && population.size > PEOPLE;
  const set = {
    ...(large ? { 'population.size': PEOPLE } : {}),
    ...(lab.size !== null && lab.size > LAB ? { 'lab.size': LAB } : {}),
  };
  const small = prepared(whole, { off: [], set }, limits);
  const steps: StepRecord[] = [];
  for (const record of runOf(small, { hash: false })) if (record.type === 'step') steps.push(record);
  // Evenly from the first step to the last; a line of one step is level.
  const shown = Math.max(2, Math.min(POINTS, steps.length));
  const at = Array.from({ length: shown }, (_, k) => Math.round((k * (steps.length - 1)) / Math.max(1, shown - 1)));
  const { beside, metric, model, slice } = openingOf(small);
  const line = (name: string) => at.map((t) => small.readers.get(name)?.(steps[t]) ?? null);
  // What is not measured at every step is what it was last.
  const number = (name: string) => {
    const values = steps.map((step) => small.readers.get(name)?.(step) ?? null);
    return at.map((t) => values.slice(0, t + 1).findLast((value) => value !== null) ?? null);
  };
  if (isNumber(metric))
    return { metric, slice, lab: [], observed: [], actual: number(metric), beside: beside.map(number) };
  return {
    metric,
    slice,
    lab: line(`${model}.lab.${metric}`),
    observed: line(`${model}.observed.${metric}`),
    actual: line(slice === null ? `${model}.actual.${metric}` : `slices.${sliceWord(slice)}.${metric}`),
    beside: beside.map((other) => line(`${other}.actual.${metric}`)),
  };
}
