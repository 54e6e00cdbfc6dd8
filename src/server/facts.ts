/** What a page needs to know of a run to offer its hands. */
import type { Mechanism } from '../core/rewrite.js';
import { viewFields } from '../loop/view.js';
import type { LoadedScenario } from '../scenario/load.js';
import { openingOf } from '../scenario/opening.js';
import type { Scenario } from '../scenario/schema.js';
import { individualsOf } from './limits.js';
import type { RunFacts } from './protocol.js';

export function factsOf(loaded: LoadedScenario, seed: number, file: string | null): RunFacts {
  const { plan, scenario } = loaded;
  return {
    name: scenario.name,
    about: scenario.about ?? '',
    lesson: scenario.lesson ?? '',
    source: sourceOf(scenario.source),
    steps: plan.steps,
    seed,
    individuals: individualsOf(plan),
    primary: plan.primary,
    models: plan.models.map(({ kind, name, target }) => {
      const { features, learner, retrain } = scenario.models[name];
      return {
        name,
        learner,
        kind,
        target,
        features,
        retrainPath: retrain === undefined ? 'retrain' : `models.${name}.retrain`,
        retrain: retrain ?? scenario.retrain,
      };
    }),
    decisions: plan.decisions.map(({ name }) => name),
    outcome: scenario.outcome.field,
    fields: viewFields(plan),
    knobs: scenario.knobs.map(({ label, max, min, path, step }) => ({
      path,
      label,
      min,
      max,
      step: step ?? null,
      value: numberAt(loaded, path),
    })),
    mechanisms: mechanismsOf(loaded),
    story: scenario.story,
    theory: Object.entries(scenario.theory).map(([name, { over }]) => ({ name, over })),
    monitors: plan.monitors.map(({ alarm, name }) => ({ name, alarm })),
    opening: openingOf(loaded),
    hasCosts: plan.cost !== null,
    policies: scenario.policies ?? {},
    file,
  };
}

export const sourceOf = (source: Scenario['source']): RunFacts['source'] =>
  source === undefined
    ? null
    : {
        cites: source.cites,
        ...(source.url === undefined ? {} : { url: source.url }),
        ...(source.note === undefined ? {} : { note: source.note }),
      };

/** A default counts where nothing was written at the path. */
function numberAt({ find, scenario }: LoadedScenario, path: string): number | null {
  const written = find(path);
  const value = written === null ? (defaultAt(scenario, path.split('.')) ?? meantAt(scenario, path)) : written.value;
  return typeof value === 'number' ? value : null;
}

/** What a key stands for where it is left out and the schema puts nothing in its place: what does nothing, or another key. */
const MEANT: readonly (readonly [path: RegExp, value: (scenario: Scenario, name: string) => number | undefined])[] = [
  [/^sense\..+\.scale$/, () => 1],
  [/^sense\..+\.offset$/, () => 0],
  [/(?:^|\.)retrain\.cool$/, () => 0],
  [/^models\.(\w+)\.uncertainty\.level$/, ({ models }, name) => models[name]?.level],
];

function meantAt(scenario: Scenario, path: string): number | undefined {
  for (const [form, value] of MEANT) {
    const found = form.exec(path);
    if (found !== null) return value(scenario, found[1]);
  }
  return undefined;
}

function defaultAt(node: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return node;
  if (typeof node !== 'object' || node === null) return undefined;
  if (Array.isArray(node)) {
    // The name of an item may itself hold dots.
    const item = node.find(({ name }) => typeof name === 'string' && `${path.join('.')}.`.startsWith(`${name}.`));
    return item === undefined ? undefined : defaultAt(item, path.slice(item.name.split('.').length));
  }
  return Object.hasOwn(node, path[0])
    ? defaultAt((node as Record<string, unknown>)[path[0]], path.slice(1))
    : undefined;
}

function mechanismsOf({ plan, scenario }: LoadedScenario): RunFacts['mechanisms'] {
  // One that both chooses and rewrites stands in the plan twice.
  const each = new Map<string, Mechanism>(plan.mechanisms.map((mechanism) => [mechanism.id, mechanism]));
  const { collect, drift, respond, sense } = scenario;
  const abouts = new Map<string, string | undefined>(
    Object.entries({ drift, sense, respond, collect }).flatMap(([block, specs]) =>
      specs.map(({ about, name }) => [`${block}.${name}`, about] as const),
    ),
  );
  return [...each.values()].map(({ from, id, off, to }) => ({
    id,
    about: abouts.get(id) ?? '',
    off,
    from,
    to: Number.isFinite(to) ? to : null,
  }));
}
