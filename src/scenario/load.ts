/** From a scenario file to what can be run: read, extended, overridden, checked, compiled. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { nearest } from '../core/nearest.js';
import type { Plan } from '../loop/plan.js';
import { stepsOf } from '../world/replay.js';
import { checkShape, withoutWrong } from './check.js';
import { compileScenario } from './compile/index.js';
import { replayFrom } from './compile/population.js';
import { type Diagnostic, type Problem, problem, ScenarioError } from './diagnostic.js';
import { merge, type Overrides, override, valueAt } from './override.js';
import { promiseProblems } from './promises.js';
import { type Parts, type Reader, readersOf } from './readers.js';
import { readRows } from './rows.js';
import type { Scenario } from './schema.js';
import { isLocatedMap, type Located, locate, plain, readYaml, Source } from './source.js';
import type { TableData } from './table.js';

export interface LoadOptions {
  /** Values by path, over those of the file. */
  readonly set?: Overrides;
  /** Mechanisms to switch off, by id: `respond.gaming`. A block's name switches off the whole block. */
  readonly off?: readonly string[];
  /** The CSV file of the population's rows, or a folder that holds it. */
  readonly data?: string;
  /** It has been loaded before: what it says of its own series and values is not looked at again. Default false. */
  readonly checked?: boolean;
}

/** A value as it was written, and the place of it. */
export interface Written {
  readonly value: unknown;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A scenario that was checked, with the plan that the loop runs. */
export interface LoadedScenario {
  readonly file: string;
  readonly scenario: Scenario;
  readonly plan: Plan;
  /** The names that expectations may use, with what they read from a step's record. */
  readonly readers: ReadonlyMap<string, Reader>;
  /** Ids of the mechanisms that are switched off. */
  readonly without: readonly string[];
  /** What was written at a path, found as `with` finds it, and where; null where nothing was. */
  find(path: string): Written | null;
  /** The same scenario with other values at some paths. Throws a `ScenarioError`. */
  with(set: Overrides): LoadedScenario;
  /** The same scenario with mechanisms switched off. */
  switchedOff(off: readonly string[]): LoadedScenario;
}

/** Reads, checks and compiles a scenario file. Throws a `ScenarioError` with everything that is wrong. */
export async function loadScenario(file: string, options: LoadOptions = {}): Promise<LoadedScenario> {
  const root = await readExtended(file, []);
  return load(file, root, options, (scenario, steps) => readTable(scenario, steps, root, dirname(file), options.data));
}

/**
 * Checks and compiles a scenario that did not come from a file here: it may not name one (`extends`, `population.rows`).
 */
export async function parseScenario(
  text: string,
  options: LoadOptions = {},
  file = 'scenario',
): Promise<LoadedScenario> {
  const root = readYaml(new Source(file, text));
  const refuse = (path: Problem['path']) => {
    throw new ScenarioError([
      locate(root, problem(path, 'a scenario from elsewhere may not read files', { atKey: true })),
    ]);
  };
  if (at(root, ['extends']) !== null) refuse(['extends']);
  return load(file, root, options, async ({ population }) => {
    if (population.rows !== undefined) refuse(['population', 'rows']);
    return null;
  });
}

async function load(
  file: string,
  root: Located,
  { checked = false, off = [], set = {} }: LoadOptions,
  table: (scenario: Scenario, steps: number | null) => Promise<TableData | null>,
): Promise<LoadedScenario> {
  const tree = override(root, { ...set, ...offOverrides(root, off) });
  const scenario = shape(tree);
  // A problem of the scenario is told before its file is looked for.
  const { rows } = scenario.population;
  const early = rows !== undefined && rows.categorical.length === 0;
  const problems = early ? compileScenario(scenario, null).problems : [];
  if (problems.length > 0) throw located(tree, problems);
  const loaded = compiled(
    file,
    tree,
    scenario,
    await table(scenario, at(tree, ['steps']) === null ? null : scenario.steps),
  );
  const unfit = checked ? [] : promiseProblems(loaded);
  if (unfit.length > 0) throw located(tree, unfit);
  return loaded;
}

function compiled(file: string, tree: Located, shaped: Scenario, table: TableData | null): LoadedScenario {
  const scenario = toTheEnd(shaped, tree, table);
  const { plan, problems } = compileScenario(scenario, table);
  if (plan === null) throw located(tree, problems);
  const again = (next: Located) => compiled(file, next, shape(next), table);
  const self: LoadedScenario = {
    file,
    scenario,
    plan,
    readers: readersOf(partsOf(scenario, plan)),
    without: plan.mechanisms.filter((m) => m.off).map((m) => m.id),
    find: (path) => {
      const node = valueAt(tree, path);
      if (node === null) return null;
      return { value: plain(node), file: node.source.file, ...node.source.position(node.offset) };
    },
    with: (set) => again(override(tree, set)),
    switchedOff: (off) => (off.length === 0 ? self : again(override(tree, offOverrides(tree, off)))),
  };
  return self;
}

/** Where nobody says how many steps there are, a replay has as many as its rows make. */
function toTheEnd(scenario: Scenario, tree: Located, table: TableData | null): Scenario {
  const replay = at(tree, ['steps']) === null ? replayFrom(scenario, table) : null;
  return replay === null ? scenario : { ...scenario, steps: stepsOf(replay) };
}

const partsOf = (scenario: Scenario, plan: Plan): Parts => ({
  models: plan.models.map(({ calibration, columns, kind, name }) => ({
    name,
    kind,
    columns,
    reliability: calibration,
  })),
  primary: plan.primary.model,
  slices: plan.slices.map(({ name }) => name),
  measures: plan.measures.map(({ name }) => name),
  theory: plan.theory.map(({ name }) => name),
  state: plan.state.map(({ name }) => name),
  population: [...plan.population.fields, ...plan.outcome].map(({ name }) => name),
  costs: scenario.costs !== undefined,
  monitors: plan.monitors.map(({ name }) => name),
});

function shape(tree: Located): Scenario {
  const data = plain(tree);
  const { problems, scenario } = checkShape(data);
  if (scenario === null) throw located(tree, [...problems, ...furtherProblems(data, problems)]);
  return scenario;
}

/** What else is wrong, beside the values that the schema refuses: everything is told at once. */
function furtherProblems(data: unknown, problems: readonly Problem[]): readonly Problem[] {
  const { scenario } = checkShape(withoutWrong(data, problems));
  // Without its rows, nothing is known of the values of a category.
  if (scenario === null || (scenario.population.rows?.categorical.length ?? 0) > 0) return [];
  // What a value was left out for is no problem of its own: `strength: much` is not a response without a strength.
  const isCause = ({ path }: Problem) => problems.some((p) => path.every((key, k) => p.path[k] === key));
  return compileScenario(scenario, null).problems.filter((found) => !isCause(found));
}

/** The problems with their places, in the order of the lines of each file. */
function located(tree: Located, problems: readonly Problem[]): ScenarioError {
  const found = problems.map((p) => locate(tree, p));
  const files = [...new Set(found.map(({ file }) => file))];
  const order = (a: Diagnostic, b: Diagnostic) =>
    files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column;
  return new ScenarioError(found.sort(order));
}

/** The blocks of mechanisms. */
const BLOCKS = ['drift', 'sense', 'respond', 'collect'];

const noSuchBlock = (id: string): ScenarioError =>
  new ScenarioError([
    {
      file: `--off ${id}`,
      line: 1,
      column: 1,
      message: `\`${id}\` is not a block of mechanisms`,
      expected: `one of ${BLOCKS.join(', ')}, or a mechanism such as \`respond.gaming\``,
      nearest: nearest(id, BLOCKS),
    },
  ]);

/** `respond` or `respond.gaming` as `respond.gaming.off: true`. */
function offOverrides(root: Located, off: readonly string[]): Overrides {
  const set: Record<string, boolean> = {};
  for (const id of off) {
    if (id.includes('.')) {
      set[`${id}.off`] = true;
      continue;
    }
    if (!BLOCKS.includes(id)) throw noSuchBlock(id);
    const block = at(root, [id]);
    const items = Array.isArray(block?.value) ? block.value.length : 0;
    for (let k = 0; k < items; k++) set[`${id}.${k}.off`] = true;
  }
  return set;
}

function at(root: Located, path: readonly string[]): Located | null {
  let node: Located | undefined = root;
  for (const key of path) node = node !== undefined && isLocatedMap(node.value) ? node.value.get(key)?.node : undefined;
  return node ?? null;
}

const MAX_EXTENDS = 8;

/** A scenario file as it was written, over those that it extends; nothing of it is checked. */
export const readWritten = async (file: string): Promise<unknown> => plain(await readExtended(file, []));

async function readExtended(file: string, trail: readonly string[]): Promise<Located> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a folder' : message;
    throw new ScenarioError([{ file, line: 1, column: 1, message: what, expected: 'a scenario file', nearest: null }]);
  }
  const root = readYaml(new Source(file, text.replace(/^\uFEFF/, '')));
  const base = at(root, ['extends']);
  if (base === null || typeof base.value !== 'string') return root;
  const parent = resolve(dirname(file), base.value);
  const chain = [...trail, resolve(file)];
  const fail = (message: string) => {
    throw new ScenarioError([locate(root, problem(['extends'], message))]);
  };
  if (chain.includes(parent)) fail('the files extend each other in a circle');
  if (chain.length > MAX_EXTENDS) fail(`more than ${MAX_EXTENDS} files extend each other`);
  if (!existsSync(parent)) fail(`there is no file \`${base.value}\` beside this one`);
  const under = await readExtended(parent, chain);
  return merge(under, root);
}

