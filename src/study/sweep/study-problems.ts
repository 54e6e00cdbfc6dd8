/** What is wrong with a study: its axes, its design, its measures, and the values that its scenario cannot take. */
import { FormulaError } from '../../core/formula/index.js';
import { nearest } from '../../core/nearest.js';
import { type Diagnostic, type Path, type Problem, problem, ScenarioError } from '../../scenario/diagnostic.js';
import { checkMeasure } from '../../scenario/expect.js';
import type { LoadedScenario } from '../../scenario/load.js';
import { type Axis, extremes, type Value } from './axis.js';
import { axisOf } from './axis-words.js';
import { MOST_DIMENSIONS } from './sobol.js';
import { type Measure, type Study, setOf } from './study.js';
import { MOST_RUNS, type StudyFile } from './study-schema.js';

/** Points that are tried together before anything runs, and how long that may take, in milliseconds. */
const MOST_TRIED = 500;
const TRYING = 5000;

/** Columns that every table has. */
const FIXED_COLUMNS = ['point', 'seed', 't', 'diverged'] as const;

export const tooMany = (points: number, seeds: number): Problem =>
  problem(['over'], `these are ${points * seeds} runs: ${points} points with ${seeds} seeds each`, {
    atKey: true,
    expected: `at most ${MOST_RUNS}`,
  });

/** The axes that can be read, and what is wrong with the others. */
export function axesOf(data: unknown): { axes: Axis[]; problems: Problem[] } {
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

export function designProblems({ design, over, points, scramble }: StudyFile): Problem[] {
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

export function measureProblems(
  loaded: LoadedScenario,
  measures: readonly Measure[],
  { keep, over }: StudyFile,
): Problem[] {
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
export function valueProblems(loaded: LoadedScenario, axes: readonly Axis[]): Problem[] {
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
export function togetherProblems(study: Study): Problem[] {
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
