/** Which of the shipped scenarios use what. */
import { join, relative } from 'node:path';
import { scenarioFiles } from '../../src/scenario/gallery.js';
import { readWritten } from '../../src/scenario/load.js';

export interface Shipped {
  /** From the root of the project. */
  readonly file: string;
  readonly written: Readonly<Record<string, unknown>>;
  /** Everything that it says, the files below it included. */
  readonly text: string;
}

export async function shippedScenarios(root: string): Promise<Shipped[]> {
  return Promise.all(
    (await scenarioFiles(join(root, 'scenarios'))).map(async (path) => {
      const written = (await readWritten(path)) as Record<string, unknown>;
      return { file: relative(root, path).replaceAll('\\', '/'), written, text: JSON.stringify(written) };
    }),
  );
}

/** The items of a list, or the values of a map, that stand at a key of a scenario. */
export function itemsOf({ written }: Shipped, block: string): Readonly<Record<string, unknown>>[] {
  const value = written[block];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).filter((item) => typeof item === 'object' && item !== null);
}

/** Some links, and how many more. */
export function usedBy(scenarios: readonly Shipped[], uses: (scenario: Shipped) => boolean, most = 4): string {
  const files = scenarios.filter(uses).map(({ file }) => file);
  const links = files.slice(0, most).map((file) => `[${/([^/]+)\.ya?ml$/.exec(file)?.[1]}](../${file})`);
  const more = files.length - links.length;
  return `${links.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
