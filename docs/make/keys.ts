/** Keys of the schema, as rows of a table: what each takes, its default, and what it is for. */

/** What the reference reads of a JSON Schema. */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

export interface Row {
  readonly key: string;
  readonly takes: string;
  readonly fallback: string;
  readonly what: string;
}

/** The forms that a value may have. */
export const formsOf = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [schema];

/** A row for each key of a block, and for each key of a block inside it. */
export function rowsOf({ properties = {}, required = [] }: Schema, prefix = ''): Row[] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    {
      key: `${prefix}${name}`,
      takes: takes(schema),
      ...(required.includes(name) ? { fallback: 'required', what: schema.description ?? '' } : fallback(schema)),
    },
    ...formsOf(schema).flatMap((form) => rowsOf(form, `${prefix}${name}.`)),
  ]);
}

/** A default that one word or number of the description tells, where the schema has none. An empty block says nothing. */
function fallback({ default: value, description = '' }: Schema): Pick<Row, 'fallback' | 'what'> {
  const told = /^(.*?) ?Default: (-?[\d.,]*\d|[a-z]+)\.$/s.exec(description);
  if (value === undefined && told !== null) return { fallback: `\`${told[2]}\``, what: told[1] };
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0))
    return { fallback: '', what: description };
  const text = typeof value === 'object' ? JSON.stringify(value).replace(/"/g, '') : String(value);
  return { fallback: `\`${text}\``, what: description };
}

/** The words that a key takes, where it takes nothing else. */
function wordsOf(schema: Schema): string[] {
  if (schema.enum !== undefined) return schema.enum.map(String);
  if (schema.const !== undefined) return [String(schema.const)];
  const all = (schema.anyOf ?? []).map(wordsOf);
  return all.some((words) => words.length === 0) ? [] : [...new Set(all.flat())];
}

const MAX = Number.MAX_SAFE_INTEGER;

/** What a key takes, in words. */
export function takes(schema: Schema): string {
  if (schema.title === 'formula') return 'formula';
  const words = wordsOf(schema);
  if (words.length > 0) return words.map((word) => `\`${word}\``).join(', ');
  const forms = formsOf(schema);
  if (forms.length > 1) return [...new Set(forms.map(takes))].join(', or ');
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return ['whole number', bounds(schema)].join(' ').trim();
    case 'number':
      return ['number', bounds(schema)].join(' ').trim();
    case 'array':
      return `list of: ${takes(schema.items ?? {})}`;
    case 'object':
      return schema.properties === undefined
        ? `for each name: ${takes(typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {})}`
        : `{ ${Object.keys(schema.properties).join(', ')} }`;
    case 'string':
      return schema.pattern?.startsWith('^[A-Za-z_]') ? 'name' : 'text';
    default:
      return 'value';
  }
}

function bounds({ exclusiveMaximum, exclusiveMinimum, maximum = MAX, minimum = -MAX }: Schema): string {
  const low = exclusiveMinimum !== undefined ? `> ${exclusiveMinimum}` : minimum > -MAX ? `≥ ${minimum}` : '';
  const high = exclusiveMaximum !== undefined ? `< ${exclusiveMaximum}` : maximum < MAX ? `≤ ${maximum}` : '';
  return [low, high].filter((bound) => bound !== '').join(', ');
}
