/** What a scenario is known by: its text as resolved, and the rows that it reads. */
import { createHash } from 'node:crypto';
import type { LoadedScenario } from '../../scenario/load.js';

const known = new WeakMap<LoadedScenario, string>();

/** SHA-256, in hexadecimal digits. */
export function scenarioHash(loaded: LoadedScenario): string {
  const before = known.get(loaded);
  if (before !== undefined) return before;
  const hash = createHash('sha256').update(resolvedText(loaded));
  for (const [name, column] of loaded.plan.population.table?.columns ?? [])
    hash.update(`\n${name}\n`).update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  const made = hash.digest('hex');
  known.set(loaded, made);
  return made;
}

/** The scenario as resolved, as JSON: what it extends is in it already. */
export function resolvedText({ scenario }: LoadedScenario): string {
  const { extends: _below, ...whole } = scenario;
  return JSON.stringify(whole);
}
