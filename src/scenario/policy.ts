/**
 * Retraining policies as a person writes them: parts with commas between, `every 20, last 40` or `on errors, cool 10, gate 0.2`.
 *
 * When: `never`, `manual`, `every N`, `at N N ...`, `random RATE`, `on MONITOR`, `METRIC above X`, `METRIC below X`,
 * `cost-aware`, `cost-aware now`. On what: `all`, `last N`, `last N with lab`, `newest N`, `since alarm`, `since warning`,
 * `half-life N`, `reservoir N`. How often: `cool N`, `budget N`. With how many labels: `labels N`, `labels N a step`. Whether and
 * how to deploy: `gate SHARE`, `lag N`, `shadow N`, `canary SHARE for N`, `rollback N`.
 */
import { nearest } from '../core/nearest.js';
import type { LoadedScenario } from './load.js';

export interface Policy {
  readonly name: string;
  /** Values by path: `{ 'retrain.when': { every: 20 }, 'retrain.window': { last: 40 } }`. None: as the scenario says. */
  readonly set: Readonly<Record<string, unknown>>;
}

/** What is wrong with a policy that a person wrote. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  constructor(
    readonly complaint: string,
    /** The policy; null where the complaint is of something else. */
    text: string | null = null,
    /** Characters of the text before the part that is wrong. */
    readonly offset = 0,
    readonly expected: string | null = null,
    readonly nearest: string | null = null,
  ) {
    const hope = expected === null ? '' : `; expected ${expected}`;
    const hint = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
    super(`${text === null ? '' : `policy \`${text}\`: `}${complaint}${hope}${hint}`);
  }
}

type Values = readonly (readonly [path: string, value: unknown])[];
type Meaning = (words: readonly string[]) => Values;

const when = (value: unknown): Values => [['retrain.when', value]];
const window = (value: unknown): Values => [['retrain.window', value]];

/** The form of each part, and the values that it stands for; what stands for the words in capitals comes in their order. */
const FORMS: readonly (readonly [form: string, means: Meaning])[] = [
  ['never', () => when('never')],
  ['manual', () => when('manual')],
  ['every N', ([k]) => when({ every: Number(k) })],
  ['at N N ...', ([steps]) => when({ at: steps.split(' ').map(Number) })],
  ['random RATE', ([rate]) => when({ random: Number(rate) })],
  ['on MONITOR', ([monitor]) => when({ alarm: monitor })],
  ['METRIC above X', ([metric, limit]) => when({ metric, above: Number(limit) })],
  ['METRIC below X', ([metric, limit]) => when({ metric, below: Number(limit) })],
  ['cost-aware', () => when({ staleness: 'cumulative' })],
  ['cost-aware now', () => when({ staleness: 'now' })],
  ['all', () => window('all')],
  ['last N', ([k]) => window({ last: Number(k) })],
  ['last N with lab', ([k]) => window({ last: Number(k), lab: true })],
  ['newest N', ([rows]) => window({ rows: Number(rows) })],
  ['since alarm', () => window({ since: 'alarm' })],
  ['since warning', () => window({ since: 'warning' })],
  ['half-life N', ([h]) => window({ halfLife: Number(h) })],
  ['reservoir N', ([rows]) => window({ reservoir: Number(rows) })],
  ['cool N', ([k]) => [['retrain.cool', Number(k)]]],
  ['budget N', ([k]) => [['retrain.budget', Number(k)]]],
  ['labels N', ([n]) => [['retrain.labels.budget', Number(n)]]],
  ['labels N a step', ([n]) => [['retrain.labels.perStep', Number(n)]]],
  ['gate SHARE', ([share]) => [['retrain.gate', { holdout: Number(share) }]]],
  ['lag N', ([k]) => [['retrain.deploy.lag', Number(k)]]],
  ['shadow N', ([k]) => [['retrain.deploy.shadow', Number(k)]]],
  ['canary SHARE for N', ([share, k]) => [['retrain.deploy.canary', { share: Number(share), steps: Number(k) }]]],
  ['rollback N', ([k]) => [['retrain.deploy.rollback', Number(k)]]],
];

const NUMBER = '(-?[0-9]+(?:\\.[0-9]+)?(?:e-?[0-9]+)?)';

const pattern = (form: string): RegExp => {
  const source = form
    .replace('N N ...', '([0-9]+(?: [0-9]+)*)')
    .replace('MONITOR', '(.+)')
    .replace('METRIC', '([A-Za-z0-9]+)')
    .replaceAll(/\b(N|X|RATE|SHARE)\b/g, NUMBER);
  return new RegExp(`^${source}${/^(every|last) N$/.test(form) ? '(?: steps?)?' : ''}$`);
};

const PARTS = FORMS.map(([form, means]) => ({ form, means, pattern: pattern(form) }));
const wordsOf = (form: string): string[] => form.split(' ').filter((word) => /^[a-z]/.test(word));
const WORDS = [...new Set(FORMS.flatMap(([form]) => wordsOf(form)))];
const EXAMPLES =
  'parts such as `never`, `every 20`, `on NAME`, `cost-aware`, `last 40`, `cool 10`, `gate 0.2`, with commas between';

/**
 * The policy that a text stands for, by its own words as name. What it leaves out stays as the scenario has it.
 *
 * @throws PolicyError that names the part which means nothing, or two that contradict each other.
 */
export function policyOf(text: string, name = text): Policy {
  const set: Record<string, unknown> = {};
  let start = 0;
  for (const written of text.split(',')) {
    const offset = start + (written.length - written.trimStart().length);
    const words = written.trim().replace(/\s+/g, ' ');
    for (const [path, value] of valuesOf(words, text, offset)) {
      if (Object.hasOwn(set, path)) throw new PolicyError(`\`${words}\` contradicts what is before it`, text, offset);
      set[path] = value;
    }
    start += written.length + 1;
  }
  return { name, set };
}

