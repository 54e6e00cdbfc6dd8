/** A study as a tree that remembers where each value was written: in a study file, in a flag, or in a call. */
import { readFile } from 'node:fs/promises';
import { ScenarioError } from '../../scenario/diagnostic.js';
import { isLocatedMap, type Located, readYaml, Source } from '../../scenario/source.js';

/** Reads a YAML file. Throws a `ScenarioError`. */
export async function readStudy(file: string): Promise<Located> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a folder' : message;
    const expected = 'a scenario or a study file';
    throw new ScenarioError([{ file, line: 1, column: 1, message: what, expected, nearest: null }]);
  }
  return readYaml(new Source(file, text.replace(/^\uFEFF/, '')));
}

/** A study file varies something; a scenario does not. */
export const isStudy = ({ value }: Located): boolean =>
  isLocatedMap(value) && (value.has('over') || value.has('study'));

/** A value that stands in no file: `source` is what a message calls the place. */
export function given(source: string, value: unknown): Located {
  const own = new Source(source, typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  const node = (item: unknown): Located => {
    if (Array.isArray(item)) return { source: own, offset: 0, value: item.map(node) };
    if (typeof item === 'object' && item !== null)
      return {
        source: own,
        offset: 0,
        value: new Map(
          Object.entries(item)
            .filter(([, inner]) => inner !== undefined)
            .map(([key, inner]) => [key, { keyOffset: 0, node: node(inner) }]),
        ),
      };
    const isScalar = typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean';
    return { source: own, offset: 0, value: isScalar ? item : null };
  };
  return node(value);
}

/** The tree with values over those of the file; what is a map in both is put together. */
export function overlaid(root: Located, values: Readonly<Record<string, Located>>): Located {
  const entries = new Map(isLocatedMap(root.value) ? root.value : []);
  for (const [key, node] of Object.entries(values)) {
    const below = entries.get(key)?.node.value;
    const isMerged = below !== undefined && isLocatedMap(below) && isLocatedMap(node.value);
    const merged = isMerged ? { ...node, value: new Map([...below, ...node.value]) } : node;
    entries.set(key, { keyOffset: 0, node: merged });
  }
  return { ...root, value: entries };
}

/** A map of values that each have a source of their own. */
export const mapOf = (source: string, entries: readonly (readonly [string, Located])[]): Located => ({
  source: new Source(source, ''),
  offset: 0,
  value: new Map(entries.map(([key, node]) => [key, { keyOffset: 0, node }])),
});
