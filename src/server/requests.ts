/** What may be asked of the server. A request that is not right is told in one sentence a key. */
import { json, type RequestHandler } from 'express';
import { z } from 'zod';
import { nearest } from '../core/nearest.js';
import { MOST_PEOPLE } from '../loop/view.js';
import { VANTAGES } from '../study/explain/index.js';
import type { Gallery } from './gallery.js';
import { Refused } from './refused.js';
import type { RunSource } from './run-store.js';

const MOST_SPEED = 10_000;
const MOST_HANDS = 300;
const MOST_POLICIES = 8;
/** Letters of a policy in words. */
const MOST_WORDS = 200;
const MOST_SEEDS = 50;
/** Over which bands are drawn. */
const MOST_SEEDS_OF_BANDS = 200;
/** Of a policy's value, such as `{ every: 20 }`. */
const MOST_LEVELS = 8;

const scalar = z.union([z.number(), z.string().max(4000), z.boolean()]);
const path = z.string().min(1).max(200);
const values = z.record(path, scalar).refine((set) => Object.keys(set).length <= 100);
const names = z.array(z.string().min(1).max(200)).max(100);
const speed = z.union([z.number().min(0.1).max(MOST_SPEED), z.null()]);
const step = z.int().min(0);
const view = z.strictObject({
  x: z.string().max(200).optional(),
  y: z.string().max(200).optional(),
  people: z.int().min(1).max(MOST_PEOPLE).optional(),
});
const intervention = z.strictObject({
  at: step,
  set: values.optional(),
  retrain: z.union([z.literal(true), names]).optional(),
});

const asked = {
  scenario: z.string().max(200).optional(),
  text: z.string().optional(),
  set: values.default({}),
  off: names.default([]),
};
const seed = z.int().min(0);

export const runRequest = z.strictObject({
  ...asked,
  seed: seed.optional(),
  interventions: z.array(intervention).max(MOST_HANDS).default([]),
  twin: z.boolean().default(true),
  speed: speed.default(10),
  until: step.optional(),
  view: view.default({}),
});

const policy = z.strictObject({
  name: z.string().trim().min(1).max(80),
  set: z
    .record(
      path,
      z.custom<unknown>((value) => isFlat(value, MOST_LEVELS)),
    )
    .refine((set) => Object.keys(set).length <= 16),
});

const words = z.string().trim().min(1).max(MOST_WORDS);

export const compareRequest = z.strictObject({
  ...asked,
  policies: z
    .array(z.union([words, policy]))
    .min(1)
    .max(MOST_POLICIES)
    .refine((all) => new Set(all.map((one) => (typeof one === 'string' ? one : one.name))).size === all.length),
  yardsticks: z.boolean().default(false),
  seed: seed.max(Number.MAX_SAFE_INTEGER - MOST_SEEDS).optional(),
  seeds: z.int().min(1).max(MOST_SEEDS).optional(),
});

export const explainRequest = z.strictObject({
  ...asked,
  interventions: z.array(intervention).max(MOST_HANDS).default([]),
  metric: z.string().max(200).optional(),
  vantage: z.enum(VANTAGES).optional(),
  seed: seed.max(Number.MAX_SAFE_INTEGER - MOST_SEEDS).optional(),
  seeds: z.int().min(1).max(MOST_SEEDS).optional(),
});

export const seedsRequest = z.strictObject({
  ...asked,
  interventions: z.array(intervention).max(MOST_HANDS).default([]),
  metric: z.string().max(200).optional(),
  model: z.string().max(200).optional(),
  slice: z.string().max(200).nullable().optional(),
  beside: names.optional(),
  seed: seed.max(Number.MAX_SAFE_INTEGER - MOST_SEEDS_OF_BANDS).optional(),
  seeds: z.int().min(1).max(MOST_SEEDS_OF_BANDS).optional(),
});

/** What comes out of JSON may be nested as deep as the request is long. */
function isFlat(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isFlat(item, levels - 1));
}

