/** Whether a world reacts to the model: then what a version costs depends on which versions were there before it. */
import type { LoadedScenario } from '../scenario/load.js';

/** Blocks in which a model or a decision that is named changes what happens or what is recorded. */
const WORLD = ['population', 'outcome', 'state', 'drift', 'sense', 'respond', 'collect'] as const;

/**
 * True where what people do, the outcome, the records or the state of the world name a model or a decision: people who change
 * by themselves react to nobody. It may be true of a world that does not react (a name that changes nothing), never false of
 * one that does.
 */
export function reacts({ plan, scenario }: LoadedScenario): boolean {
  // Intervals that adapt are made from what was said before.
  if (plan.models.some(({ uncertainty }) => uncertainty.gamma !== null)) return true;
  const names = [...Object.keys(scenario.models), ...Object.keys(scenario.decide)];
  if (names.length === 0) return false;
  const named = new RegExp(`\\b(${names.join('|')})\\b`);
  return WORLD.some((block) => named.test(textOf(scenario[block])));
}

/** Values of what is on; the names of mechanisms are no formulas. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return `${value}\n`;
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value !== 'object' || value === null || ('off' in value && value.off === true)) return '';
  return Object.entries(value)
    .filter(([key]) => key !== 'name' && key !== 'about')
    .map(([, inner]) => textOf(inner))
    .join('');
}
