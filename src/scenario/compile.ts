/** Compiles a scenario into the plan that the loop runs. Every problem is found, not only the first. */
import {
  type CompileOptions,
  compile as compileFormula,
  type Formula,
  FormulaError,
  namesIn,
  parse,
} from '../core/formula/index.js';
import { nearest } from '../core/nearest.js';
import type { Mechanism, Rewriting } from '../core/rewrite.js';
import { createLearner } from '../learn/index.js';
import type { Feature, ModelPlan, NamedFormula, Plan, Response } from '../loop/plan.js';
import type { Trigger } from '../retrain/trigger.js';
import type { OutcomeField } from '../world/outcome.js';
import { type EntryField, type EntryRule, nodeCount } from '../world/population.js';
import { gaussHermite, gaussLegendre, type Quadrature } from '../world/quadrature.js';
import { type Path, type Problem, problem } from './diagnostic.js';
import { everyName, type Place, scopeAt, type Vocabulary } from './names.js';
import type { FieldSpec, ModelSpec, RetrainSpec, Scenario } from './schema.js';

/** The columns of a scenario's CSV file, as read. */
export interface TableData {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly levels: ReadonlyMap<string, readonly string[]>;
}

export type Compiled =
  | { readonly plan: Plan; readonly problems: readonly [] }
  | { readonly plan: null; readonly problems: readonly Problem[] };

/**
 * Checks what the schema cannot: names, orders, cycles, references. `table` holds the rows of the file that the
 * population names; without it, names are checked all the same and the plan cannot be run.
 */
export function compileScenario(scenario: Scenario, table: TableData | null): Compiled {
  const compiler = new ScenarioCompiler(scenario, table);
  const plan = compiler.plan();
  return compiler.problems.length > 0 ? { plan: null, problems: compiler.problems } : { plan, problems: [] };
}

/** A field as the compiler sees it: when it is evaluated, and what its formula names. */
interface FieldNode {
  readonly name: string;
  readonly path: Path;
  readonly spec: FieldSpec | { readonly row: true } | { readonly node: true };
  readonly binary: boolean;
  readonly levels: readonly string[] | null;
  readonly formula: { readonly source: string; readonly path: Path } | null;
  readonly names: readonly string[];
}

/** A formula that is 0: put in place of one with problems, so that the rest can be checked. */
const ZERO = compileFormula('0', { meaning: () => null, names: () => [], table: () => null });

class ScenarioCompiler {
  readonly problems: Problem[] = [];
  private readonly fields: ReadonlyMap<string, FieldNode>;
  private readonly late: ReadonlySet<string>;
  private readonly order: readonly string[];
  private readonly names: ReturnType<typeof everyName>;
  private readonly modelOrder: readonly string[];

  constructor(
    private readonly scenario: Scenario,
    private readonly table: TableData | null,
  ) {
    this.fields = this.collectFields();
    this.late = this.findLate();
    this.order = this.sorted(
      this.fields,
      (node) => node.names.map(bareField),
      'fields',
      (node) => node.path,
    );
    this.names = everyName(this.vocabulary());
    this.checkTables();
    this.modelOrder = this.sorted(
      new Map(Object.entries(scenario.models)),
      (spec) => spec.features,
      'models',
      (_, name) => ['models', name, 'features'],
    );
  }

  private report(path: Path, message: string, more: Partial<Problem> = {}): void {
    this.problems.push(problem(path, message, more));
  }

  // --- Names ---

