/** Real data and reference traces that lie beside the project: tests that need them are skipped where they are not there. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/', import.meta.url));

export const shared = (path: string): string => `${folder}${path}`;

/** For `describe.skipIf`: says on the console what is missing and that tests are skipped for it. */
export function missing(path: string): boolean {
  const absent = !existsSync(shared(path));
  if (absent) console.warn(`skipped: ${path} is not beside the project (${folder})`);
  return absent;
}
