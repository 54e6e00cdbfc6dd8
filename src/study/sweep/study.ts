/** A study that was checked: every point of it can be run. */
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { FormulaError } from '../../core/formula/index.js';
import { nearest } from '../../core/nearest.js';
import { VERSION } from '../../loop/simulate.js';
import { checkAgainst } from '../../scenario/check.js';
import { type Diagnostic, type Path, type Problem, problem, ScenarioError } from '../../scenario/diagnostic.js';
import { type CheckedMeasure, checkMeasure } from '../../scenario/expect.js';
import { type LoadedScenario, loadScenario } from '../../scenario/load.js';
import { openingOf } from '../../scenario/opening.js';
import { type Located, locate, plain } from '../../scenario/source.js';
import type { Asked } from '../jobs/comparison.js';
import { type Axis, extremes, type Value } from './axis.js';
import { axisOf } from './axis-words.js';
import { type Design, pointCount, pointsOf } from './design.js';
import { scenarioHash } from './scenario-hash.js';
import { MOST_DIMENSIONS } from './sobol.js';
import { type Keep, MOST_RUNS, type StudyFile, studySchema } from './study-schema.js';

export interface Measure {
  readonly name: string;
  readonly formula: string;
}

export interface Study {
  readonly name: string;
  readonly asked: Asked;
  readonly loaded: LoadedScenario;
  readonly scenarioHash: string;
  readonly axes: readonly Axis[];
  readonly design: Design;
  readonly points: number;
  readonly seeds: number;
  readonly seed: number;
  readonly keep: Keep;
  readonly measures: readonly Measure[];
  readonly runs: number;
  /** The values of the k-th point, in the order of the axes. */
  pointAt(k: number): readonly Value[];
}

/** Of a grid: enough for an interval. The other designs gain more from another point than from another seed. */
const SEEDS_OF_A_GRID = 10;
/** Points that are tried together before anything runs, and how long that may take, in milliseconds. */
const MOST_TRIED = 500;
const TRYING = 5000;

/** The k-th run: points come one after the other, each with all its seeds. */
export const runAt = ({ seed, seeds }: Pick<Study, 'seed' | 'seeds'>, run: number) => ({
  point: Math.floor(run / seeds),
  seed: seed + (run % seeds),
});

/** The values of a point by path. */
export const setOf = (study: Pick<Study, 'axes' | 'pointAt'>, point: number): Record<string, Value> => {
  const values = study.pointAt(point);
  return Object.fromEntries(study.axes.map(({ path }, j) => [path, values[j]]));
};

/**
 * What a run is known by: the same for the same scenario, values, seed and measures, wherever and whenever this version of
 * driftloop runs it.
 */
export function runKey(study: Study, run: number): string {
  const { point, seed } = runAt(study, run);
  return keyOf(study.scenarioHash, setOf(study, point), seed, study.keep, study.measures);
}

export const keyOf = (
  scenario: string,
  set: Readonly<Record<string, Value>>,
  seed: number,
  keep: Keep,
  measures: readonly Measure[],
): string => hashed([VERSION, scenario, set, seed, keep, measures]).slice(0, 32);

export const hashed = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Checks a study as it was written. Throws a `ScenarioError` with everything that is wrong; nothing has run then. */
export async function studyOf(root: Located, folder: string): Promise<Study> {
  const data = plain(root);
  const { problems: shape, value: file } = checkAgainst(studySchema, data);
  const axes = axesOf(data);
  const problems = [...shape, ...axes.problems];
  if (file === null) throw located(root, problems);
  problems.push(...designProblems(file));
  const asked: Asked = {
    file: resolve(folder, file.scenario),
    set: file.set,
    off: file.off,
    data: file.data === undefined ? null : resolve(folder, file.data),
  };
  let loaded: LoadedScenario;
  try {
    loaded = await loadScenario(asked.file, {
      set: asked.set,
      off: asked.off,
      ...(asked.data === null ? {} : { data: asked.data }),
    });
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw new ScenarioError([...located(root, problems).diagnostics, ...error.diagnostics]);
  }
  const measures = file.measures === undefined ? usualMeasures(loaded, file.keep) : named(file.measures);
  problems.push(...measureProblems(loaded, measures, file), ...valueProblems(loaded, axes.axes));
  if (problems.length > 0) throw located(root, problems);
  const design = designOf(file, file.seed ?? loaded.scenario.seed);
  const points = pointCount(design, axes.axes);
  const seeds = file.seeds ?? (design.name === 'grid' ? SEEDS_OF_A_GRID : 1);
  if (points * seeds > MOST_RUNS) throw located(root, [tooMany(points, seeds)]);
  const study: Study = {
    name: file.study ?? loaded.scenario.name,
    asked,
    loaded,
    scenarioHash: scenarioHash(loaded),
    axes: axes.axes,
    design,
    points,
    seeds,
    seed: file.seed ?? loaded.scenario.seed,
    keep: file.keep,
    measures,
    runs: points * seeds,
    pointAt: pointsOf(design, axes.axes),
  };
  const together = togetherProblems(study);
  if (together.length > 0) throw located(root, together);
  return study;
}

