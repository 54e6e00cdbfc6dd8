/**
 * Windows that can never hold a record: `last: k` counts the steps that records are of, and a label that comes `delay` steps
 * late is of step t - delay at best. With `k <= delay` every training finds nothing to learn from.
 */
import type { Plan } from '../loop/plan.js';
import { mayTrain } from '../retrain/trigger.js';
import type { Selection } from '../system/collect/index.js';
import { type Problem, problem } from './diagnostic.js';
import type { LoadedScenario } from './load.js';

/**
 * A problem for each model whose window is shorter than the delay that every label has. None where the window holds the
 * lab beside them, where nobody asks it to learn, or where the schedule changes how labels come or are learnt from.
 */
export function blindWindows({ plan, scenario }: Pick<LoadedScenario, 'plan' | 'scenario'>): Problem[] {
  const delay = leastDelay(plan);
  if (delay === 0 || isChanged(plan)) return [];
  return plan.models.flatMap(({ name, trigger, window }) => {
    if (window.kind !== 'last' || window.lab === true || window.steps > delay || !mayTrain(trigger)) return [];
    const own = scenario.models[name].retrain === undefined ? ['retrain'] : ['models', name, 'retrain'];
    return problem(
      [...own, 'window', 'last'],
      `\`last: ${window.steps}\` learns nothing: every label comes ${steps(delay)} late`,
      {
        expected: `more than ${delay}, the delay of the labels, or a window of rows such as \`{ rows: 500 }\``,
      },
    );
  });
}

/** The delay that no label undercuts: of what acts at every step of the run. */
const leastDelay = ({ selections, steps: end }: Plan): number =>
  selections.filter((selection) => isAlways(selection, end)).reduce((most, { delay }) => Math.max(most, delay), 0);

const isAlways = ({ from, off, pauses, to }: Selection, steps: number): boolean =>
  !off && from <= 0 && to >= steps && pauses === undefined;

const isChanged = ({ schedule }: Plan): boolean =>
  schedule.some(({ set }) => Object.keys(set ?? {}).some((path) => /^(collect|retrain|models)\b/.test(path)));

const steps = (n: number): string => (n === 1 ? '1 step' : `${n} steps`);