  private collectFields(): Map<string, FieldNode> {
    const { outcome, population } = this.scenario;
    const fields = new Map<string, FieldNode>();
    const add = (node: FieldNode) => {
      if (fields.has(node.name)) this.report(node.path, `\`${node.name}\` is defined twice`, { atKey: true });
      if (RESERVED.has(node.name))
        this.report(node.path, `\`${node.name}\` has a meaning of its own in formulas`, { atKey: true });
      fields.set(node.name, node);
    };
    for (const name of Object.keys(population.rows?.columns ?? {})) {
      const levels = population.rows?.categorical.includes(name) ? (this.table?.levels.get(name) ?? []) : null;
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
      add(this.fieldNode(name, ['population', 'fields', name], spec));
    }
    const { field, ...rest } = outcome;
    const spec: FieldSpec =
      'probability' in rest ? { probability: rest.probability } : { value: rest.value, kind: rest.kind };
    const node = this.fieldNode(field, ['outcome'], spec);
    if (fields.has(field)) this.report(['outcome', 'field'], `\`${field}\` is already a field of the population`);
    fields.set(field, node);
    return fields;
  }

  private fieldNode(name: string, path: Path, spec: FieldSpec): FieldNode {
    const levels = typeof spec === 'object' && 'choice' in spec ? Object.keys(spec.choice) : null;
    const formula = formulaOf(spec, path);
    const binary = typeof spec === 'object' && ('probability' in spec || ('kind' in spec && spec.kind === 'binary'));
    return { name, path, spec, binary, levels, formula, names: formula === null ? [] : this.namesOf(formula.source) };
  }

  private namesOf(source: string): string[] {
    try {
      return namesIn(parse(source));
    } catch {
      return []; // Reported where the formula is compiled.
    }
  }

  /** The outcome, and every field that names a prediction, a decision, another layer, or a field that is late itself. */
  private findLate(): Set<string> {
    const { decide, models, outcome } = this.scenario;
    const late = new Set([outcome.field]);
    const isLate = (name: string) =>
      /^(shown|seen|recorded)\./.test(name) ||
      Object.hasOwn(decide, name) ||
      Object.hasOwn(models, name.replace(/\.(lower|upper)$/, '')) ||
      late.has(bareField(name));
    for (let size = 0; size !== late.size; ) {
      size = late.size;
      for (const { name, names } of this.fields.values()) if (names.some(isLate)) late.add(name);
    }
    return late;
  }

  private vocabulary(): Vocabulary {
    const { decide, models, state, tables } = this.scenario;
    const nodes = [...this.fields.values()];
    const levelsOf = (isLate: boolean) =>
      new Map(nodes.filter(({ name }) => this.late.has(name) === isLate).map(({ levels, name }) => [name, levels]));
    const encoded = (spec: ModelSpec) =>
      spec.features.flatMap((feature) => encodedNames(feature, this.fields.get(feature)?.levels ?? null));
    return {
      fields: levelsOf(false),
      late: levelsOf(true),
      decisions: Object.keys(decide),
      state: Object.keys(state),
      models: new Map(Object.entries(models).map(([name, spec]) => [name, encoded(spec)])),
      tables,
    };
  }

  private checkTables(): void {
    for (const [name, { x, y }] of Object.entries(this.scenario.tables)) {
      const path = ['tables', name];
      if (x.length !== y.length) this.report(path, `the table \`${name}\` has ${x.length} x and ${y.length} y`);
      if (x.some((v, i) => i > 0 && v <= x[i - 1])) this.report([...path, 'x'], 'x must rise from point to point');
    }
    const owners = new Map<string, string>();
    const claim = (name: string, block: string, path: Path) => {
      const owner = owners.get(name);
      if (owner !== undefined) this.report(path, `\`${name}\` is also the name of ${owner}`, { atKey: true });
      else if (RESERVED.has(name))
        this.report(path, `\`${name}\` has a meaning of its own in formulas`, { atKey: true });
      owners.set(name, block);
    };
    for (const name of this.fields.keys()) owners.set(name, 'a field');
    for (const name of Object.keys(this.scenario.models)) claim(name, 'a model', ['models', name]);
    for (const name of Object.keys(this.scenario.decide)) claim(name, 'a decision', ['decide', name]);
    for (const name of Object.keys(this.scenario.state)) claim(name, 'a state', ['state', name]);
  }

