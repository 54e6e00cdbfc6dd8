/**
 * What a scenario says of its own values and series, judged once it has been compiled: expectations read series that there
 * are, theory is drawn over one, the view opens on what there is, knobs turn what can be turned, the schedule changes what can
 * change, and policies can be run and learn something.
 */
import { FormulaError } from '../core/formula/index.js';
import { nearest } from '../core/nearest.js';
import { blindWindows } from './blind-window.js';
import { type Diagnostic, type Path, type Problem, problem, ScenarioError } from './diagnostic.js';
import { checkExpectation } from './expect.js';
import { changedInMotion } from './hand.js';
import type { LoadedScenario } from './load.js';
import { viewProblems } from './opening.js';
import { PolicyError, policyOf } from './policy.js';
import { underPolicy } from './under-policy.js';

/** Everything that a scenario promises and cannot keep. */
export const promiseProblems = (loaded: LoadedScenario): Problem[] => [
  ...theoryProblems(loaded),
  ...viewProblems(loaded),
  ...scheduleProblems(loaded),
  ...blindWindows(loaded),
  ...policyProblems(loaded),
  ...knobProblems(loaded),
  ...expectationProblems(loaded),
];

/** What is wrong with a scenario that is changed like this. */
function refused(change: () => unknown): readonly Diagnostic[] {
  try {
    change();
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.diagnostics;
    throw error;
  }
}

/** The same complaints, at the place that asked for the change `what`. */
const moved = (diagnostics: readonly Diagnostic[], path: Path, what = ''): Problem[] =>
  diagnostics.map(({ expected, message, nearest: near }) =>
    problem(path, `${what === '' ? '' : `with ${what}: `}${message}`, { expected, nearest: near }),
  );

/** Unknown names, controls that take nothing away, and changes (`with`) that the scenario cannot take. */
function expectationProblems(loaded: LoadedScenario): Problem[] {
  const names = [...loaded.readers.keys()];
  return loaded.scenario.expect.flatMap(({ control, that, with: set }, index) => {
    const problems: Problem[] = [];
    try {
      checkExpectation(that, names);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      const { expected, message, nearest: near, offset } = error;
      problems.push(problem(['expect', index, 'that'], message, { expected, nearest: near, offset }));
    }
    if (control && set === undefined)
      problems.push(
        problem(['expect', index, 'control'], 'a control says nothing of what it takes away', {
          atKey: true,
          expected: '`with`, the values that take the mechanism away',
        }),
      );
    if (set !== undefined)
      problems.push(
        ...moved(
          refused(() => loaded.with(set)),
          ['expect', index, 'with'],
        ),
      );
    return problems;
  });
}

/** Theory is drawn over a series of the trace. */
function theoryProblems({ readers, scenario }: LoadedScenario): Problem[] {
  const names = [...readers.keys()];
  return Object.entries(scenario.theory)
    .filter(([, { over }]) => !readers.has(over))
    .map(([name, { over }]) =>
      problem(['theory', name, 'over'], `\`${over}\` is not a series of the trace`, {
        expected: 'a name such as `actual.accuracy`',
        nearest: nearest(over, names),
      }),
    );
}

/** Policies that mean nothing, and those that the scenario cannot take. */
function policyProblems(loaded: LoadedScenario): Problem[] {
  return Object.entries(loaded.scenario.policies ?? {}).flatMap(([name, text]) => {
    const path = ['policies', name];
    try {
      const policy = policyOf(text, name);
      return moved(
        refused(() => underPolicy(loaded, policy)),
        path,
      );
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      const { complaint, expected, nearest: near, offset } = error;
      return [problem(path, complaint, { expected, nearest: near, offset })];
    }
  });
}

/** Both ends of a knob are values that the scenario can take. */
function knobProblems(loaded: LoadedScenario): Problem[] {
  return loaded.scenario.knobs.flatMap(({ max, min, path, step }, index) => {
    const own: Path = ['knobs', index];
    if (min >= max) return [problem([...own, 'max'], `the knob goes from ${min} to ${max}`, { expected: 'min < max' })];
    if (step !== undefined && step > max - min)
      return [
        problem([...own, 'step'], `a step of ${step} is wider than the knob`, { expected: `at most ${max - min}` }),
      ];
    const low = refused(() => loaded.with({ [path]: min }));
    const high = refused(() => loaded.with({ [path]: max }));
    // What is wrong with both is wrong with the path.
    if (low.length > 0 && high.length > 0) return moved(low, [...own, 'path'], `${path} = ${min}`);
    return [...moved(low, [...own, 'min'], `${path} = ${min}`), ...moved(high, [...own, 'max'], `${path} = ${max}`)];
  });
}

/** What is settled when a run begins. */
const SETTLED =
  /^(name|lesson|about|source|extends|steps|seed|replicates|lab|schedule|view|knobs|story|expect|population\.(size|rows|nodes))(\.|$)/;

/** The changes come one on top of the other, in the order of their steps. */
function scheduleProblems(loaded: LoadedScenario): Problem[] {
  const { schedule } = loaded.scenario;
  const order = schedule.map((_, index) => index).sort((a, b) => schedule[a].at - schedule[b].at);
  const problems: Problem[] = [];
  let current = loaded;
  for (const index of order) {
    const { set } = schedule[index];
    for (const path of Object.keys(set).filter((key) => SETTLED.test(key))) {
      const message = `\`${path}\` cannot change while the world runs`;
      problems.push(problem(['schedule', index, 'set', path], message, { atKey: true }));
    }
    const wrong = refused(() => {
      current = changedInMotion(current, set);
    });
    problems.push(...moved(wrong, ['schedule', index, 'set']));
  }
  return problems;
}
