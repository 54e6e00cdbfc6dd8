/** A hand on the running world: other values for the same people, the same models and the same records. */
import type { Plan } from '../loop/plan.js';
import { nodeCount } from '../world/population.js';
import { ScenarioError } from './diagnostic.js';
import type { LoadedScenario } from './load.js';
import type { Overrides } from './override.js';

/** The scenario after a hand. Throws a `ScenarioError` where it would need a world of another make. */
export function changedInMotion(loaded: LoadedScenario, set: Overrides): LoadedScenario {
  const next = loaded.with(set);
  const what = MAKE.find(([, of]) => JSON.stringify(of(loaded.plan)) !== JSON.stringify(of(next.plan)))?.[0];
  if (what === undefined) return next;
  throw new ScenarioError([
    {
      file: `--set ${Object.keys(set).join(', ')}`,
      line: 1,
      column: 1,
      message: `a running world keeps its ${what}`,
      expected: 'another value for what is there',
      nearest: null,
    },
  ]);
}

/** What the columns, the deployed versions and the records of a run are made for; its order of evaluation may change. */
const MAKE: readonly (readonly [what: string, of: (plan: Plan) => unknown])[] = [
  ['fields', ({ outcome, population }) => [namesOf(population.fields), namesOf(outcome)]],
  ['models', ({ models }) => namesOf(models)],
  [
    'features and targets',
    ({ models }) => models.map(({ columns, name, target }) => [name, target, ...columns]).sort(),
  ],
  ['nodes', ({ population: { branches, nodes } }) => [branches, nodes === null ? null : nodeCount(nodes, branches)]],
];

const namesOf = (items: readonly { readonly name: string }[]): string[] => items.map(({ name }) => name).sort();