  /** An order in which each item comes after those it names; a cycle is reported by its names. */
  private sorted<T>(
    items: ReadonlyMap<string, T>,
    namesOf: (item: T) => readonly string[],
    what: string,
    pathOf: (item: T, name: string) => Path,
  ): string[] {
    const order: string[] = [];
    const state = new Map<string, 'open' | 'done'>();
    const visit = (name: string, trail: readonly string[]): void => {
      const item = items.get(name);
      if (item === undefined || state.get(name) === 'done') return;
      if (state.get(name) === 'open') {
        const cycle = [...trail.slice(trail.indexOf(name)), name];
        this.report(pathOf(item, name), `the ${what} name each other in a circle: ${cycle.join(' -> ')}`);
        return;
      }
      state.set(name, 'open');
      for (const other of namesOf(item)) visit(other, [...trail, name]);
      state.set(name, 'done');
      order.push(name);
    };
    for (const name of items.keys()) visit(name, []);
    return order;
  }

  // --- Formulas ---

  private formula(
    source: string | number,
    path: Path,
    place: Place,
    options: CompileOptions & { also?: ReadonlySet<string>; own?: { field: string; slot: string } } = {},
  ): Formula {
    const { also, own, ...rest } = options;
    try {
      return compileFormula(String(source), scopeAt(this.names, this.scenario.tables, place, also, own ?? null), rest);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      this.report(path, error.message, { offset: error.offset, expected: error.expected, nearest: error.nearest });
      return ZERO;
    }
  }

  private levelsOf(field: string): readonly string[] | null {
    return this.fields.get(field)?.levels ?? null;
  }

  /** Reports a name that is not one of those it may be. */
  private known(name: string, candidates: readonly string[], path: Path, what: string): boolean {
    if (candidates.includes(name)) return true;
    this.report(path, `\`${name}\` is not ${what}`, {
      expected: candidates.length > 0 ? `one of ${candidates.slice(0, 12).join(', ')}` : `${what}, and there is none`,
      nearest: nearest(name, candidates),
    });
    return false;
  }

  // --- The plan ---

  plan(): Plan {
    const { scenario } = this;
    const nodes = this.nodes();
    const branches = nodes !== null && 'probability' in scenario.outcome;
    const table = this.table === null ? null : { rows: this.table.rows, columns: this.table.columns };
    const entry = this.entryFields();
    const outcome = this.outcomeFields(branches);
    const drift = this.drift();
    const { after, before } = this.responses();
    const sense = this.sense();
    const { labels, selections } = this.collect();
    const measures = this.numbers(scenario.measure, 'measure');
    const slices = this.slices();
    const error = scenario.costs?.error;
    const cost = {
      error: error === undefined ? null : this.formula(error, ['costs', 'error'], 'watch'),
      label: scenario.costs?.label ?? 0,
      retrain: scenario.costs?.retrain ?? 0,
    };
    const models = this.modelOrder.map((name) => this.model(name, scenario.models[name]));
    const primary = this.primary();
    const size = scenario.population.size ?? this.table?.rows ?? 1000;
    this.checkSize(nodes, branches);
    return {
      name: scenario.name,
      steps: scenario.steps,
      population: {
        size,
        turnover: scenario.population.turnover,
        fields: entry,
        table,
        nodes,
        branches,
        weight: this.weight(),
      },
      lab: this.lab(),
      state: Object.entries(scenario.state).map(([name, spec]) => this.stateVariable(name, spec)),
      drift: drift.filter(({ column }) => !this.late.has(column)),
      before,
      sense,
      // The primary model comes first in reports; the order of prediction is kept apart.
      models,
      decisions: this.decisions(),
      outcome: outcome.map((field) => ({ ...field, drift: drift.filter(({ column }) => column === field.name) })),
      after,
      labels,
      selections,
      slices,
      measures,
      theory: Object.entries(scenario.theory).map(([name, { value }]) => ({
        name,
        formula: this.formula(value, ['theory', name, 'value'], 'watch', { rows: 'one' }),
      })),
      cost: scenario.costs === undefined ? null : cost,
      schedule: scenario.schedule,
      mechanisms: [
        ...drift,
        ...before.map((r) => (r.kind === 'rewrite' ? r.rewriting : r.response)),
        ...sense,
        ...after,
        ...labels,
        ...selections,
      ],
      primary,
    };
  }

