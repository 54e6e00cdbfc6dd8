/** A small world whose measure is additive in two parameters, and what tests need of a folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** middle = mean of the draws + level + 2 shift. */
export const ADDITIVE = `name: additive
steps: 3
population: { size: 20, fields: { x: "normal(level + 2 * shift, 1)" } }
state: { level: 0, shift: 0 }
outcome: { field: y, value: x }
lab: { size: 5, holdout: 0 }
models: { m: { learner: mean, start: { intercept: 0 } } }
respond: [{ name: lift, field: x, becomes: x + 1, share: 0.5, moves: true }]
measure: { middle: mean(x) }
`;

/** Goes when the tests of the file have ended. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'driftloop-sweep-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function additiveIn(folder: string, text = ADDITIVE): string {
  const file = join(folder, 'additive.yaml');
  writeFileSync(file, text);
  return file;
}
