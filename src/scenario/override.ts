/** Changing a scenario: another file's values under it (`extends`), or single values over it (`--set path=value`). */
import { z } from 'zod';
import { nearest } from '../core/nearest.js';
import { ScenarioError } from './diagnostic.js';
import { scenarioSchema } from './schema.js';
import { isLocatedList, isLocatedMap, type Located, nameOf, readYaml, Source } from './source.js';

/** Values by path: `steps`, `population.size`, `respond.gaming.strength`. */
export type Overrides = Readonly<Record<string, unknown>>;

/**
 * `over` on top of `under`: keys are merged, lists of named things are merged by name (new names come last), anything
 * else is replaced. An empty value takes a key away.
 */
export function merge(under: Located, over: Located): Located {
  if (isLocatedMap(under.value) && isLocatedMap(over.value)) {
    const entries = new Map(under.value);
    for (const [key, { keyOffset, node }] of over.value) {
      const below = under.value.get(key);
      // An empty value takes away what the file below says.
      if (below !== undefined && node.value === null) entries.delete(key);
      else entries.set(key, { keyOffset, node: below === undefined ? node : merge(below.node, node) });
    }
    return { ...over, value: entries };
  }
  if (isLocatedList(under.value) && isLocatedList(over.value) && over.value.every((item) => nameOf(item) !== null)) {
    const items = [...under.value];
    for (const item of over.value) {
      const index = items.findIndex((other) => nameOf(other) === nameOf(item));
      if (index < 0) items.push(item);
      else items[index] = merge(items[index], item);
    }
    return { ...over, value: items };
  }
  return over;
}

/** The overrides that a command line gives as `path=value`; of a path given twice, the last. */
export const assignments = (texts: readonly string[] = []): Overrides =>
  Object.fromEntries(texts.map(parseAssignment).map(({ path, value }) => [path, value]));

/** Reads `path=value` of a command line; the value is YAML, so that numbers, texts, lists and maps can be given. */
export function parseAssignment(text: string): { path: string; value: unknown } {
  const equals = text.indexOf('=');
  const fail = (message: string): never => {
    throw new ScenarioError([
      { file: `--set ${text}`, line: 1, column: 1, message, expected: '`path=value`', nearest: null },
    ]);
  };
  if (equals < 1) return fail('there is no value');
  const path = text.slice(0, equals).trim();
  const holder = readYaml(new Source(`--set ${text}`, `value: ${text.slice(equals + 1)}`));
  const node = isLocatedMap(holder.value) ? holder.value.get('value')?.node : undefined;
  return { path, value: node === undefined ? null : toPlain(node) };
}

const toPlain = ({ value }: Located): unknown => {
  if (isLocatedMap(value)) return Object.fromEntries([...value].map(([key, { node }]) => [key, toPlain(node)]));
  return isLocatedList(value) ? value.map(toPlain) : value;
};

/**
 * The tree with the values at some paths replaced. Items of lists are addressed by their name or number. A key that the
 * thing at the path does not have, but exactly one block inside it has, is found there:
 * `respond.gaming.strength` is `respond.gaming.strategic.strength`. The value null takes a key away. A block of the
 * scenario is always meant itself: `retrain` is not the one inside `costs`, also where the file does not have it.
 */
export function override(root: Located, overrides: Overrides): Located {
  let tree = root;
  for (const [path, value] of Object.entries(overrides)) {
    const source = new Source(`--set ${path}`, JSON.stringify(value) ?? 'null');
    const keys = path.split('.');
    tree = replace(withBlock(tree, keys[0], source), keys, fromPlain(source, value), source);
  }
  return tree;
}

const BLOCKS = new Set(Object.keys(scenarioSchema.shape));
/** Blocks that hold a list. */
const LISTS = new Set(
  Object.entries(scenarioSchema.shape)
    .filter(([, schema]) => schema instanceof z.ZodDefault && schema.unwrap() instanceof z.ZodArray)
    .map(([name]) => name),
);