  private nodes(): ReadonlyMap<string, Quadrature> | null {
    const specs = this.scenario.population.nodes;
    if (specs === undefined) return null;
    const rules = new Map<string, Quadrature>();
    for (const [name, spec] of Object.entries(specs)) {
      if (typeof spec === 'string') {
        const [rule, count] = spec.split(' ');
        const n = Math.min(Number(count), 400);
        rules.set(name, rule === 'gauss-hermite' ? gaussHermite(n) : gaussLegendre(n));
        continue;
      }
      const weights = spec.weights ?? spec.values.map(() => 1);
      const total = weights.reduce((sum, w) => sum + w, 0);
      if (weights.length !== spec.values.length || !(total > 0)) {
        this.report(['population', 'nodes', name], 'as many weights as values are needed, not all zero');
        continue;
      }
      rules.set(name, { nodes: Float64Array.from(spec.values), weights: Float64Array.from(weights, (w) => w / total) });
    }
    return rules;
  }

  private checkSize(nodes: ReadonlyMap<string, Quadrature> | null, branches: boolean): void {
    const { population } = this.scenario;
    if (nodes === null) return;
    const count = nodeCount(nodes, branches);
    if (count > 5_000_000)
      this.report(['population', 'nodes'], `the nodes make ${count} individuals`, { expected: 'at most 5,000,000' });
    if (population.rows !== undefined)
      this.report(['population', 'rows'], 'a population has either nodes or rows', { atKey: true });
    if (population.size !== undefined)
      this.report(['population', 'size'], 'the nodes decide the size of the population', { atKey: true });
  }

  private entryFields(): EntryField[] {
    return this.order
      .filter((name) => !this.late.has(name))
      .map((name) => ({ name, rule: this.entryRule(this.fields.get(name) as FieldNode) }));
  }

  private entryRule(node: FieldNode): EntryRule {
    const { formula, path, spec } = node;
    if (typeof spec === 'object' && 'row' in spec) return { kind: 'row' };
    if (typeof spec === 'object' && 'node' in spec) return { kind: 'node' };
    if (typeof spec === 'object' && 'choice' in spec) {
      const weights = Object.values(spec.choice);
      if (!weights.some((w) => w > 0)) this.report([...path, 'choice'], 'no value has a positive weight');
      return { kind: 'choice', weights };
    }
    const compiled = formula === null ? ZERO : this.formula(formula.source, formula.path, 'entry');
    return { kind: typeof spec === 'object' && 'probability' in spec ? 'probability' : 'formula', formula: compiled };
  }

  private outcomeFields(branches: boolean): OutcomeField[] {
    const done = new Set<string>();
    return this.order
      .filter((name) => this.late.has(name))
      .map((name) => {
        const { formula, path, spec } = this.fields.get(name) as FieldNode;
        const compiled =
          formula === null ? ZERO : this.formula(formula.source, formula.path, 'outcome', { also: new Set(done) });
        done.add(name);
        const rule = typeof spec === 'object' && 'probability' in spec ? 'probability' : 'value';
        const isOutcome = name === this.scenario.outcome.field;
        if (branches && rule === 'probability' && !isOutcome)
          this.report(path, 'over nodes, only the outcome may have a probability');
        return { name, rule, formula: compiled, branches: branches && isOutcome, drift: [] };
      });
  }

  private weight(): Formula | null {
    const { nodes, weight } = this.scenario.population;
    if (weight === undefined) return null;
    if (nodes !== undefined) this.report(['population', 'weight'], 'nodes bring their own weights', { atKey: true });
    return this.formula(weight, ['population', 'weight'], 'entry');
  }