const tooMany = (points: number, seeds: number): Problem =>
  problem(['over'], `these are ${points * seeds} runs: ${points} points with ${seeds} seeds each`, {
    atKey: true,
    expected: `at most ${MOST_RUNS}`,
  });

function axesOf(data: unknown): { axes: Axis[]; problems: Problem[] } {
  const { design, over } = data as { design?: unknown; over?: unknown };
  const axes: Axis[] = [];
  const problems: Problem[] = [];
  if (typeof over !== 'object' || over === null || Array.isArray(over)) return { axes, problems };
  for (const [path, written] of Object.entries(over)) {
    // What is no list and no plain value is told by the schema.
    if (typeof written === 'object' && !Array.isArray(written)) continue;
    const axis = axisOf(path, written, design === undefined || design === 'grid');
    if ('message' in axis) problems.push(axis);
    else axes.push(axis);
    if (/^(seed|replicates|expect|extends)(\.|$)/.test(path))
      problems.push(
        problem(['over', path], `\`${path}\` is no parameter of the world`, { atKey: true, expected: 'see `seeds`' }),
      );
  }
  return { axes, problems };
}

function designProblems({ design, over, points, scramble }: StudyFile): Problem[] {
  const problems: Problem[] = [];
  const isSequence = design === 'sobol' || design === 'saltelli';
  if (design === 'grid' && points !== undefined)
    problems.push(problem(['points'], 'a grid has the points that its levels make', { atKey: true }));
  if (design !== 'grid' && points === undefined)
    problems.push(problem(['design'], 'how many points?', { expected: '`points`, such as 256' }));
  if (scramble !== undefined && !isSequence)
    problems.push(
      problem(['scramble'], `a ${design} is not scrambled`, { atKey: true, expected: 'sobol or saltelli' }),
    );
  const dimensions = Object.keys(over).length * (design === 'saltelli' ? 2 : 1);
  if (isSequence && dimensions > MOST_DIMENSIONS)
    problems.push(problem(['over'], `this needs ${dimensions} dimensions`, { expected: `at most ${MOST_DIMENSIONS}` }));
  return problems;
}

const designOf = ({ design, points, scramble }: StudyFile, seed: number): Design => {
  const isSequence = design === 'sobol' || design === 'saltelli';
  return {
    name: design,
    points: points ?? null,
    scramble: isSequence ? (scramble ?? 'owen') : null,
    seed: design === 'grid' ? null : seed,
  };
};

const named = (measures: Readonly<Record<string, string>>): Measure[] =>
  Object.entries(measures).map(([name, formula]) => ({ name, formula }));

/** The vantage points of what the scenario opens with, what it measures itself, and the cost. */
function usualMeasures(loaded: LoadedScenario, keep: Keep): Measure[] {
  const { metric, model } = openingOf(loaded);
  const names = [
    ...['lab', 'observed', 'actual'].map((vantage) => `${model}.${vantage}.${metric}`),
    ...(loaded.readers.has(metric) ? [metric] : []),
    ...loaded.plan.measures.map(({ name }) => `measure.${name}`),
    'costs.total',
  ].filter((name) => loaded.readers.has(name));
  const isPrimary = model === loaded.plan.primary.model;
  return [...new Set(names)].map((name) => ({
    name: isPrimary && name.startsWith(`${model}.`) ? name.slice(model.length + 1) : name,
    formula: keep === 'trace' ? name : `final(${name})`,
  }));
}

