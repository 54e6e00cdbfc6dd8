/** Checks a scenario's shape against the schema, and says what is wrong in words of the file, not of the checker. */
import { z } from 'zod';
import { nearest } from '../core/nearest.js';
import { type Path, type Problem, problem } from './diagnostic.js';
import { type Scenario, scenarioSchema } from './schema.js';

export type Checked =
  | { readonly scenario: Scenario; readonly problems: readonly [] }
  | { readonly scenario: null; readonly problems: readonly Problem[] };

export function checkShape(data: unknown): Checked {
  const { problems, value } = checkAgainst(scenarioSchema, data);
  return value === null ? { scenario: null, problems } : { scenario: value, problems: [] };
}

/** The value as any schema of a file reads it; null with what is wrong. */
export function checkAgainst<T>(
  schema: z.ZodType<T>,
  data: unknown,
): { readonly value: T | null; readonly problems: readonly Problem[] } {
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data, problems: [] };
  return { value: null, problems: result.error.issues.flatMap((issue) => explain(issue, [], data, schema)) };
}

/** Blocks whose keys are names that formulas use. */
const NAMING = /^(population\.fields|population\.nodes|state|tables|models|decide)$/;

/**
 * A scenario without the single values that are wrong, so that the rest can be looked at; null where they cannot be left
 * out: a block, or what gives a name to something, would leave problems behind that are none.
 */
export function withoutWrong(data: unknown, problems: readonly Problem[]): unknown {
  const copy: unknown = structuredClone(data);
  for (const { path } of problems) {
    const holder = valueAt(copy, path.slice(0, -1));
    const key = path.at(-1);
    if (key === undefined || typeof holder !== 'object' || holder === null || Array.isArray(holder)) return null;
    // The rest of a torn formula: the value before it is wrong, too.
    if (isTornFormula(String(key))) return null;
    if (!Object.hasOwn(holder, key) || NAMING.test(path.slice(0, -1).join('.'))) return null;
    const values = holder as Record<string | number, unknown>;
    if (typeof values[key] === 'object' && values[key] !== null) return null;
    delete values[key];
  }
  return copy;
}

/** YAML ends a value at a comma inside braces: what follows looks like a key. */
const isTornFormula = (key: string): boolean => /[()]/.test(key);
const TORN = 'quotes around a formula that holds a comma inside { }';

type Issue = z.core.$ZodIssue;

function explain(issue: Issue, prefix: Path, data: unknown, schema: z.ZodType): Problem[] {
  const path: Path = [...prefix, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, path, data);
      return issue.keys.map((key) =>
        problem([...path, key], `unknown key \`${key}\``, {
          atKey: true,
          expected: isTornFormula(key) ? TORN : known.length > 0 ? `one of ${known.join(', ')}` : null,
          nearest: nearest(key, known),
        }),
      );
    }
    case 'invalid_union':
      return explainUnion(issue, path, data, schema);
    case 'invalid_type': {
      const found = valueAt(data, path);
      const expected = article(issue.expected);
      if (found === undefined)
        return [problem(path.slice(0, -1), `\`${String(path.at(-1))}\` is missing`, { expected })];
      return [problem(path, `${show(found)} stands where ${expected} belongs`, { expected })];
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const found = valueAt(data, path);
      return [
        problem(path, `${show(found)} is not known here`, {
          expected: values.length === 1 ? `\`${values[0]}\`` : `one of ${values.join(', ')}`,
          nearest: typeof found === 'string' ? nearest(found, values) : null,
        }),
      ];
    }
    case 'too_small':
    case 'too_big': {
      const found = valueAt(data, path);
      const small = issue.code === 'too_small';
      const bound = small ? issue.minimum : issue.maximum;
      const than = small
        ? issue.inclusive === false
          ? 'more than'
          : 'at least'
        : issue.inclusive === false
          ? 'less than'
          : 'at most';
      const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' items' : '';
      return [
        problem(path, `${show(found)} is too ${small ? 'small' : 'large'}`, { expected: `${than} ${bound}${unit}` }),
      ];
    }
    case 'invalid_format':
      return [problem(path, `${show(valueAt(data, path))} is not right here`, { expected: issue.message })];
    case 'invalid_key':
      return [
        problem(path, `\`${String(path.at(-1))}\` cannot be a name here`, {
          atKey: true,
          expected: isTornFormula(String(path.at(-1)))
            ? TORN
            : (issue.issues[0]?.message ?? 'a name of letters, digits and underscores'),
        }),
      ];
    default:
      return [problem(path, issue.message)];
  }
}

