/** How long runs take, roughly: enough to begin with the longest, and to cut replicates into jobs. */
import type { LoadedScenario } from '../../scenario/load.js';

/** A step costs about as much as so many rows, whatever their number. */
const ROWS_A_STEP = 50;
/** A job is of about this size: one or two seconds. */
const JOB = 2e6;

/** Rows times columns that the models read, over all steps and the lab. */
export function costOf({ plan }: LoadedScenario): number {
  const width = plan.models.reduce((sum, { columns }) => sum + 1 + columns.length, 0);
  const rows = plan.population.size + ROWS_A_STEP;
  return (plan.steps * rows + (plan.lab.size ?? plan.population.size)) * (1 + width / 5);
}

/** Replicates a job. */
export const chunk = (cost: number, replicates: number): number =>
  Math.max(1, Math.min(replicates, Math.floor(JOB / cost)));
