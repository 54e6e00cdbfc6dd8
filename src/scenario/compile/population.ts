/** The population, the outcome, the lab and the state: what the world is made of before anything acts on it. */
import type { Formula } from '../../core/formula/index.js';
import type { Plan } from '../../loop/plan.js';
import type { Mix } from '../../world/drift/index.js';
import type { OutcomeField } from '../../world/outcome.js';
import { type EntryField, type EntryRule, nodeCount } from '../../world/population.js';
import { gaussHermite, gaussLegendre, type Quadrature } from '../../world/quadrature.js';
import { type Replay, replayOf, stepsOf } from '../../world/replay.js';
import type { Scenario } from '../schema.js';
import type { TableData } from '../table.js';
import { type Context, ZERO } from './context.js';
import type { FieldNode } from './fields.js';

/** Beyond this, more nodes of a rule bring no more digits. */
const MOST_NODES = 400;

/** Quadrature rules by field; null where individuals are drawn. */
export function nodes(c: Context): ReadonlyMap<string, Quadrature> | null {
  const specs = c.scenario.population.nodes;
  if (specs === undefined) return null;
  const rules = new Map<string, Quadrature>();
  for (const [name, spec] of Object.entries(specs)) {
    if (typeof spec === 'string') {
      const [rule, count] = spec.split(' ');
      const n = Math.min(Number(count), MOST_NODES);
      if (Number(count) > MOST_NODES)
        c.report(['population', 'nodes', name], `${count} nodes are too many`, { expected: `at most ${MOST_NODES}` });
      rules.set(name, rule === 'gauss-hermite' ? gaussHermite(n) : gaussLegendre(n));
      continue;
    }
    const weights = spec.weights ?? spec.values.map(() => 1);
    const total = weights.reduce((sum, w) => sum + w, 0);
    if (weights.length !== spec.values.length || !(total > 0)) {
      c.report(['population', 'nodes', name], 'as many weights as values are needed, not all zero');
      continue;
    }
    rules.set(name, { nodes: Float64Array.from(spec.values), weights: Float64Array.from(weights, (w) => w / total) });
  }
  return rules;
}

/** Nodes decide the size of their population, and must not be too many. */
export function checkSize(c: Context, nodes: ReadonlyMap<string, Quadrature> | null, branches: boolean): void {
  const { population } = c.scenario;
  if (nodes === null) return;
  const count = nodeCount(nodes, branches);
  if (count > 5_000_000)
    c.report(['population', 'nodes'], `the nodes make ${count} individuals`, { expected: 'at most 5,000,000' });
  if (population.rows !== undefined)
    c.report(['population', 'rows'], 'a population has either nodes or rows', { atKey: true });
  if (population.size !== undefined)
    c.report(['population', 'size'], 'the nodes decide the size of the population', { atKey: true });
}

/** What `rows` says of its fields, it says of fields that it has. */
export function checkRows(c: Context): void {
  const { rows } = c.scenario.population;
  if (rows === undefined) return;
  const columns = Object.keys(rows.columns);
  const check = (names: readonly string[], ...place: string[]) => {
    for (const [k, name] of names.entries())
      c.known(name, columns, ['population', 'rows', ...place, k], 'one of the `columns`');
  };
  check(rows.categorical, 'categorical');
  check(rows.unscaled, 'unscaled');
  if (typeof rows.scale === 'object') check(rows.scale.fields, 'scale', 'fields');
  if (rows.balance !== undefined)
    c.known(rows.balance.field, columns, ['population', 'rows', 'balance', 'field'], 'one of the `columns`');
}

/** The batches in which a table's rows come; null where they are drawn, or leave nothing to replay. */
export function replayFrom({ lab, population }: Scenario, table: TableData | null): Replay | null {
  const spec = population.rows?.replay;
  if (spec === undefined || table === null || lab.size === 'all') return null;
  if ('per' in spec) return replayOf(table.rows, lab.size, { kind: 'rows', per: spec.per });
  return replayOf(table.rows, lab.size, { kind: 'time', every: spec.every, times: table.times ?? new Int32Array(0) });
}

