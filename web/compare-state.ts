/** What a link says of a comparison. */
import { OWN } from '../src/scenario/policy.js';

export const MOST_POLICIES = 8;

/** Plain JSON, so that a link can hold it. */
export interface CompareState {
  /** In words, or by a name that the scenario has for them. */
  readonly policies: readonly string[];
  readonly seeds: number;
  readonly yardsticks: boolean;
}

export interface CompareLink {
  readonly state?: CompareState;
  /** What of the link was not understood. */
  readonly note: string;
}

const LOST = 'What this link says of a comparison cannot be understood: these are the policies to begin with.';

/** Reads what a link holds; one from before policies were words is put into words as far as it can be. */
export function readCompare(text: string): CompareLink {
  if (text === '') return { note: '' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { note: LOST };
  }
  const { policies, seeds, yardsticks } = (value ?? {}) as Partial<Record<keyof CompareState, unknown>>;
  if (!Number.isInteger(seeds) || !Array.isArray(policies) || policies.length > MOST_POLICIES) return { note: LOST };
  const words = policies.map((one) => (typeof one === 'string' ? one : wordsOf(one)));
  const read = [...new Set(words.filter((one) => one !== null))];
  if (read.length === 0 && words.length > 0) return { note: LOST };
  const lost = words.length - words.filter((one) => one !== null).length;
  const note = lost === 0 ? '' : `This link is of an older kind: ${lost} of its policies cannot be put into words.`;
  return { state: { policies: read, seeds: seeds as number, yardsticks: yardsticks === true }, note };
}

/** `{ set: { 'retrain.when': { every: 20 } } }` in words; null where it has none. */
function wordsOf(policy: unknown): string | null {
  const { set } = (policy ?? {}) as { set?: unknown };
  if (typeof set !== 'object' || set === null) return null;
  const { 'retrain.when': when, 'retrain.window': window, ...rest } = set as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return null;
  const parts = [whenWords(when), windowWords(window)];
  if (parts.includes(null)) return null;
  return parts.filter((part) => part !== '').join(', ') || OWN;
}

function whenWords(when: unknown): string | null {
  if (when === undefined) return '';
  if (when === 'never') return 'never';
  const { at, every } = (when ?? {}) as { at?: unknown; every?: unknown };
  if (typeof every === 'number') return `every ${every}`;
  return Array.isArray(at) ? `at ${at.map(Number).join(' ')}` : null;
}

function windowWords(window: unknown): string | null {
  if (window === undefined) return '';
  if (window === 'all') return 'all';
  const { last } = (window ?? {}) as { last?: unknown };
  return typeof last === 'number' ? `last ${last}` : null;
}
