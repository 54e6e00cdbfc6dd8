/** Which mechanisms take part: each is switched off and on as one. */
import { nearest } from '../../core/nearest.js';
import type { LoadedScenario } from '../../scenario/load.js';
import { ExplainError } from './error.js';

/** What is switched as one: a mechanism, or a whole block. */
export interface Player {
  /** As it was asked for: `respond.gaming`, or `respond`. */
  readonly name: string;
  /** Ids of its mechanisms. */
  readonly ids: readonly string[];
}

/** Coalitions are bits of a number. */
const MOST = 30;

/**
 * Those that are named; by default every mechanism that the scenario has on, or switches on later (`schedule`). A block's name
 * makes one player of all its mechanisms.
 *
 * @throws ExplainError where there is no such mechanism, or it is never on.
 */
export function playersOf(loaded: LoadedScenario, names?: readonly string[]): Player[] {
  const { plan, scenario } = loaded;
  const all = plan.mechanisms.map(({ id }) => id);
  const isEverOn = (id: string) =>
    plan.mechanisms.some((m) => m.id === id && !m.off) ||
    scenario.schedule.some(({ set }) => Object.hasOwn(set, `${id}.off`));
  const on = all.filter(isEverOn);
  const asked = names ?? on;
  const players = [...new Set(asked)].map((name): Player => {
    const own = name.includes('.') ? [name] : all.filter((id) => id.startsWith(`${name}.`));
    const known = own.filter((id) => all.includes(id));
    if (known.length === 0) throw unknownMechanism(name, all);
    const ids = known.filter((id) => on.includes(id));
    if (ids.length === 0)
      throw new ExplainError(`\`${name}\` is switched off in the scenario: it does nothing that could be explained`);
    return { name, ids };
  });
  if (players.length === 0)
    throw new ExplainError('the scenario has no mechanism that is on: there is nothing that could be switched off');
  if (players.length > MOST) throw new ExplainError(`${players.length} mechanisms are more than ${MOST}: pick some`);
  const twice = players.flatMap(({ ids }) => ids).find((id, k, ids) => ids.indexOf(id) < k);
  if (twice !== undefined) throw new ExplainError(`\`${twice}\` takes part twice: once by itself, once in its block`);
  return players;
}

function unknownMechanism(name: string, all: readonly string[]): ExplainError {
  const near = nearest(name, [...all, ...new Set(all.map((id) => id.split('.')[0]))]);
  const hint =
    near === null ? (all.length === 0 ? '' : `; there are ${all.join(', ')}`) : `; did you mean \`${near}\`?`;
  return new ExplainError(`there is no mechanism \`${name}\`${hint}`);
}

/** The mechanisms that are off in a coalition. */
export const offIn = (players: readonly Player[], coalition: number): string[] =>
  players.flatMap(({ ids }, i) => ((coalition & (1 << i)) === 0 ? ids : []));
