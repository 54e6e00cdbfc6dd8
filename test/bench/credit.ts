/** The published credit experiment against its authors' arithmetic in NumPy. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { runOf } from '../../src/scenario/simulate.js';
import { has, quickest, ROOT, type Row, seconds, skipped } from './row.js';

const DATA = join(ROOT, '../shared/data/give-me-some-credit.csv.gz');
const WHAT = 'credit experiment, 18,357 x 11, 25 rounds, epsilon 1 and 100, against NumPy';
const STEP = 'one step of gradient descent on it, like for like';
const TARGET = '>= 30 x faster';
const ROUNDS = 25;
const EPSILONS = [1, 100];

interface Theirs {
  readonly seconds: number;
  readonly steps: number;
  readonly theta: readonly number[];
}

export async function credit(): Promise<Row[]> {
  if (!existsSync(DATA)) return [skipped(WHAT, TARGET, 'the data are not there')];
  const loaded = await loadScenario(join(ROOT, 'scenarios/published/performative-credit.yaml'), { data: DATA });
  const ours = EPSILONS.reduce((sum, epsilon) => {
    const scenario = loaded.with({ 'respond.gaming.strength': epsilon, steps: ROUNDS });
    return sum + quickest(3, () => coefficients(scenario));
  }, 0);
  if (!has('python3', '-c', 'import numpy')) return [{ ...skipped(WHAT, TARGET, 'no NumPy'), ours: seconds(ours) }];
  const script = join(ROOT, 'test/bench/credit.py');
  const args = [script, DATA, `${ROUNDS}`, '1e-7', ...EPSILONS.map(String)];
  const theirs = JSON.parse(spawnSync('python3', args, { encoding: 'utf8' }).stdout) as Theirs[];
  const other = theirs.reduce((sum, run) => sum + run.seconds, 0);
  const value = other / ours;
  return [
    { what: WHAT, ours: seconds(ours), other: seconds(other), value, target: TARGET, holds: value >= 30 },
    oneStep(loaded, theirs[0]),
  ];
}

/** Its own solver, which stops where the authors' does: what the algorithm alone does not gain. */
function oneStep(loaded: LoadedScenario, theirs: Theirs): Row {
  const descent = (maxIterations: number) =>
    loaded.with({
      steps: 1,
      'models.score.solver': 'gradient-descent',
      'models.score.lossTolerance': 0,
      'models.score.maxIterations': maxIterations,
      'retrain.when': 'never',
    });
  const few = descent(100);
  const many = descent(1100);
  const ours = (quickest(3, () => coefficients(many)) - quickest(3, () => coefficients(few))) / 1000;
  const other = theirs.seconds / theirs.steps;
  return { what: STEP, ours: seconds(ours), other: seconds(other), value: other / ours, target: '', holds: null };
}

function coefficients(scenario: LoadedScenario): void {
  for (const _ of runOf(scenario, { hash: false }));
}