/** Checks what a replay decides by itself, and how far its rows reach. */
export function replay(c: Context): Replay | null {
  const { lab, population, steps } = c.scenario;
  if (population.rows?.replay === undefined) return null;
  if (population.size !== undefined)
    c.report(['population', 'size'], 'the rows of a replay decide how many come', { atKey: true });
  if (population.turnover !== 1)
    c.report(['population', 'turnover'], 'in a replay everybody is replaced at each step', { expected: '1' });
  if (population.rows.balance !== undefined)
    c.report(['population', 'rows', 'balance'], 'a replay takes every row', { atKey: true });
  if (lab.size === 'all')
    c.report(['lab', 'size'], 'the lab would leave no row to replay', { expected: 'a number of rows' });
  if (c.table === null || lab.size === 'all') return null;
  const found = replayFrom(c.scenario, c.table);
  if (found === null) {
    c.report(['lab', 'size'], `the lab takes ${lab.size} rows of ${c.table.rows} and leaves none to replay`, {
      expected: `fewer than ${c.table.rows}`,
    });
    return null;
  }
  if (steps > stepsOf(found))
    c.report(['steps'], `the rows that were read make ${stepsOf(found)} steps`, {
      expected: `at most ${stepsOf(found)}, or no \`steps\`: to the end of the file`,
    });
  return found;
}

/** Fields that an individual gets when it enters. */
export function entryFields(c: Context, mixes: readonly Mix[]): EntryField[] {
  return c.order
    .filter((name) => !c.late.has(name))
    .map((name) => ({ name, rule: entryRule(c, c.fields.get(name) as FieldNode, mixes) }));
}

function entryRule(c: Context, node: FieldNode, mixes: readonly Mix[]): EntryRule {
  const { formula, path, spec } = node;
  if (typeof spec === 'object' && 'row' in spec) return { kind: 'row' };
  if (typeof spec === 'object' && 'node' in spec) return { kind: 'node' };
  if (typeof spec === 'object' && 'choice' in spec) {
    const { choice } = spec;
    const weights = (node.levels ?? []).map((level) => (Object.hasOwn(choice, level) ? choice[level] : 0));
    if (!weights.some((w) => w > 0)) c.report([...path, 'choice'], 'no value has a positive weight');
    return { kind: 'choice', weights, mixes: mixes.filter(({ field }) => field === node.name) };
  }
  const compiled = formula === null ? ZERO : c.formula(formula.source, formula.path, 'entry');
  return { kind: typeof spec === 'object' && 'probability' in spec ? 'probability' : 'formula', formula: compiled };
}

/** Fields that are evaluated with the outcome, each after those that it names. */
export function outcomeFields(c: Context, branches: boolean): OutcomeField[] {
  const done = new Set<string>();
  return c.order
    .filter((name) => c.late.has(name))
    .map((name) => {
      const { formula, path, spec } = c.fields.get(name) as FieldNode;
      const compiled =
        formula === null ? ZERO : c.formula(formula.source, formula.path, 'outcome', { also: new Set(done) });
      done.add(name);
      const rule = typeof spec === 'object' && 'probability' in spec ? 'probability' : 'value';
      const isOutcome = name === c.scenario.outcome.field;
      if (branches && rule === 'probability' && !isOutcome)
        c.report(path, 'over nodes, only the outcome may have a probability');
      return { name, rule, formula: compiled, branches: branches && isOutcome, moves: [], drift: [] };
    });
}

/** The weight of an individual; null where all count the same. */
export function weight(c: Context): Formula | null {
  const { weight } = c.scenario.population;
  if (weight === undefined) return null;
  return c.formula(weight, ['population', 'weight'], 'entry');
}

/** The sample before the first step. */
export function lab(c: Context, replay: Replay | null): Plan['lab'] {
  const { curated, holdout, size, where } = c.scenario.lab;
  return {
    size: replay !== null ? replay.lab : size === 'all' ? null : size,
    // Quadrature nodes are an expectation: there is nothing to hold out.
    holdout: c.scenario.population.nodes === undefined ? holdout : 0,
    curated,
    where: where === undefined ? null : c.formula(where, ['lab', 'where'], 'after'),
  };
}

/** A number of the world, constant or with a formula for its next value. */
export function stateVariable(c: Context, name: string, spec: Scenario['state'][string]): Plan['state'][number] {
  if (typeof spec === 'number') return { name, start: spec, becomes: null };
  const becomes = c.formula(spec.becomes, ['state', name, 'becomes'], 'state', { rows: 'one' });
  return { name, start: spec.start, becomes };
}