async function readTable(
  { lab, population }: Scenario,
  steps: number | null,
  root: Located,
  folder: string,
  data: string | undefined,
): Promise<TableData | null> {
  if (population.rows === undefined) return null;
  const { file, how } = population.rows;
  // The file may stand beside the scenario that names it, which this one extends.
  const named = at(root, ['population', 'rows', 'file'])?.source.file;
  const path = findData(file, [folder, ...(named === undefined ? [] : [dirname(named)])], data);
  if (path === null) {
    const message = `the file \`${data !== undefined && !existsSync(data) ? data : file}\` is not there`;
    const expected = how ?? 'its path with `--data`';
    throw new ScenarioError([locate(root, problem(['population', 'rows', 'file'], message, { expected }))]);
  }
  return readRows(population.rows, path, { lab: lab.size === 'all' ? 0 : lab.size, steps });
}

/**
 * Where the rows of a scenario are: `--data` as a file or a folder; else beside the scenario, in the folder
 * DRIFTLOOP_DATA, or where the command runs.
 */
export function findData(file: string, beside: readonly string[], data: string | undefined): string | null {
  if (data !== undefined && existsSync(data) && statSync(data).isFile()) return data;
  const folders = data !== undefined ? [data] : [...beside, process.env.DRIFTLOOP_DATA ?? '.', '.', 'data'];
  const candidates = folders.flatMap((f) => [resolve(f, file), join(f, basename(file))]);
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
}
