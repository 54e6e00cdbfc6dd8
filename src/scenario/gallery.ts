/** The scenarios that come with driftloop. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
export const SCENARIOS = join(PACKAGE, 'scenarios');
export const DEFAULT_SCENARIO = join(SCENARIOS, 'feedback', 'strategic-credit.yaml');

/** The scenario files in a folder, sorted. */
export async function scenarioFiles(folder = SCENARIOS): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
