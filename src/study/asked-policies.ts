/** Which policies a comparison is made of where nobody says, and the yardsticks that are put beside them. */
import { OWN } from '../scenario/policy.js';

export const ORACLE = 'oracle';
export const BEST_FIXED = 'best fixed';
const RANDOM = /^random like (.+)$/;

/** The policy that a yardstick `random like NAME` trains as often as; null where it is none. */
export const likeOf = (name: string): string | null => RANDOM.exec(name)?.[1] ?? null;

export const isYardstick = (name: string): boolean => name === ORACLE || name === BEST_FIXED || likeOf(name) !== null;

/** The scenario's own policies by name; without them never, what the scenario does, and a few periods. */
export function firstPolicies(own: Readonly<Record<string, string>>, steps: number): string[] {
  const names = Object.keys(own).filter((name) => name !== 'never');
  if (Object.keys(own).length > 0) return ['never', ...names];
  return ['never', OWN, ...[5, 10, 20, 40].filter((k) => k < steps).map((k) => `every ${k}`)];
}

/** With `never`, the best fixed period, the oracle, and for each policy that waits for a reason one that trains at random as often. */
export function withYardsticks(asked: readonly string[], own: Readonly<Record<string, string>>): string[] {
  const wordsOf = (name: string) => (Object.hasOwn(own, name) ? own[name] : name);
  const clever = asked.filter((name) => !isYardstick(name) && /\b(on|above|below|cost-aware)\b/.test(wordsOf(name)));
  return [...new Set(['never', ...asked, ...clever.map((name) => `random like ${name}`), BEST_FIXED, ORACLE])];
}
