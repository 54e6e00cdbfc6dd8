/** A study as it is written: checked as a whole before anything runs. */
import { dirname, resolve } from 'node:path';
import { checkAgainst } from '../../scenario/check.js';
import { type Problem, ScenarioError } from '../../scenario/diagnostic.js';
import { type LoadedScenario, loadScenario } from '../../scenario/load.js';
import { openingOf } from '../../scenario/opening.js';
import { type Located, locate, plain } from '../../scenario/source.js';
import type { Asked } from '../jobs/comparison.js';
import { type Design, pointCount, pointsOf } from './design.js';
import { scenarioHash } from './scenario-hash.js';
import type { Measure, Study } from './study.js';
import { axesOf, designProblems, measureProblems, togetherProblems, tooMany, valueProblems } from './study-problems.js';
import { type Keep, MOST_RUNS, type StudyFile, studySchema } from './study-schema.js';

/** Of a grid: enough for an interval. The other designs gain more from another point than from another seed. */
const SEEDS_OF_A_GRID = 10;
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

function located(root: Located, problems: readonly Problem[]): ScenarioError {
  return new ScenarioError(problems.map((found) => locate(root, found)));
}

/** Where what a study file names is looked for. */
export const folderOf = (file: string): string => dirname(resolve(file));
