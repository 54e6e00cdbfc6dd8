/** What every part of the compiler shares: the scenario, the names that its formulas may use, and where problems go. */
import { type CompileOptions, compile, type Formula, FormulaError } from '../../core/formula/index.js';
import { nearest } from '../../core/nearest.js';
import { type Path, type Problem, problem } from '../diagnostic.js';
import { everyName, observedScope, type Place, scopeAt, type Vocabulary } from '../names.js';
import type { ModelSpec, Scenario } from '../schema.js';
import type { TableData } from '../table.js';
import { bareField, type FieldNode, fieldsOf, lateFields, RESERVED } from './fields.js';
import { inOrder } from './order.js';

/** Notes a problem at a place of the scenario. */
export type Report = (path: Path, message: string, more?: Partial<Problem>) => void;

/** A formula that is 0: put in place of one with problems, so that the rest can be checked. */
export const ZERO = compile('0', { meaning: () => null, names: () => [], table: () => null });

export class Context {
  readonly problems: Problem[] = [];
  readonly fields: ReadonlyMap<string, FieldNode>;
  /** Fields that are evaluated at the outcome. */
  readonly late: ReadonlySet<string>;
  /** Names of the fields, each after those that it names. */
  readonly order: readonly string[];
  /** Names of the models, each after those whose predictions it reads. */
  readonly modelOrder: readonly string[];
  private readonly names: ReturnType<typeof everyName>;

  constructor(
    readonly scenario: Scenario,
    /** Null where the file's rows have not been read. */
    readonly table: TableData | null,
  ) {
    this.fields = fieldsOf(scenario, table, this.report);
    this.late = lateFields(scenario, this.fields);
    this.order = inOrder(
      this.fields,
      (node) => node.names.map(bareField),
      ({ path }, _name, cycle) => this.reportCycle(path, 'fields', cycle),
    );
    this.names = everyName(vocabulary(scenario, this.fields, this.late));
    checkTables(scenario.tables, this.report);
    checkNames(scenario, this.fields, this.report);
    this.modelOrder = inOrder(
      new Map(Object.entries(scenario.models)),
      (spec) => spec.features,
      (_spec, name, cycle) => this.reportCycle(['models', name, 'features'], 'models', cycle),
    );
  }

  readonly report: Report = (path, message, more = {}) => {
    this.problems.push(problem(path, message, more));
  };

  private reportCycle(path: Path, what: string, cycle: readonly string[]): void {
    this.report(path, `the ${what} name each other in a circle: ${cycle.join(' -> ')}`);
  }

  /** Fields that are known before the outcome. */
  early(): string[] {
    return this.order.filter((name) => !this.late.has(name));
  }

  /** Compiles a formula for a place of the step; one with problems is reported, and 0. */
  formula(
    source: string | number,
    path: Path,
    place: Place,
    options: CompileOptions & { also?: ReadonlySet<string>; own?: { field: string; slot: string } } = {},
  ): Formula {
    const { also, own, ...rest } = options;
    try {
      return compile(String(source), scopeAt(this.names, this.scenario.tables, place, also, own ?? null), rest);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      this.report(path, error.message, { offset: error.offset, expected: error.expected, nearest: error.nearest });
      return ZERO;
    }
  }

  /** Compiles a formula over what can be seen at once; null where it has problems, which are reported. */
  observed(source: string | number, path: Path): Formula | null {
    try {
      return compile(String(source), observedScope(this.names, this.scenario.tables), { draws: false });
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      this.report(path, error.message, { offset: error.offset, expected: error.expected, nearest: error.nearest });
      return null;
    }
  }

  /** The values of a category; null of anything else. */
  levelsOf(field: string): readonly string[] | null {
    return this.fields.get(field)?.levels ?? null;
  }

  /** Reports a name that is not one of those it may be. */
  known(name: string, candidates: readonly string[], path: Path, what: string): boolean {
    if (candidates.includes(name)) return true;
    this.report(path, `\`${name}\` is not ${what}`, {
      expected: candidates.length > 0 ? `one of ${candidates.slice(0, 12).join(', ')}` : `${what}, and there is none`,
      nearest: nearest(name, candidates),
    });
    return false;
  }
}

/** The field that a model predicts. */
export const targetOf = ({ outcome }: Scenario, spec: ModelSpec): string => spec.target ?? outcome.field;

/** A numeric feature is one column; a category is one indicator for each value but the first. */
export const encodedNames = (name: string, levels: readonly string[] | null): string[] =>
  levels === null ? [name] : levels.slice(1).map((level) => `${name}.${level}`);

/** The two values of the feature that tells whether another is missing. */
export const GAP = ['known', 'missing'] as const;

/** Whether models that read the field get a feature that tells whether it is missing. */
export const hasIndicator = ({ sense }: Scenario, field: string): boolean =>
  sense.some((spec) => spec.field === field && spec.impute === 'indicator');

function vocabulary(scenario: Scenario, fields: ReadonlyMap<string, FieldNode>, late: ReadonlySet<string>): Vocabulary {
  const { decide, models, state, tables } = scenario;
  const nodes = [...fields.values()];
  const levelsOf = (isLate: boolean) =>
    new Map(nodes.filter(({ name }) => late.has(name) === isLate).map(({ levels, name }) => [name, levels]));
  const encoded = (spec: ModelSpec) =>
    spec.features.flatMap((feature) => [
      ...encodedNames(feature, fields.get(feature)?.levels ?? null),
      ...(hasIndicator(scenario, feature) ? encodedNames(feature, GAP) : []),
    ]);
  return {
    fields: levelsOf(false),
    late: levelsOf(true),
    decisions: Object.entries(decide).map(([name, spec]) => ({ name, hasChance: typeof spec === 'object' })),
    state: Object.keys(state),
    models: new Map(Object.entries(models).map(([name, spec]) => [name, encoded(spec)])),
    spreads: new Set(Object.keys(models).filter((name) => hasOwnSpread(models[name]))),
    tables,
  };
}

/** Kinds whose spread differs from individual to individual. */
const hasOwnSpread = ({ uncertainty }: ModelSpec): boolean =>
  uncertainty?.kind === 'bayesian' || uncertainty?.kind === 'bootstrap';

function checkTables(tables: Scenario['tables'], report: Report): void {
  for (const [name, { x, y }] of Object.entries(tables)) {
    const path = ['tables', name];
    if (x.length !== y.length) report(path, `the table \`${name}\` has ${x.length} x and ${y.length} y`);
    if (x.some((v, i) => i > 0 && v <= x[i - 1])) report([...path, 'x'], 'x must rise from point to point');
  }
}

/** One name means one thing. */
function checkNames({ decide, models, state }: Scenario, fields: ReadonlyMap<string, FieldNode>, report: Report): void {
  const owners = new Map<string, string>();
  const claim = (name: string, block: string, path: Path) => {
    const owner = owners.get(name);
    if (owner !== undefined) report(path, `\`${name}\` is also the name of ${owner}`, { atKey: true });
    else if (RESERVED.has(name)) report(path, `\`${name}\` has a meaning of its own in formulas`, { atKey: true });
    owners.set(name, block);
  };
  for (const name of fields.keys()) owners.set(name, 'a field');
  for (const name of Object.keys(models)) claim(name, 'a model', ['models', name]);
  for (const name of Object.keys(decide)) claim(name, 'a decision', ['decide', name]);
  for (const name of Object.keys(state)) claim(name, 'a state', ['state', name]);
}
