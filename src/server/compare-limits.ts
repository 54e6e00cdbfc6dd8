/** What a comparison may ask of the machine. */
import { mechanismsOf, type Plan } from '../loop/plan.js';
import { mayTrain } from '../retrain/trigger.js';
import { nodeCount } from '../world/population.js';

export interface CompareLimits {
  readonly individuals: number;
  readonly steps: number;
  /** Individuals times steps times policies times seeds. */
  readonly work: number;
  /** Bytes that one run may hold: its columns, and the records that its models learn from. */
  readonly bytes: number;
}

export const COMPARE_LIMITS: CompareLimits = {
  individuals: 200_000,
  steps: 20_000,
  work: 2e9,
  bytes: 512 * 2 ** 20,
};

/** Why a comparison is too large; null where it is not. */
export function tooLarge(plans: readonly Plan[], seeds: number, limits: CompareLimits): string | null {
  let work = 0;
  for (const plan of plans) {
    const people = Math.max(individualsOf(plan), plan.lab.size ?? 0);
    if (people > limits.individuals) return told(people, 'individuals, the lab included', limits.individuals);
    if (plan.steps > limits.steps) return told(plan.steps, 'steps', limits.steps);
    const bytes = bytesOf(plan);
    if (bytes > limits.bytes)
      return `a run would hold about ${figure(bytes / 2 ** 20)} MB; at most ${figure(limits.bytes / 2 ** 20)} are taken`;
    work += individualsOf(plan) * plan.steps * seeds;
  }
  return work > limits.work ? told(work, 'individuals x steps x policies x seeds', limits.work) : null;
}

const figure = (value: number): string => Math.round(value).toLocaleString('en');
const told = (value: number, what: string, most: number): string =>
  `${figure(value)} ${what}; at most ${figure(most)} are taken`;

export const individualsOf = ({ population }: Plan): number =>
  population.nodes === null ? population.size : nodeCount(population.nodes, population.branches);

const NUMBER = 8;
/** Of a field: true, shown, seen and what a mechanism works in. */
const LAYERS = 4;

/** About what a run holds, rather too much than too little. */
function bytesOf(plan: Plan): number {
  const individuals = individualsOf(plan);
  const fields = plan.population.fields.length + plan.outcome.length + mechanismsOf(plan);
  const features = plan.models.reduce((sum, { columns }) => sum + columns.length + 2, 0);
  const formulas = plan.decisions.length + plan.measures.length + plan.slices.length + plan.theory.length;
  const columns = individuals * (LAYERS * fields + 2 * features + formulas);
  const delay = plan.selections.reduce((most, selection) => Math.max(most, selection.delay), 0);
  let kept = 0;
  for (const { columns: own, trigger, window } of plan.models) {
    // A schedule may widen the window, or let a model learn that never would.
    const sure = plan.schedule.length === 0;
    const span = sure && window.kind === 'last' ? window.steps : plan.steps;
    const steps = sure && !mayTrain(trigger) ? delay : span + delay;
    kept += individuals * (own.length + 2) * Math.min(plan.steps, steps + 1);
  }
  return NUMBER * (columns + kept);
}