  private lab(): Plan['lab'] {
    const { curated, holdout, size, where } = this.scenario.lab;
    return {
      size: size === 'all' ? null : size,
      // Quadrature nodes are an expectation: there is nothing to hold out.
      holdout: this.scenario.population.nodes === undefined ? holdout : 0,
      curated,
      where: where === undefined ? null : this.formula(where, ['lab', 'where'], 'after'),
    };
  }

  private stateVariable(name: string, spec: Scenario['state'][string]): Plan['state'][number] {
    if (typeof spec === 'number') return { name, start: spec, becomes: null };
    const becomes = this.formula(spec.becomes, ['state', name, 'becomes'], 'state', { rows: 'one' });
    return { name, start: spec.start, becomes };
  }

  // --- Mechanisms ---

  private mechanism(
    block: string,
    index: number,
    spec: { name: string; off: boolean; from: number; to?: number; where?: string | number; share?: number },
    place: Place,
    chosen: Mechanism['chosen'],
    own?: { field: string; slot: string },
  ): Mechanism {
    if (spec.to !== undefined && spec.to <= spec.from) {
      this.report([block, index, 'to'], `it ends at step ${spec.to}, before it begins at ${spec.from}`);
    }
    return {
      id: `${block}.${spec.name}`,
      off: spec.off,
      from: spec.from,
      to: spec.to ?? Number.POSITIVE_INFINITY,
      where:
        spec.where === undefined ? null : this.formula(spec.where, [block, index, 'where'], place, own ? { own } : {}),
      share: spec.share ?? 1,
      chosen,
    };
  }

  private uniqueNames(block: string, specs: readonly { name: string }[]): void {
    const seen = new Set<string>();
    specs.forEach(({ name }, index) => {
      if (seen.has(name)) this.report([block, index, 'name'], `two mechanisms of \`${block}\` are called "${name}"`);
      seen.add(name);
    });
  }

  private early(): string[] {
    return this.order.filter((name) => !this.late.has(name));
  }

  private drift(): Rewriting[] {
    this.uniqueNames('drift', this.scenario.drift);
    return this.scenario.drift.map((spec, index) => {
      this.known(spec.field, [...this.fields.keys()], ['drift', index, 'field'], 'a field');
      const isLate = this.late.has(spec.field);
      const own = { field: spec.field, slot: spec.field };
      const place = isLate ? 'after' : 'drift';
      return {
        ...this.mechanism('drift', index, spec, place, 'trait', own),
        column: spec.field,
        becomes: this.formula(spec.becomes, ['drift', index, 'becomes'], place, {
          own,
          levels: this.levelsOf(spec.field),
        }),
        missing: 0,
        memory: 1,
      };
    });
  }

  private sense(): Rewriting[] {
    this.uniqueNames('sense', this.scenario.sense);
    return this.scenario.sense.map((spec, index) => {
      const path = ['sense', index];
      this.known(spec.field, this.early(), [...path, 'field'], 'a field that the pipeline can see');
      if (spec.becomes === undefined && spec.missing === undefined)
        this.report(path, 'it does nothing', { expected: '`becomes` or `missing`' });
      const own = { field: spec.field, slot: `seen.${spec.field}` };
      return {
        ...this.mechanism('sense', index, spec, 'sense', 'fresh', own),
        column: own.slot,
        becomes:
          spec.becomes === undefined
            ? null
            : this.formula(spec.becomes, [...path, 'becomes'], 'sense', { own, levels: this.levelsOf(spec.field) }),
        missing: spec.missing ?? 0,
        memory: 1,
      };
    });
  }