/** The tree with an empty block where the file leaves out one that a scenario may have. */
function withBlock(root: Located, key: string, source: Source): Located {
  if (!isLocatedMap(root.value) || root.value.has(key) || !BLOCKS.has(key)) return root;
  const node: Located = { source, offset: 0, value: LISTS.has(key) ? [] : new Map() };
  return { ...root, value: new Map([...root.value, [key, { keyOffset: 0, node }]]) };
}

function fromPlain(source: Source, value: unknown): Located {
  if (Array.isArray(value)) return { source, offset: 0, value: value.map((item) => fromPlain(source, item)) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, item]) => [key, { keyOffset: 0, node: fromPlain(source, item) }] as const,
    );
    return { source, offset: 0, value: new Map(entries) };
  }
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { source, offset: 0, value: isScalar ? value : null };
}

function replace(node: Located, path: readonly string[], put: Located, source: Source): Located {
  if (path.length === 0) return put;
  const { value } = node;
  if (isLocatedList(value)) return { ...node, value: replaceItem(value, path, put, source) };
  const entries = new Map(isLocatedMap(value) ? value : []);
  const [key, ...rest] = path;
  const holder = entries.has(key) ? null : onlyHolder(node, key);
  if (holder !== null) return replace(node, [holder, ...path], put, source);
  if (rest.length === 0 && put.value === null) {
    entries.delete(key);
    return { ...node, value: entries };
  }
  const below = entries.get(key)?.node ?? { source, offset: 0, value: new Map() };
  const next = replace(below, rest, put, source);
  entries.set(key, { keyOffset: next === put ? 0 : (entries.get(key)?.keyOffset ?? 0), node: next });
  return { source: isLocatedMap(value) ? node.source : source, offset: node.offset, value: entries };
}

/** What stands at a path, found as `override` finds it; null where nothing was written there. */
export function valueAt(root: Located, path: string): Located | null {
  const keys = path.split('.');
  const isAbsent = isLocatedMap(root.value) && !root.value.has(keys[0]) && BLOCKS.has(keys[0]);
  return isAbsent ? null : found(root, keys);
}

function found(node: Located, path: readonly string[]): Located | null {
  if (path.length === 0) return node;
  const { value } = node;
  if (isLocatedList(value)) {
    const item = itemAt(value, path);
    return item === null ? null : found(value[item.index], path.slice(item.length));
  }
  if (!isLocatedMap(value)) return null;
  const [key, ...rest] = path;
  const entry = value.get(key);
  if (entry !== undefined) return found(entry.node, rest);
  const holder = onlyHolder(node, key);
  return holder === null ? null : found(value.get(holder)?.node ?? node, path);
}

/** The one block inside `node` that has the key. */
function onlyHolder({ value }: Located, key: string): string | null {
  if (!isLocatedMap(value)) return null;
  const holders = [...value].filter(([, { node }]) => isLocatedMap(node.value) && node.value.has(key));
  return holders.length === 1 ? holders[0][0] : null;
}

/** The item that a path begins with, and how many of the path's parts name it. */
function itemAt(items: readonly Located[], path: readonly string[]): { index: number; length: number } | null {
  // A name may itself hold dots.
  for (let length = 1; length <= path.length; length++) {
    const name = path.slice(0, length).join('.');
    const byName = items.findIndex((item) => nameOf(item) === name);
    const index = byName >= 0 ? byName : /^\d+$/.test(name) && Number(name) < items.length ? Number(name) : -1;
    if (index >= 0) return { index, length };
  }
  return null;
}

function replaceItem(items: readonly Located[], path: readonly string[], put: Located, source: Source): Located[] {
  const item = itemAt(items, path);
  if (item !== null)
    return items.map((old, k) => (k === item.index ? replace(old, path.slice(item.length), put, source) : old));
  const names = items.map((item, k) => nameOf(item) ?? String(k));
  throw new ScenarioError([
    {
      file: source.file,
      line: 1,
      column: 1,
      message: `there is no \`${path[0]}\` in this list`,
      expected: names.length === 0 ? 'nothing: the list is empty' : `one of ${names.join(', ')}`,
      nearest: nearest(path[0], names),
    },
  ]);
}
