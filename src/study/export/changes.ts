/** Where two values of JSON differ: the paths, with both values. */

export interface Change {
  readonly path: string;
  /** Not there where the first has nothing at the path. */
  readonly a?: unknown;
  readonly b?: unknown;
}

/** Items of lists are held against each other by their names where all have one, as overrides address them. */
export function changesOf(a: unknown, b: unknown, path = ''): Change[] {
  if (isObject(a) && isObject(b)) {
    const left = entriesOf(a);
    const right = entriesOf(b);
    if (Array.isArray(a) === Array.isArray(b)) {
      return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
        const below = path === '' ? key : `${path}.${key}`;
        if (!left.has(key)) return [{ path: below, b: right.get(key) }];
        if (!right.has(key)) return [{ path: below, a: left.get(key) }];
        return changesOf(left.get(key), right.get(key), below);
      });
    }
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ path, a, b }];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** By name where every item has one of its own; otherwise by number. */
function entriesOf(value: object): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const names = value.map((item: unknown) => (isObject(item) && 'name' in item ? item.name : null));
  const named = names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
  return new Map(value.map((item: unknown, k) => [named ? String(names[k]) : String(k), item]));
}
