/** What a viewer opens with: what the scenario's `view` says, and for the rest what says best how the run goes. */
import { nearest } from '../core/nearest.js';
import { viewFields } from '../loop/view.js';
import { type Path, type Problem, problem } from './diagnostic.js';
import type { LoadedScenario } from './load.js';
import { isNumber } from './readers.js';

export interface Opening {
  /** Of the chart and of the gap: a metric of `model`, or a number such as `measure.approved`. */
  readonly metric: string;
  readonly model: string;
  /** Null: everybody. */
  readonly slice: string | null;
  /** Other models, or beside a number other numbers. */
  readonly beside: readonly string[];
}

export function openingOf({ plan, scenario }: LoadedScenario): Opening {
  const { beside = [], metric, model = plan.primary.model, slice = null } = scenario.view ?? {};
  return { metric: metric ?? usualMetric(plan, model), model, slice, beside };
}

const usualMetric = ({ models, primary }: LoadedScenario['plan'], model: string): string => {
  const kind = models.find(({ name }) => name === model)?.kind;
  return kind === undefined ? primary.metric : kind === 'binary' ? 'accuracy' : 'rmse';
};

/** Everything that a scenario asks the viewer to show and that there is not. */
export function viewProblems(loaded: LoadedScenario): Problem[] {
  const { plan, readers, scenario } = loaded;
  const { view } = scenario;
  if (view === undefined) return [];
  const problems: Problem[] = [];
  const known = (name: string, names: readonly string[], path: Path, what: string): boolean => {
    if (names.includes(name)) return true;
    problems.push(
      problem(['view', ...path], `\`${name}\` is not ${what}`, {
        expected: names.length === 0 ? null : `one of ${names.slice(0, 12).join(', ')}`,
        nearest: nearest(name, names),
      }),
    );
    return false;
  };
  const { beside, metric, model, slice } = openingOf(loaded);
  const models = plan.models.map(({ name }) => name);
  if (!known(model, models, ['model'], 'a model')) return problems;
  const numbers = [...readers.keys()].filter(isNumber);
  if (isNumber(metric)) {
    known(metric, numbers, ['metric'], 'a number of the trace');
    if (view.model !== undefined) problems.push(problem(['view', 'model'], `\`${metric}\` is of no model`));
    if (slice !== null) problems.push(problem(['view', 'slice'], `\`${metric}\` is of everybody`));
    for (const [k, name] of beside.entries()) known(name, numbers, ['beside', k], 'a number of the trace');
  } else {
    const start = `${model}.actual.`;
    const metrics = [...readers.keys()]
      .filter((name) => name.startsWith(start))
      .map((name) => name.slice(start.length));
    known(metric, metrics, ['metric'], `a metric of \`${model}\``);
    for (const [k, name] of beside.entries()) known(name, models, ['beside', k], 'a model');
    const slices = plan.slices.map(({ name }) => name);
    if (slice !== null && model !== plan.primary.model)
      problems.push(problem(['view', 'slice'], `slices are of \`${plan.primary.model}\``));
    else if (slice !== null) known(slice, slices, ['slice'], 'a slice');
  }
  for (const axis of ['x', 'y'] as const) {
    const name = view[axis];
    if (name !== undefined) known(name, viewFields(plan), [axis], 'a field that the world can be drawn over');
  }
  return problems;
}