  private responses(): { before: Response[]; after: Rewriting[] } {
    this.uniqueNames('respond', this.scenario.respond);
    const before: Response[] = [];
    const after: Rewriting[] = [];
    this.scenario.respond.forEach((spec, index) => {
      const path = ['respond', index];
      if (spec.strategic !== undefined) {
        if (spec.field !== undefined || spec.becomes !== undefined)
          this.report(path, 'it has both `strategic` and `field`', { expected: 'one of them' });
        before.push({ kind: 'strategic', response: this.strategic(spec, index) });
        return;
      }
      if (spec.field === undefined || spec.becomes === undefined) {
        this.report(path, 'it does nothing', { expected: '`field` with `becomes`, or `strategic`' });
        return;
      }
      this.known(spec.field, this.early(), [...path, 'field'], 'a field of the population');
      const isAfter = spec.when === 'after';
      const slot = isAfter ? `base.${spec.field}` : spec.moves === 'shown' ? `shown.${spec.field}` : spec.field;
      const own = { field: spec.field, slot };
      const place = isAfter ? 'after' : 'respond';
      const rewriting: Rewriting = {
        ...this.mechanism('respond', index, spec, place, 'trait', own),
        column: slot,
        becomes: this.formula(spec.becomes, [...path, 'becomes'], place, { own, levels: this.levelsOf(spec.field) }),
        missing: 0,
        memory: spec.memory,
      };
      if (isAfter) after.push(rewriting);
      else before.push({ kind: 'rewrite', rewriting });
    });
    return { before, after };
  }

  private strategic(
    spec: Scenario['respond'][number],
    index: number,
  ): Extract<Response, { kind: 'strategic' }>['response'] {
    const path = ['respond', index, 'strategic'];
    const strategic = spec.strategic as NonNullable<typeof spec.strategic>;
    const { cost, fields, gain, model, strength, threshold, wants } = strategic;
    if (spec.when === 'after')
      this.report(['respond', index, 'when'], 'people respond strategically before the prediction');
    if (this.known(model, Object.keys(this.scenario.models), [...path, 'model'], 'a model')) {
      const features = this.scenario.models[model].features;
      fields.forEach((field, k) => {
        if (
          this.known(field, features, [...path, 'fields', k], `a feature of \`${model}\``) &&
          this.levelsOf(field) !== null
        ) {
          this.report([...path, 'fields', k], `\`${field}\` is a category: people cannot shift it`);
        }
        if (this.late.has(field) || Object.hasOwn(this.scenario.models, field))
          this.report([...path, 'fields', k], `people cannot shift \`${field}\``);
      });
      if (!LINEAR.has(this.scenario.models[model].learner)) {
        this.report([...path, 'model'], `\`${model}\` has no coefficients to respond to`, {
          expected: 'a linear or logistic model',
        });
      }
    }
    if ((strength === undefined) === (threshold === undefined))
      this.report(path, 'it says either `strength` or `threshold`');
    return {
      ...this.mechanism('respond', index, spec, 'respond', 'trait'),
      model,
      fields,
      direction: wants === 'high' ? 1 : -1,
      layer: spec.moves === 'shown' ? 'shown' : 'true',
      memory: spec.memory,
      rule:
        threshold === undefined
          ? { kind: 'linear', strength: strength ?? 0 }
          : { kind: 'threshold', threshold, cost, gain },
    };
  }

  private collect(): { labels: Rewriting[]; selections: Plan['selections'] } {
    this.uniqueNames('collect', this.scenario.collect);
    const labels: Rewriting[] = [];
    const selections: Plan['selections'][number][] = [];
    const targets = Object.values(this.scenario.models).map((spec) => this.targetOf(spec));
    this.scenario.collect.forEach((spec, index) => {
      const path = ['collect', index];
      if ((spec.field === undefined) !== (spec.becomes === undefined))
        this.report(path, '`field` and `becomes` go together');
      if (spec.field === undefined && spec.only === undefined && spec.delay === undefined) {
        this.report(path, 'it does nothing', { expected: '`only`, `delay`, or `field` with `becomes`' });
      }
      if (spec.field !== undefined && spec.becomes !== undefined) {
        this.known(spec.field, targets, [...path, 'field'], 'the target of a model');
        const own = { field: spec.field, slot: `recorded.${spec.field}` };
        labels.push({
          ...this.mechanism('collect', index, spec, 'collect', 'fresh', own),
          column: own.slot,
          becomes: this.formula(spec.becomes, [...path, 'becomes'], 'collect', { own }),
          missing: 0,
          memory: 1,
        });
      }
      if (spec.only !== undefined || spec.delay !== undefined) {
        selections.push({
          ...this.mechanism('collect', index, spec, 'collect', 'fresh'),
          only: spec.only === undefined ? null : this.formula(spec.only, [...path, 'only'], 'collect'),
          delay: spec.delay ?? 0,
        });
      }
    });
    return { labels, selections };
  }