export const control = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('pause') }),
  z.strictObject({ do: z.literal('resume') }),
  z.strictObject({ do: z.literal('step'), steps: z.int().min(1).default(1) }),
  z.strictObject({ do: z.literal('speed'), speed }),
  z.strictObject({ do: z.literal('set'), set: values.refine((set) => Object.keys(set).length > 0) }),
  z.strictObject({ do: z.literal('retrain'), models: names.min(1).optional() }),
  z.strictObject({ do: z.literal('view'), view }),
  z.strictObject({ do: z.literal('stop') }),
]);

/** What each key is, for whoever wrote something else. */
const KEYS: Readonly<Record<string, string>> = {
  scenario: 'the id of a scenario of the gallery, a text',
  text: 'a scenario as YAML, a text',
  seed: 'a whole number, 0 or more',
  set: 'values by path, each a number, a text, or true or false; at most 100',
  off: 'a list of mechanisms',
  interventions: `a list of { at, set, retrain }, at most ${MOST_HANDS}, \`at\` a step`,
  twin: 'true or false',
  speed: `steps a second, a number from 0.1 to ${MOST_SPEED}, or null for as fast as it goes`,
  until: 'a step, a whole number, 0 or more',
  view: `{ x, y, people }: two names, and a whole number from 1 to ${MOST_PEOPLE}`,
  policies: `a list of 1 to ${MOST_POLICIES}, each in words, such as \`every 20, last 40\` (at most ${MOST_WORDS} letters), or { name, set } with a name of its own and at most 16 values by path; none twice`,
  yardsticks: 'true or false',
  seeds: `a whole number from 1 to ${MOST_SEEDS}`,
  metric: 'a metric, or another name of the trace, a text',
  vantage: '`lab`, `observed` or `actual`',
  steps: 'a whole number, 1 or more',
  models: 'a list of models, not empty',
  do: '`pause`, `resume`, `step`, `speed`, `set`, `retrain`, `view` or `stop`',
};

/** Where they are something else in this request. */
export const KEYS_OF_SEEDS: Readonly<Record<string, string>> = {
  seeds: `a whole number from 1 to ${MOST_SEEDS_OF_BANDS}`,
  metric: 'a metric of the model, or a number of the trace, a text',
  model: 'the name of a model',
  slice: 'the name of a slice, or null for everybody',
  beside: 'a list of other models, or beside a number of other numbers',
};

/** Throws a `Refused` that says what was expected of each key that is not right. */
export function checked<T extends z.ZodType>(
  schema: T,
  body: unknown,
  own: Readonly<Record<string, string>> = {},
): z.output<T> {
  const keys = { ...KEYS, ...own };
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const sentences = result.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? '');
    if (key === '' && issue.code === 'unrecognized_keys')
      return issue.keys.map((one) => unknown(one, Object.keys(keys))).join(' ');
    return key in keys ? `\`${key}\` is ${keys[key]}.` : 'The request is a JSON object.';
  });
  throw new Refused([...new Set(sentences)].join(' '));
}

function unknown(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `\`${key.slice(0, 60)}\` is not known here${meant === null ? '.' : `; did you mean \`${meant}\`?`}`;
}

/** Reads a request that holds a scenario: a text grows when it is put into JSON. */
export const bodyOf = (scenarioBytes: number): RequestHandler => json({ limit: 2 * scenarioBytes + 64 * 1024 });

/** Where the scenario that is asked for comes from. Throws a `Refused`. */
export function askedSource(
  { scenario, text }: { readonly scenario?: string; readonly text?: string },
  gallery: Pick<Gallery, 'source'>,
  most: number,
): RunSource {
  if ((scenario === undefined) === (text === undefined))
    throw new Refused('The request names one of `scenario` and `text`.');
  if (text !== undefined) {
    if (Buffer.byteLength(text) > most)
      throw new Refused(`The scenario is longer than ${Math.round(most / 1024)} KB.`, undefined, 413);
    return { kind: 'text', text };
  }
  const source = gallery.source(scenario ?? '');
  if (source === null) throw new Refused(`There is no scenario \`${scenario}\` in the gallery.`, undefined, 404);
  return source;
}