/** Columns that every table has. */
export const FIXED_COLUMNS = ['point', 'seed', 't', 'diverged'] as const;

function measureProblems(loaded: LoadedScenario, measures: readonly Measure[], { keep, over }: StudyFile): Problem[] {
  const names = [...loaded.readers.keys()];
  return measures.flatMap(({ formula, name }) => {
    const at: Path = ['measures', name];
    if ([...FIXED_COLUMNS, ...Object.keys(over)].includes(name))
      return [problem(at, `\`${name}\` is the name of another column`, { atKey: true })];
    try {
      if (checkMeasure(formula, names).perStep && keep === 'final')
        return [
          problem(at, 'this is a number of each step', {
            expected: 'one of each run, such as `final(...)`, or `keep: trace`',
          }),
        ];
      return [];
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      const { expected, message, nearest: near, offset } = error;
      return [problem(at, message, { expected, nearest: near, offset })];
    }
  });
}

export const checkedMeasures = (loaded: LoadedScenario, measures: readonly Measure[]): CheckedMeasure[] => {
  const names = [...loaded.readers.keys()];
  return measures.map(({ formula }) => checkMeasure(formula, names));
};

const refused = (loaded: LoadedScenario, set: Readonly<Record<string, Value>>): readonly Diagnostic[] => {
  try {
    loaded.with(set);
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.diagnostics;
    throw error;
  }
};

/** Each axis alone: its levels, or the ends of its range. What is wrong with all values is wrong with the path. */
function valueProblems(loaded: LoadedScenario, axes: readonly Axis[]): Problem[] {
  return axes.flatMap((axis) => {
    const { path } = axis;
    const values = extremes(axis);
    const found = values.flatMap((value) => {
      const wrong = refused(loaded, { [path]: value });
      return wrong.length === 0 ? [] : [{ value, wrong }];
    });
    const texts = new Set<string>();
    const isPath = found.length === values.length && new Set(found.map(({ wrong }) => wrong[0].message)).size === 1;
    return found.flatMap(({ value, wrong }) =>
      wrong.flatMap(({ expected, message, nearest: near }) => {
        const text = isPath ? message : `${path} = ${JSON.stringify(value)}: ${message}`;
        if (texts.has(text)) return [];
        texts.add(text);
        return [
          problem(['over', path], text, {
            expected,
            nearest: near ?? (isPath ? nearestKey(loaded, path) : null),
            atKey: isPath,
          }),
        ];
      }),
    );
  });
}

/** The key of the scenario that comes nearest to the last one of a path, wherever it stands. */
function nearestKey({ scenario }: LoadedScenario, path: string): string | null {
  const keys = new Set<string>();
  JSON.stringify(scenario, (key, value) => {
    keys.add(key);
    return value;
  });
  const last = path.split('.').at(-1) ?? path;
  return keys.has(last) ? null : nearest(last, [...keys]);
}

/** Values that each can be taken and not together; of many points, some all over the design. */
function togetherProblems(study: Study): Problem[] {
  if (study.axes.length < 2 && study.axes.every(({ kind }) => kind === 'levels')) return [];
  const every = Math.max(1, study.points / MOST_TRIED);
  const problems = new Map<string, Problem>();
  const end = performance.now() + TRYING;
  for (let i = 0; i * every < study.points && performance.now() < end; i++) {
    const k = Math.floor(i * every);
    const set = setOf(study, k);
    for (const { expected, message, nearest: near } of refused(study.loaded, set)) {
      if (problems.has(message)) continue;
      const values = Object.entries(set).map(([path, value]) => `${path} = ${JSON.stringify(value)}`);
      problems.set(
        message,
        problem(['over'], `${values.join(', ')}: ${message}`, { expected, nearest: near, atKey: true }),
      );
    }
  }
  return [...problems.values()];
}

function located(root: Located, problems: readonly Problem[]): ScenarioError {
  return new ScenarioError(problems.map((found) => locate(root, found)));
}

/** Where what a study file names is looked for. */
export const folderOf = (file: string): string => dirname(resolve(file));