  // --- The system ---

  private targetOf(spec: ModelSpec): string {
    return spec.target ?? this.scenario.outcome.field;
  }

  private model(name: string, spec: ModelSpec): ModelPlan {
    const path = ['models', name];
    const target = this.targetOf(spec);
    const isField = this.known(
      target,
      [...this.fields.keys()],
      [...path, spec.target === undefined ? 'learner' : 'target'],
      'a field',
    );
    if (isField && this.levelsOf(target) !== null)
      this.report([...path, 'target'], `\`${target}\` is a category: no learner predicts it`);
    const features = spec.features.map((feature, k) => this.feature(name, feature, [...path, 'features', k]));
    if (new Set(spec.features).size < spec.features.length)
      this.report([...path, 'features'], 'a feature is named twice');
    if (spec.learner !== 'mean' && features.length === 0)
      this.report([...path, 'features'], `\`${spec.learner}\` needs features`);
    if (SINGLE.has(spec.learner) && features.length > 1)
      this.report([...path, 'features'], `\`${spec.learner}\` takes one feature`);
    const weighted = this.scenario.population.nodes !== undefined || this.scenario.population.weight !== undefined;
    if (SINGLE.has(spec.learner) && weighted) this.report([...path, 'learner'], `\`${spec.learner}\` takes no weights`);
    const binaryTarget = this.fields.get(target)?.binary ?? false;
    if (isField && spec.learner === 'logistic' && !binaryTarget && !this.isRow(target)) {
      this.report([...path, 'target'], `\`${target}\` is numeric`, {
        expected: 'a binary target: `kind: binary` or `probability`',
      });
    }
    const { deploy, when, window } = spec.retrain ?? this.scenario.retrain;
    return {
      name,
      features,
      columns: features.flatMap((feature) => encodedNames(feature.name, feature.levels)),
      target,
      kind: binaryTarget || spec.learner === 'logistic' ? 'binary' : 'numeric',
      threshold: spec.threshold,
      level: spec.level,
      learner: createLearner(spec),
      start: this.start(spec, features, path),
      trigger: trigger(when),
      window: window === 'all' ? { kind: 'all' } : { kind: 'last', steps: window.last },
      deployment: deploy,
      interval: this.usesInterval(name),
    };
  }

  private isRow(field: string): boolean {
    const spec = this.fields.get(field)?.spec;
    return typeof spec === 'object' && 'row' in spec;
  }

  private start(spec: ModelSpec, features: readonly Feature[], path: Path): ModelPlan['start'] {
    if (spec.start === undefined) return null;
    if (!LINEAR.has(spec.learner) && spec.learner !== 'mean')
      this.report([...path, 'start'], `\`${spec.learner}\` cannot start from given coefficients`);
    const names = features.flatMap(({ levels, name }) => encodedNames(name, levels));
    for (const name of Object.keys(spec.start.coefficients))
      this.known(name, names, [...path, 'start', 'coefficients', name], 'a feature');
    return spec.start;
  }

  private feature(model: string, feature: string, path: Path): Feature {
    const { models } = this.scenario;
    if (Object.hasOwn(models, feature) && feature !== model) return { name: feature, column: feature, levels: null };
    const candidates = [...this.early(), ...Object.keys(models).filter((name) => name !== model)];
    if (this.late.has(feature))
      this.report(path, `\`${feature}\` is not known before the outcome`, {
        expected: 'a field that can be seen before',
      });
    else this.known(feature, candidates, path, 'a field or another model');
    return { name: feature, column: `seen.${feature}`, levels: this.levelsOf(feature) };
  }