function valuesOf(words: string, text: string, offset: number): Values {
  for (const { means, pattern: form } of PARTS) {
    const found = form.exec(words);
    if (found !== null) return means(found.slice(1));
  }
  if (words === '') throw new PolicyError('a part is empty', text, offset, EXAMPLES);
  const used = words.split(' ');
  const forms = FORMS.map(([form]) => form).filter((form) => wordsOf(form)[0] === used[0]);
  const expected = forms.length > 0 ? forms.map((form) => `\`${form}\``).join(' or ') : EXAMPLES;
  const near = used.map((word) => (WORDS.includes(word) ? null : nearest(word, WORDS))).find((word) => word !== null);
  throw new PolicyError(`\`${words}\` means nothing`, text, offset, expected, near ?? null);
}

/** The name of the policy that changes nothing. */
export const OWN = "the scenario's own";

/** The policy of that name in the scenario, or the one that the text itself says. Throws a `PolicyError`. */
export function namedPolicy(own: Readonly<Record<string, string>>, text: string): Policy {
  if (text === OWN) return { name: text, set: {} };
  return policyOf(Object.hasOwn(own, text) ? own[text] : text, text);
}

/**
 * A policy's values at the paths where the scenario takes them. What it says of `retrain` holds for every model that
 * retrains as the scenario does, and for the primary model even where it has a `retrain` of its own; other models keep
 * theirs. It is put into each model, and whole: a bare `retrain` is found in `costs` where the file has none of its own.
 */
export function policyOverrides({ plan, scenario }: LoadedScenario, { set }: Policy): Record<string, unknown> {
  const overrides: Record<string, unknown> = {};
  const changes: [path: string[], value: unknown][] = [];
  for (const [path, value] of Object.entries(set)) {
    const [head, ...rest] = path.split('.');
    if (head === 'retrain') changes.push([rest, value]);
    else overrides[path] = value;
  }
  if (changes.length === 0) return overrides;
  for (const [name, model] of Object.entries(scenario.models)) {
    if (model.retrain !== undefined && name !== plan.primary.model) continue;
    overrides[`models.${name}.retrain`] = changes.reduce<unknown>(
      (tree, [path, value]) => put(tree, path, value) ?? {},
      model.retrain ?? scenario.retrain,
    );
  }
  return overrides;
}

/** The tree with a value at a path. What is in the way and has no keys gives way: `never` to `{ every: 5 }`. */
function put(tree: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const isMap = typeof tree === 'object' && tree !== null && !Array.isArray(tree);
  const entries = new Map(isMap ? Object.entries(tree) : []);
  // The value null takes a key away, as it does in every override.
  if (rest.length === 0 && value === null) entries.delete(key);
  else entries.set(key, put(entries.get(key), rest, value));
  return Object.fromEntries(entries);
}