/** A value that fits none of the forms it may have: the form that comes nearest tells what is wrong. */
function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  data: unknown,
  schema: z.ZodType,
): Problem[] {
  if (issue.errors.length === 0) {
    // A discriminated union whose discriminator is not known.
    const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    const found = valueAt(data, path);
    if (found === undefined)
      return [
        problem(path.slice(0, -1), `\`${String(path.at(-1))}\` is missing`, {
          expected: `one of ${options.join(', ')}`,
        }),
      ];
    return [
      problem(path, `${show(found)} is not known here`, {
        expected: options.length > 0 ? `one of ${options.join(', ')}` : null,
        nearest: typeof found === 'string' ? nearest(found, options) : null,
      }),
    ];
  }
  const right = issue.errors.filter((errors) => !errors.some((e) => e.path.length === 0 && isWrongType(e)));
  if (right.length === 0) {
    const keys = keysAt(schema, path, data);
    const forms = [...new Set(issue.errors.flat().map(expectedOf))];
    const named = (form: string) => (form === BLOCK && keys.length > 0 ? `a block with ${keys.join(', ')}` : form);
    const expected = forms.map(named).join(', or ');
    if (valueAt(data, path) === undefined)
      return [problem(path.slice(0, -1), `\`${String(path.at(-1))}\` is missing`, { expected })];
    return [problem(path, `${show(valueAt(data, path))} is not right here`, { expected })];
  }
  const best = right.reduce((a, b) => (weight(b) < weight(a) ? b : a));
  return best.flatMap((inner) => explain(inner, path, data, schema));
}

/** The value is of another kind altogether, also than all that a union within the union takes. */
const isWrongType = (issue: Issue): boolean =>
  issue.code === 'invalid_type' ||
  issue.code === 'invalid_value' ||
  (issue.code === 'invalid_union' &&
    issue.errors.length > 0 &&
    issue.errors.every((errors) => errors.some((e) => e.path.length === 0 && isWrongType(e))));

/** How far a form is from what was written: unknown and missing keys count, by number. */
const weight = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 2 * issue.keys.length : 1), 0);

function expectedOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return article(issue.expected);
  if (issue.code === 'invalid_union') return [...new Set(issue.errors.flat().map(expectedOf))].join(', or ');
  if (issue.code === 'invalid_value') return issue.values.map((value) => `\`${String(value)}\``).join(', ');
  return issue.message;
}

const BLOCK = 'keys with values';

const article = (type: string): string => {
  if (type === 'object' || type === 'record') return BLOCK;
  if (type === 'int') return 'a whole number';
  if (type === 'array') return 'a list';
  if (type === 'string') return 'a text';
  if (type === 'boolean') return 'true or false';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
};

function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a block of keys';
  const text = String(value);
  return `\`${text.length > 40 ? `${text.slice(0, 40)}...` : text}\``;
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** The keys that the schema knows at a path; of several forms, those of all that fit the discriminator. */
function keysAt(schema: z.ZodType, path: Path, data: unknown): string[] {
  let open: { schema: z.ZodType; data: unknown }[] = [{ schema, data }];
  for (const key of path) {
    open = open
      .flatMap((entry) => objectsOf(entry.schema, entry.data))
      .flatMap((entry) => {
        const value =
          typeof entry.data === 'object' && entry.data !== null
            ? (entry.data as Record<string, unknown>)[key]
            : undefined;
        const { schema: inner } = entry;
        if (inner instanceof z.ZodObject)
          return Object.hasOwn(inner.shape, key) ? [{ schema: inner.shape[key] as z.ZodType, data: value }] : [];
        if (inner instanceof z.ZodRecord) return [{ schema: inner.valueType as z.ZodType, data: value }];
        return inner instanceof z.ZodArray ? [{ schema: inner.element as z.ZodType, data: value }] : [];
      });
  }
  const objects = open.flatMap((entry) => objectsOf(entry.schema, entry.data));
  return [
    ...new Set(objects.flatMap(({ schema: inner }) => (inner instanceof z.ZodObject ? Object.keys(inner.shape) : []))),
  ];
}

function objectsOf(schema: z.ZodType, data: unknown): { schema: z.ZodType; data: unknown }[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return objectsOf(schema.unwrap() as z.ZodType, data);
  if (schema instanceof z.ZodUnion) {
    const options = schema.options as z.ZodType[];
    const learner = typeof data === 'object' && data !== null ? (data as { learner?: unknown }).learner : undefined;
    const fitting = options.filter(
      (option) =>
        learner !== undefined && option instanceof z.ZodObject && option.shape.learner?.safeParse(learner).success,
    );
    return (fitting.length > 0 ? fitting : options).flatMap((option) => objectsOf(option, data));
  }
  return [{ schema, data }];
}