  /** Does any formula read the interval of this model? */
  private usesInterval(model: string): boolean {
    return new RegExp(
      `\\b${model}\\.(lower|upper)\\b|(lab|observed|actual)\\.(coverage|width|winkler|pinball)\\b`,
    ).test(JSON.stringify(this.scenario));
  }

  private decisions(): NamedFormula[] {
    return Object.entries(this.scenario.decide).map(([name, spec]) => {
      const path = ['decide', name];
      if (typeof spec !== 'object') return { name, formula: this.formula(spec, path, 'decide') };
      const isModel = this.known(spec.model, Object.keys(this.scenario.models), [...path, 'model'], 'a model');
      const source = `${spec.model} ${spec.above ? '>' : '<='} ${spec.threshold}`;
      return { name, formula: isModel ? this.formula(source, path, 'decide') : ZERO };
    });
  }

  // --- What is watched ---

  private numbers(specs: Readonly<Record<string, string | number>>, block: string): NamedFormula[] {
    return Object.entries(specs).map(([name, source]) => ({
      name,
      formula: this.formula(source, [block, name], 'watch', { rows: 'one' }),
    }));
  }

  private slices(): Plan['slices'] {
    return this.scenario.slices.flatMap((spec, index) => {
      const path = ['slices', index];
      if (typeof spec === 'object')
        return [{ name: spec.name, where: this.formula(spec.where, [...path, 'where'], 'watch') }];
      if (!this.known(spec, [...this.fields.keys()], path, 'a field')) return [];
      const levels = this.levelsOf(spec);
      if (levels === null && !this.fields.get(spec)?.binary) {
        this.report(path, `\`${spec}\` is not a category`, {
          expected: 'a category, a binary field, or `{ name, where }`',
        });
        return [];
      }
      const values: readonly (readonly [string, string])[] = levels?.map((l) => [l, JSON.stringify(l)]) ?? [
        ['0', '0'],
        ['1', '1'],
      ];
      return values.map(([label, text]) => ({
        name: `${spec}: ${label}`,
        where: this.formula(`${spec} == ${text}`, path, 'watch'),
      }));
    });
  }

  private primary(): Plan['primary'] {
    const { models, outcome } = this.scenario;
    const names = this.modelOrder;
    const model = names.find((name) => this.targetOf(models[name]) === outcome.field) ?? names[0] ?? '';
    if (names.length === 0) this.report(['models'], 'there is no model', { expected: 'at least one' });
    const spec = models[model];
    const binary =
      spec !== undefined && ((this.fields.get(this.targetOf(spec))?.binary ?? false) || spec.learner === 'logistic');
    return { model, metric: binary ? 'accuracy' : 'rmse' };
  }
}

const RESERVED = new Set([
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
const LINEAR = new Set(['linear', 'logistic']);
const SINGLE = new Set(['exponential', 'power', 'theil-sen', 'robust-polynomial']);

/** A numeric feature is one column; a category is one indicator for each value but the first. */
const encodedNames = (name: string, levels: readonly string[] | null): string[] =>
  levels === null ? [name] : levels.slice(1).map((level) => `${name}.${level}`);

/** The field behind a name with or without its layer. */
const bareField = (name: string): string => name.replace(/^(true|shown|seen|recorded)\./, '');

function formulaOf(spec: FieldSpec, path: Path): { source: string; path: Path } | null {
  if (typeof spec !== 'object') return { source: String(spec), path };
  if ('value' in spec) return { source: String(spec.value), path: [...path, 'value'] };
  if ('probability' in spec) return { source: String(spec.probability), path: [...path, 'probability'] };
  return null;
}

function trigger(when: RetrainSpec['when']): Trigger {
  if (when === 'never' || when === 'manual') return { kind: when };
  return 'every' in when ? { kind: 'every', steps: when.every } : { kind: 'at', steps: new Set(when.at) };
}
