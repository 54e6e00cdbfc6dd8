/** The fields of a scenario: what they are, what their formulas name, and which of them are known only with the outcome. */
import { namesIn, parse } from '../../core/formula/index.js';
import type { Path } from '../diagnostic.js';
import type { FieldSpec, Scenario } from '../schema.js';
import type { TableData } from '../table.js';
import type { Report } from './context.js';

/** A field as the compiler sees it: when it is evaluated, and what its formula names. */
export interface FieldNode {
  readonly name: string;
  readonly path: Path;
  readonly spec: FieldSpec | { readonly row: true } | { readonly node: true };
  readonly binary: boolean;
  readonly levels: readonly string[] | null;
  readonly formula: { readonly source: string; readonly path: Path } | null;
  readonly names: readonly string[];
}

/** Every field of a scenario: those of the rows, of the nodes, those with a formula, and the outcome. */
export function fieldsOf(scenario: Scenario, table: TableData | null, report: Report): Map<string, FieldNode> {
  const { outcome, population } = scenario;
  const fields = new Map<string, FieldNode>();
  const add = (node: FieldNode) => {
    if (fields.has(node.name)) report(node.path, `\`${node.name}\` is defined twice`, { atKey: true });
    if (RESERVED.has(node.name))
      report(node.path, `\`${node.name}\` has a meaning of its own in formulas`, { atKey: true });
    fields.set(node.name, node);
  };
  for (const name of Object.keys(population.rows?.columns ?? {})) {
    const levels = population.rows?.categorical.includes(name) ? (table?.levels.get(name) ?? []) : null;
    add({
      name,
      path: ['population', 'rows', 'columns', name],
      spec: { row: true },
      binary: false,
      levels,
      formula: null,
      names: [],
    });
  }
  for (const name of Object.keys(population.nodes ?? {})) {
    add({
      name,
      path: ['population', 'nodes', name],
      spec: { node: true },
      binary: false,
      levels: null,
      formula: null,
      names: [],
    });
  }
  for (const [name, spec] of Object.entries(population.fields)) {
    add(fieldNode(name, ['population', 'fields', name], spec));
  }
  const { field, ...rest } = outcome;
  const spec: FieldSpec =
    'probability' in rest ? { probability: rest.probability } : { value: rest.value, kind: rest.kind };
  const node = fieldNode(field, ['outcome'], spec);
  if (fields.has(field)) report(['outcome', 'field'], `\`${field}\` is already a field of the population`);
  fields.set(field, node);
  addNewCategories(scenario, fields);
  return fields;
}

/** A value that is yet to come is one of its category's from the start, after the others. */
function addNewCategories({ drift }: Scenario, fields: Map<string, FieldNode>): void {
  for (const { field, newCategory } of drift) {
    const node = fields.get(field);
    if (newCategory === undefined || !node || !isChoice(node) || node.levels?.includes(newCategory.value)) continue;
    fields.set(field, { ...node, levels: [...(node.levels ?? []), newCategory.value] });
  }
}

/** Whether its values are drawn with the weights of a `choice`. */
export const isChoice = ({ spec }: FieldNode): boolean => typeof spec === 'object' && 'choice' in spec;

function fieldNode(name: string, path: Path, spec: FieldSpec): FieldNode {
  const levels = typeof spec === 'object' && 'choice' in spec ? Object.keys(spec.choice) : null;
  const formula = formulaOf(spec, path);
  const binary = typeof spec === 'object' && ('probability' in spec || ('kind' in spec && spec.kind === 'binary'));
  return { name, path, spec, binary, levels, formula, names: formula === null ? [] : namesRead(formula.source) };
}

function namesRead(source: string): string[] {
  try {
    return namesIn(parse(source));
  } catch {
    return []; // Reported where the formula is compiled.
  }
}

/** The outcome, and every field that names a prediction, a decision, another layer, or a field that is late itself. */
export function lateFields({ decide, models, outcome }: Scenario, fields: ReadonlyMap<string, FieldNode>): Set<string> {
  const late = new Set([outcome.field]);
  const isLate = (name: string) =>
    /^(shown|seen|recorded)\./.test(name) ||
    Object.hasOwn(decide, name.replace(/\.chance$/, '')) ||
    Object.hasOwn(models, name.replace(/\.(lower|upper)$/, '')) ||
    late.has(bareField(name));
  for (let size = 0; size !== late.size; ) {
    size = late.size;
    for (const { name, names } of fields.values()) if (names.some(isLate)) late.add(name);
  }
  return late;
}

/** The field behind a name with or without its layer. */
export const bareField = (name: string): string => name.replace(/^(true|shown|seen|recorded)\./, '');

function formulaOf(spec: FieldSpec, path: Path): { source: string; path: Path } | null {
  if (typeof spec !== 'object') return { source: String(spec), path };
  if ('value' in spec) return { source: String(spec.value), path: [...path, 'value'] };
  if ('probability' in spec) return { source: String(spec.probability), path: [...path, 'probability'] };
  return null;
}

/** Words with a meaning of their own in formulas. */
export const RESERVED = new Set([
  't',
  'pi',
  'true',
  'false',
  'shown',
  'seen',
  'recorded',
  'lab',
  'observed',
  'actual',
  'and',
  'or',
  'not',
  'where',
  'theory',
  'constructor',
  'prototype',
  '__proto__',
]);
