import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { compared } from '../../src/study/comparing.js';
import { inProcess, threads } from '../../src/study/executor/index.js';
import { TASKS, tasks } from '../../src/study/jobs/index.js';

const TURN = `
name: a turn
steps: 30
population: { size: 200, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "(1 - 2 * step(t, 10)) * x + normal(0, 1)" }
lab: { size: 400 }
models: { m: { learner: linear, features: [x] } }
costs: { error: (y - m) ^ 2, retrain: 300 }
policies: { careful: "rmse above 1.5, last 1, cool 3" }
`;
const SELECTIVE = `${TURN.replace('policies:', 'decide: { take: m > 0 }\ncollect: [{ name: selective, only: take }]\npolicies:')}`;

let folder = '';
let file = '';
let loaded: LoadedScenario;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftloop-comparing-'));
  file = join(folder, 'turn.yaml');
  await writeFile(file, TURN);
  await writeFile(join(folder, 'selective.yaml'), SELECTIVE);
  loaded = await loadScenario(file);
});
afterAll(() => rm(folder, { recursive: true }));

const ask = async (policies: readonly string[], more: Partial<Parameters<typeof compared>[0]> = {}) => {
  const executor = more.executor ?? inProcess(tasks);
  const asked = { file, set: {}, off: [], data: null };
  return compared({ asked, loaded, policies, seeds: 4, seed: 1, higherIsBetter: false, executor, ...more });
};

describe('a comparison on request', () => {
  it('knows the policies of the scenario, and yardsticks made from their runs', async () => {
    const names = ['never', 'careful', 'random like careful', 'best fixed', 'oracle'];
    const result = await ask(names);
    expect(result).toMatchObject({ baseline: 'never', oracle: 'exact', metric: 'rmse', seeds: [1, 2, 3, 4] });
    const of = (name: string) => result.policies.find((policy) => policy.name === name);
    expect(of('careful')?.difference?.verdict).toBe('lower');
    // The oracle is beaten by nobody, on no seed.
    const cost = (name: string, seed: number) =>
      result.runs.find((run) => run.policy === name && run.seed === seed)?.costs?.total ?? Number.NaN;
    for (const name of names)
      for (const seed of result.seeds) expect(cost('oracle', seed)).toBeLessThanOrEqual(cost(name, seed) + 1e-9);
    // As many trainings at random as the policy had, give or take chance.
    expect(
      Math.abs((of('random like careful')?.trainings?.mean ?? 99) - (of('careful')?.trainings?.mean ?? 0)),
    ).toBeLessThan(3);
  });

  it('calls the oracle what it is where the world reacts', async () => {
    const other = join(folder, 'selective.yaml');
    const result = await ask(['never', 'careful', 'oracle'], {
      asked: { file: other, set: {}, off: [], data: null },
      loaded: await loadScenario(other),
      seeds: 2,
    });
    expect(result.oracle).toBe('best found');
    for (const { policy, seed, costs } of result.runs) {
      const best = result.runs.find((run) => run.policy === 'oracle' && run.seed === seed);
      expect(best?.costs?.total, policy).toBeLessThanOrEqual((costs?.total ?? 0) + 1e-9);
    }
  });

  it('is the same from threads', async () => {
    const executor = threads<typeof tasks>(TASKS, { workers: 2 });
    try {
      expect(await ask(['never', 'every 5', 'oracle'], { executor })).toEqual(
        await ask(['never', 'every 5', 'oracle']),
      );
    } finally {
      await executor.close();
    }
  });

  it('refuses what it cannot make before anything runs', async () => {
    await expect(ask(['nevr'])).rejects.toThrow(/did you mean `never`/);
    await expect(ask(['never', 'random like careful'])).rejects.toThrow(/`careful` is not among the policies/);
    await expect(ask(['every 5'], { baseline: 'never' })).rejects.toThrow(/baseline `never` is not among/);
    const free = await loadScenario(file, { set: { costs: null } });
    await expect(ask(['never', 'oracle'], { loaded: free })).rejects.toThrow(/names no `costs:`/);
    await expect(ask(['on nobody'])).rejects.toMatchObject({ name: 'ScenarioError' });
  });
});
