/**
 * Retraining policies as a person writes them: parts with commas between, `every 20, last 40` or `on errors, cool 10, gate 0.2`.
 *
 * When: `never`, `every N`, `at N N ...`, `random RATE`, `on MONITOR`, `METRIC above X`, `METRIC below X`, `cost-aware`,
 * `cost-aware now`. On what: `all`, `last N`, `last N with lab`, `newest N`, `since alarm`, `since warning`, `half-life N`,
 * `reservoir N`. How often: `cool N`, `budget N`. Whether and how to deploy: `gate SHARE`, `lag N`, `shadow N`,
 * `canary SHARE for N`, `rollback N`.
 */
import { nearest } from '../core/nearest.js';
import type { Policy } from './compare.js';

/** The name of the policy that changes nothing. */
export const OWN = "the scenario's own";

/** What is wrong with a policy that a person wrote. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

type Values = readonly (readonly [path: string, value: unknown])[];

const when = (value: unknown): Values => [['retrain.when', value]];
const window = (value: unknown): Values => [['retrain.window', value]];

const NUMBER = '(-?[0-9]+(?:\\.[0-9]+)?(?:e-?[0-9]+)?)';
const part = (pattern: string) => new RegExp(`^${pattern.replaceAll('N', NUMBER)}$`);

/** Each part with the values that it stands for; the numbers of a part come in the order in which they are written. */
const PARTS: readonly (readonly [pattern: RegExp, values: (words: readonly string[]) => Values])[] = [
  [part('never'), () => when('never')],
  [part('manual'), () => when('manual')],
  [part('every N(?: steps?)?'), ([k]) => when({ every: Number(k) })],
  [part('at ([0-9]+(?: [0-9]+)*)'), ([steps]) => when({ at: steps.split(' ').map(Number) })],
  [part('random N'), ([rate]) => when({ random: Number(rate) })],
  [part('on (.+)'), ([monitor]) => when({ alarm: monitor })],
  [part('([A-Za-z0-9]+) above N'), ([metric, limit]) => when({ metric, above: Number(limit) })],
  [part('([A-Za-z0-9]+) below N'), ([metric, limit]) => when({ metric, below: Number(limit) })],
  [part('cost-aware'), () => when({ staleness: 'cumulative' })],
  [part('cost-aware now'), () => when({ staleness: 'now' })],
  [part('all'), () => window('all')],
  [part('last N(?: steps?)?'), ([k]) => window({ last: Number(k) })],
  [part('last N with lab'), ([k]) => window({ last: Number(k), lab: true })],
  [part('newest N'), ([rows]) => window({ rows: Number(rows) })],
  [part('since (alarm|warning)'), ([level]) => window({ since: level })],
  [part('half-life N'), ([h]) => window({ halfLife: Number(h) })],
  [part('reservoir N'), ([rows]) => window({ reservoir: Number(rows) })],
  [part('cool N'), ([k]) => [['retrain.cool', Number(k)]]],
  [part('budget N'), ([k]) => [['retrain.budget', Number(k)]]],
  [part('gate N'), ([share]) => [['retrain.gate', { holdout: Number(share) }]]],
  [part('lag N'), ([k]) => [['retrain.deploy.lag', Number(k)]]],
  [part('shadow N'), ([k]) => [['retrain.deploy.shadow', Number(k)]]],
  [part('canary N for N'), ([share, k]) => [['retrain.deploy.canary', { share: Number(share), steps: Number(k) }]]],
  [part('rollback N'), ([k]) => [['retrain.deploy.rollback', Number(k)]]],
];

const WORDS =
  'never manual every at random on above below cost-aware all last newest since half-life reservoir cool budget gate lag shadow canary rollback'.split(
    ' ',
  );

/**
 * The policy that a text stands for, by its own words as name. What it leaves out stays as the scenario has it.
 *
 * @throws PolicyError that names the part which means nothing, or two that contradict each other.
 */
export function policyOf(text: string, name = text): Policy {
  const set: Record<string, unknown> = {};
  for (const words of text.split(',').map((one) => one.trim().replace(/\s+/g, ' '))) {
    for (const [path, value] of valuesOf(words, text)) {
      if (Object.hasOwn(set, path))
        throw new PolicyError(`policy \`${text}\`: \`${words}\` contradicts what is before it`);
      set[path] = value;
    }
  }
  return { name, set };
}

/** The policy of that name in the scenario, or the one that the text itself says. Throws a `PolicyError`. */
export function namedPolicy(own: Readonly<Record<string, string>>, text: string): Policy {
  if (text === OWN) return { name: text, set: {} };
  return policyOf(Object.hasOwn(own, text) ? own[text] : text, text);
}

function valuesOf(words: string, text: string): Values {
  for (const [pattern, values] of PARTS) {
    const found = pattern.exec(words);
    if (found !== null) return values(found.slice(1));
  }
  const near = nearest(words.split(' ')[0], WORDS);
  const hint = near === null ? '' : `; did you mean \`${near}\`?`;
  throw new PolicyError(
    `policy \`${text}\`: \`${words}\` means nothing; expected parts such as \`never\`, \`every 20\`, \`on NAME\`, \`cost-aware\`, \`last 40\`, \`cool 10\`, \`gate 0.2\`${hint}`,
  );
}
