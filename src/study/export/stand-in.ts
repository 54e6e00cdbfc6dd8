/** A scenario whose people are rows of a file, without the file: enough to tell what is in it, not to run it. */

/** Any other scenario is given back as it is. */
export function withStandIns(scenario: unknown): unknown {
  const { population } = Object(scenario) as { population?: unknown };
  const { fields, rows, ...rest } = Object(population) as { fields?: object; rows?: unknown };
  if (rows === undefined) return scenario;
  const { categorical, columns } = Object(rows) as { categorical?: unknown; columns?: object };
  const categories: readonly unknown[] = Array.isArray(categorical) ? categorical : [];
  const levels = Object.fromEntries([...textsIn(scenario), 'another'].map((text) => [text, 1]));
  const columnOf = (name: string) => [name, categories.includes(name) ? { choice: levels } : 0] as const;
  const standIns = Object.fromEntries(Object.keys(columns ?? {}).map(columnOf));
  return { ...Object(scenario), population: { ...rest, fields: { ...standIns, ...fields } } };
}

/** Texts in formulas: whatever a category is compared with is one of its values. */
function textsIn(scenario: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string') for (const [, , text] of value.matchAll(/(["'])([^"'\\]+)\1/g)) found.add(text);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(scenario);
  return found;
}
