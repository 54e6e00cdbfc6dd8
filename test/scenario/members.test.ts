/** What a scenario may be made of is shown somewhere: every member appears in a scenario that comes with driftloop. */
import { beforeAll, describe, expect, it } from 'vitest';
import { scenarioFiles } from '../../src/scenario/gallery.js';
import { loadScenario } from '../../src/scenario/load.js';
import { jsonSchema, type Scenario } from '../../src/scenario/schema.js';

/** Members whose scenario is still to come. */
const COMING = new Set<string>([
  'decide.allocate',
  'respond.participation',
  'collect.label.from: model',
  'collect.label.from: sampled',
]);

/** Keys that say when, on whom and on what a mechanism acts, and are no members. */
const GENERAL = new Set(
  'name about off from to where share field memory moves when model score above by thresholds otherwise'.split(' '),
);

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
}

const schema = jsonSchema() as Node;
const alternatives = (node: Node | undefined): readonly Node[] => node?.anyOf ?? node?.oneOf ?? (node ? [node] : []);
const keysOf = (node: Node | undefined): string[] =>
  alternatives(node).flatMap((one) => Object.keys(one.properties ?? {}));
const constantsOf = (node: Node | undefined, key: string): string[] =>
  alternatives(node).flatMap(({ properties }) => {
    const at = properties?.[key];
    return at === undefined ? [] : [...(at.enum ?? []), at.const].filter((value) => value !== undefined).map(String);
  });

/** Every member that the schema knows: `sense.clip`, `learner: tree`. */
function members(): string[] {
  const { collect, decide, drift, models, respond, sense } = schema.properties ?? {};
  const blocks = { drift: drift?.items, sense: sense?.items, respond: respond?.items, collect: collect?.items };
  const found = Object.entries(blocks).flatMap(([block, node]) => keysOf(node).map((key) => [block, key]));
  found.push(...keysOf(decide?.additionalProperties).map((key) => ['decide', key]));
  const model = models?.additionalProperties;
  const kinds = alternatives(model).flatMap(({ properties }) => constantsOf(properties?.uncertainty, 'kind'));
  const label = collect?.items?.properties?.label;
  return [
    ...new Set([
      ...found.filter(([, key]) => !GENERAL.has(key)).map(([block, key]) => `${block}.${key}`),
      'decide.thresholds',
      ...constantsOf(model, 'learner').map((learner) => `learner: ${learner}`),
      ...kinds.map((kind) => `uncertainty: ${kind}`),
      ...constantsOf(label, 'from').map((from) => `collect.label.from: ${from}`),
    ]),
  ];
}

/** The members that a scenario uses. */
function used({ collect, decide, drift, models, respond, sense }: Scenario): string[] {
  const keys = (block: string, items: readonly object[]) =>
    items.flatMap((item) =>
      Object.entries(item)
        .filter(([, value]) => value !== undefined)
        .map(([key]) => `${block}.${key}`),
    );
  const decisions = Object.values(decide).filter((decision) => typeof decision === 'object');
  return [
    ...keys('drift', drift),
    ...keys('sense', sense),
    ...keys('respond', respond),
    ...keys('collect', collect),
    ...keys('decide', decisions),
    ...collect.flatMap(({ label }) => (label === undefined ? [] : [`collect.label.from: ${label.from}`])),
    ...Object.values(models).flatMap(({ learner, uncertainty }) => [
      `learner: ${learner}`,
      // What a model does where nobody says otherwise.
      `uncertainty: ${uncertainty?.kind ?? 'residual'}`,
    ]),
  ];
}

describe('the scenarios that come with driftloop', () => {
  const inUse = new Set<string>();
  beforeAll(async () => {
    for (const file of await scenarioFiles()) {
      // Where the rows are not at hand, what the file says of members is said all the same.
      const loaded = await loadScenario(file).catch(() => null);
      for (const member of loaded === null ? [] : used(loaded.scenario)) inUse.add(member);
    }
  }, 60_000);

  it('knows what there is to look for', () => {
    expect(members()).toEqual(
      expect.arrayContaining([
        'drift.becomes',
        'sense.swap',
        'respond.contagion',
        'collect.censor',
        'decide.top',
        'learner: tree',
        'uncertainty: bayesian',
        'collect.label.from: adopted',
      ]),
    );
  });

  it('every member appears in a shipped scenario', () => {
    expect(members().filter((member) => !inUse.has(member) && !COMING.has(member))).toEqual([]);
  });

  it('what is announced is not there yet', () => {
    expect([...COMING].filter((member) => inUse.has(member) || !members().includes(member))).toEqual([]);
  });
});
