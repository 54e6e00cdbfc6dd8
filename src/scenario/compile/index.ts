/** Compiles a scenario into the plan that the loop runs. Every problem is found, not only the first. */
import type { Plan } from '../../loop/plan.js';
import { largest } from '../../world/replay.js';
import type { Problem } from '../diagnostic.js';
import type { Scenario } from '../schema.js';
import type { TableData } from '../table.js';
import { collect } from './collect.js';
import { Context } from './context.js';
import { decisions } from './decide.js';
import { drift } from './drift.js';
import { model, primary } from './models.js';
import { monitors } from './monitor.js';
import {
  checkRows,
  checkSize,
  entryFields,
  lab,
  nodes,
  outcomeFields,
  replay,
  stateVariable,
  weight,
} from './population.js';
import { responses } from './respond.js';
import { sense } from './sense.js';
import { cost, numbers, slices, theory } from './watching.js';

export type Compiled =
  | { readonly plan: Plan; readonly problems: readonly [] }
  | { readonly plan: null; readonly problems: readonly Problem[] };

/**
 * Checks what the schema cannot: names, orders, cycles, references. `table` holds the rows of the file that the
 * population names; without it, names are checked all the same and the plan cannot be run.
 */
export function compileScenario(scenario: Scenario, table: TableData | null): Compiled {
  const context = new Context(scenario, table);
  const plan = planOf(context);
  return context.problems.length > 0 ? { plan: null, problems: context.problems } : { plan, problems: [] };
}

/** The plan, in the order of the loop. */
function planOf(c: Context): Plan {
  const { scenario, table } = c;
  const rules = nodes(c);
  const branches = rules !== null && 'probability' in scenario.outcome;
  checkSize(c, rules, branches);
  checkRows(c);
  const replays = replay(c);
  const { mixes, rewritings: drifts } = drift(c);
  const population: Plan['population'] = {
    size: replays !== null ? largest(replays, scenario.steps) : (scenario.population.size ?? table?.rows ?? 1000),
    turnover: scenario.population.turnover,
    fields: entryFields(c, mixes),
    table: table === null ? null : { rows: table.rows, columns: table.columns },
    replay: replays,
    nodes: rules,
    branches,
    weight: weight(c),
  };
  const { after, before, late, participation } = responses(c);
  const senses = sense(c);
  const { labels, selections } = collect(c);
  return {
    name: scenario.name,
    steps: scenario.steps,
    population,
    lab: lab(c, replays),
    state: Object.entries(scenario.state).map(([name, spec]) => stateVariable(c, name, spec)),
    drift: drifts.filter(({ column }) => !c.late.has(column)),
    before,
    sense: senses.serving,
    logging: senses.logging,
    models: c.modelOrder.map((name) => model(c, name, scenario.models[name])),
    decisions: decisions(c),
    outcome: outcomeFields(c, branches).map((field) => ({
      ...field,
      moves: late.filter(({ column }) => column === field.name),
      drift: drifts.filter(({ column }) => column === field.name),
    })),
    after,
    participation,
    labels,
    selections,
    slices: slices(c),
    monitors: monitors(c),
    measures: numbers(c, scenario.measure, 'measure'),
    theory: theory(c),
    cost: cost(c),
    schedule: scenario.schedule,
    mechanisms: [
      ...drifts,
      ...mixes,
      ...before.map((r) => (r.kind === 'rewrite' ? r.rewriting : r.response)),
      ...senses.all,
      ...late,
      ...after,
      ...participation,
      ...labels,
      ...selections,
    ],
    primary: primary(c),
    axes: axesOf(scenario),
  };
}

const axesOf = ({ view }: Scenario): Plan['axes'] => ({
  ...(view?.x === undefined ? {} : { x: view.x }),
  ...(view?.y === undefined ? {} : { y: view.y }),
});
