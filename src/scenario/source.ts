/**
 * A scenario file as a tree that remembers where each value was written, so that every problem can be told by file, line
 * and column, also after another file was extended or a value was overridden.
 */
import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { type Diagnostic, type Path, type Problem, ScenarioError } from './diagnostic.js';

/** A text that values were written in: a file, or an override on the command line. */
export class Source {
  private readonly lineStarts: readonly number[];

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    const starts = [0];
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    this.lineStarts = starts;
  }

  /** Line and column, from 1, of the character at `offset`. */
  position(offset: number): { line: number; column: number } {
    let line = 0;
    while (line + 1 < this.lineStarts.length && this.lineStarts[line + 1] <= offset) line++;
    return { line: line + 1, column: offset - this.lineStarts[line] + 1 };
  }
}

/** A value with its place. */
export interface Located {
  readonly source: Source;
  readonly offset: number;
  readonly value: Scalar | LocatedMap | readonly Located[];
}
export type Scalar = string | number | boolean | null;
export type LocatedMap = ReadonlyMap<string, { readonly keyOffset: number; readonly node: Located }>;

export const isLocatedMap = (value: Located['value']): value is LocatedMap => value instanceof Map;
export const isLocatedList = (value: Located['value']): value is readonly Located[] => Array.isArray(value);

/** Longer or larger files are refused: a scenario may come from a stranger. */
export const MAX_CHARACTERS = 1_000_000;
const MAX_VALUES = 50_000;
const MAX_DEPTH = 40;
const TOO_DEEP = `the file is nested more than ${MAX_DEPTH} deep`;

const diagnosticAt = (source: Source, offset: number, message: string, expected: string | null = null): Diagnostic => ({
  file: source.file,
  ...source.position(offset),
  message,
  expected,
  nearest: null,
});

/** Reads YAML 1.2. Throws a `ScenarioError` with everything that is wrong with the text. */
export function readYaml(source: Source): Located {
  if (source.text.length > MAX_CHARACTERS) {
    throw new ScenarioError([diagnosticAt(source, 0, `the file is longer than ${MAX_CHARACTERS} characters`)]);
  }
  // Not `silent`: that would leave out a second document without a word.
  const document = parseDocument(source.text, { prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  const [first] = document.errors;
  // The parser descends into every bracket before anybody can count them, and ends where the stack does.
  if (document.errors.some(({ message }) => /call stack/.test(message))) {
    throw new ScenarioError([diagnosticAt(source, first.pos[0], TOO_DEEP)]);
  }
  if (first !== undefined) {
    throw new ScenarioError(
      document.errors.map(({ code, message, pos }) =>
        code === 'MULTIPLE_DOCS'
          ? diagnosticAt(source, pos[0], 'a second document begins here', 'one scenario a file')
          : diagnosticAt(source, pos[0], yamlMessage(message), 'valid YAML'),
      ),
    );
  }
  let count = 0;
  const refuse = (node: Node | null, message: string): never => {
    throw new ScenarioError([diagnosticAt(source, node?.range?.[0] ?? 0, message)]);
  };
  const locate = (node: Node | null, depth: number): Located => {
    // Aliases are resolved by copying, which a few lines can make endless.
    if (++count > MAX_VALUES) refuse(node, `the file holds more than ${MAX_VALUES} values`);
    if (depth > MAX_DEPTH) refuse(node, TOO_DEEP);
    const offset = node?.range?.[0] ?? 0;
    if (isAlias(node)) {
      const target = node.resolve(document);
      return target === undefined ? refuse(node, `unknown alias \`*${node.source}\``) : locate(target, depth + 1);
    }
    if (isMap(node)) {
      const entries = new Map<string, { keyOffset: number; node: Located }>();
      for (const pair of node.items) {
        const key = pair.key as Node | null;
        if (!isScalar(key)) return refuse(key, 'a key must be a plain word');
        // The checker passes over it in silence.
        if (key.value === '__proto__') return refuse(key, 'no key may be called `__proto__`');
        const keyOffset = key.range?.[0] ?? offset;
        const value = pair.value as Node | null;
        // An empty value has no place of its own: its key tells where it is.
        const located = value === null ? { source, offset: keyOffset, value: null } : locate(value, depth + 1);
        entries.set(String(key.value), { keyOffset, node: located });
      }
      return { source, offset, value: entries };
    }
    if (isSeq(node)) return { source, offset, value: node.items.map((item) => locate(item as Node, depth + 1)) };
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'bigint') return { source, offset, value: Number(value) };
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return { source, offset, value };
    return { source, offset, value: null };
  };
  const contents = document.contents as Node | null;
  const root = locate(contents, 0);
  if (!isLocatedMap(root.value)) {
    throw new ScenarioError([diagnosticAt(source, root.offset, 'this is not a scenario', 'keys such as `name:`')]);
  }
  return root;
}

const yamlMessage = (message: string): string => message.replace(/\s+/g, ' ').trim();

/** The plain value of a tree. */
export function plain({ value }: Located): unknown {
  if (isLocatedMap(value)) return Object.fromEntries([...value].map(([key, { node }]) => [key, plain(node)]));
  return isLocatedList(value) ? value.map(plain) : value;
}

/** The place of a problem: of the deepest part of its path that was written. */
export function locate(root: Located, { atKey, expected, message, nearest, offset, path }: Problem): Diagnostic {
  let node = root;
  let start = root.offset;
  let depth = 0;
  for (const key of path) {
    const { value } = node;
    if (isLocatedMap(value)) {
      const entry = value.get(String(key));
      if (entry === undefined) break;
      node = entry.node;
      start = atKey && depth === path.length - 1 ? entry.keyOffset : node.offset;
    } else if (isLocatedList(value)) {
      const item = value[Number(key)];
      if (item === undefined) break;
      node = item;
      start = node.offset;
    } else break;
    depth++;
  }
  const at = offset > 0 && depth === path.length ? withinScalar(node.source.text, start, offset) : start;
  return { file: node.source.file, ...node.source.position(at), message, expected, nearest };
}

/** Where the character `offset` of a scalar's value stands in the text: past a quote, or in the lines of a block. */
function withinScalar(text: string, start: number, offset: number): number {
  const first = text[start];
  if (first === '"' || first === "'") return start + 1 + offset;
  if (first !== '|' && first !== '>') return start + offset;
  let at = text.indexOf('\n', start) + 1;
  let left = offset;
  while (at > 0 && at < text.length) {
    while (text[at] === ' ') at++;
    const end = text.indexOf('\n', at);
    const length = (end < 0 ? text.length : end) - at;
    if (left <= length) return at + left;
    left -= length + 1;
    if (end < 0) break;
    at = end + 1;
  }
  return start;
}

/** What `path` says, for a message: `respond.gaming.strength`, list items by their name. */
export function pathText(root: Located, path: Path): string {
  const words: string[] = [];
  let node: Located | undefined = root;
  for (const key of path) {
    const value: Located['value'] | undefined = node?.value;
    if (value !== undefined && isLocatedMap(value)) node = value.get(String(key))?.node;
    else if (value !== undefined && isLocatedList(value)) {
      node = value[Number(key)];
      words.push(nameOf(node) ?? String(key));
      continue;
    } else node = undefined;
    words.push(String(key));
  }
  return words.join('.');
}

/** The `name` of an item of a list. */
export function nameOf(node: Located | undefined): string | null {
  if (node === undefined || !isLocatedMap(node.value)) return null;
  const name = node.value.get('name')?.node.value;
  return typeof name === 'string' ? name : null;
}
