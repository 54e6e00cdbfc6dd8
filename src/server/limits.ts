/** What the server takes at most: a scenario may come from a stranger, and others want to run theirs. */
import type { MonitorPlan, Plan } from '../loop/plan.js';
import type { Diagnostic } from '../scenario/diagnostic.js';
import type { LoadedScenario } from '../scenario/load.js';
import { nodeCount } from '../world/population.js';
import type { Limits } from './protocol.js';

/** Limits on one world. */
export interface WorldLimits {
  readonly individuals: number;
  readonly steps: number;
  /** Individuals times steps. */
  readonly work: number;
  /** Columns of the population, of its models' features, and of the samples that monitors hold. */
  readonly columns: number;
  /** Individuals times columns. */
  readonly cells: number;
  /** Pairs of rows that `mmd` looks at, times steps. */
  readonly pairs: number;
}

/** Limits on a comparison, each of whose runs is a world. */
export interface CompareLimits extends WorldLimits {
  /** Individuals times steps, of all runs together. */
  readonly allWork: number;
}

export const LIMITS: Limits & CompareLimits = {
  individuals: 200_000,
  steps: 20_000,
  work: 2e8,
  allWork: 2e9,
  columns: 400,
  cells: 1e7,
  pairs: 2e11,
  runs: 24,
  listeners: 256,
  scenarioBytes: 256 * 1024,
};

export const individualsOf = ({ population }: Plan): number =>
  population.nodes === null ? population.size : nodeCount(population.nodes, population.branches);

/** Samples that a monitor holds at a time, of each of its sources. */
function samplesOf({ watches }: MonitorPlan, { models }: Plan): number {
  if (watches.kind !== 'comparison' && watches.kind !== 'mmd') return 1;
  const { reference, sources } = watches;
  if (reference.kind === 'lab') return 2 * sources.length;
  if (reference.kind !== 'training') return (2 + reference.steps) * sources.length;
  const window = models.find(({ name }) => name === reference.model)?.window;
  const steps = window?.kind === 'last' ? window.steps : window?.kind === 'weighted' ? 40 * window.halfLife : 0;
  return (3 + Math.ceil(steps)) * sources.length;
}

/** Pairs of rows that `mmd` looks at in a step. */
const pairsOf = ({ watches }: MonitorPlan): number =>
  watches.kind === 'mmd' ? 2 * watches.rows ** 2 * watches.permutations : 0;

const columnsOf = (plan: Plan): number =>
  plan.population.fields.length +
  plan.outcome.length +
  plan.decisions.length +
  plan.monitors.reduce((sum, monitor) => sum + samplesOf(monitor, plan), 0) +
  plan.models.reduce((sum, { columns }) => sum + 1 + columns.length, 0);

/** Everything in which a scenario is too large, each at the place that says so. */
export function beyond({ file, find, plan }: LoadedScenario, limits: WorldLimits): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const check = (what: string, value: number, most: number, paths: readonly string[]) => {
    if (value <= most) return;
    const place = paths.map(find).find((found) => found !== null) ?? { file, line: 1, column: 1 };
    diagnostics.push({
      file: place.file,
      line: place.line,
      column: place.column,
      message: `${amount(value)} ${what} are more than this server takes`,
      expected: `at most ${amount(most)}; the command line has no such limit`,
      nearest: null,
    });
  };
  const individuals = individualsOf(plan);
  const columns = columnsOf(plan);
  const people = ['population.size', 'population.nodes', 'population.rows'];
  const rows = Math.max(individuals, plan.lab.size ?? 0);
  check('individuals', individuals, limits.individuals, people);
  check('rows in the lab', plan.lab.size ?? 0, limits.individuals, ['lab.size']);
  check('steps', plan.steps, limits.steps, ['steps']);
  check('individuals times steps', individuals * plan.steps, limits.work, ['steps', ...people]);
  check('columns', columns, limits.columns, ['population.fields', 'models']);
  check('values in the columns', rows * columns, limits.cells, [...people, 'lab.size', 'models']);
  const pairs = plan.monitors.reduce((sum, monitor) => sum + pairsOf(monitor), 0);
  check('pairs of rows in `mmd` times steps', pairs * plan.steps, limits.pairs, ['monitor']);
  return diagnostics;
}

export const amount = (value: number): string => value.toLocaleString('en-US');
