/** Shares add up to the whole in every scenario that comes with driftloop and has mechanisms. */
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { ScenarioError } from '../../../src/scenario/diagnostic.js';
import { scenarioFiles } from '../../../src/scenario/gallery.js';
import { type LoadedScenario, loadScenario } from '../../../src/scenario/load.js';
import { explain } from '../../../src/study/explain/index.js';

const files = await scenarioFiles();
/** Its rows are not part of driftloop. */
const WITHOUT_ROWS = ['performative-credit.yaml'];

/** As small as the scenario allows: what it promises (a story, an expectation at a step) may need its steps. */
async function small(file: string): Promise<LoadedScenario> {
  const own = await loadScenario(file);
  const few = { 'population.size': Math.min(own.plan.population.size, 200) };
  for (const set of [{ ...few, 'lab.size': 200, steps: 12 }, { ...few, steps: 12 }, few, { steps: 12 }]) {
    try {
      return own.with(set);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
    }
  }
  return own;
}

it.each(files.filter((file) => !WITHOUT_ROWS.includes(basename(file))))('%s', async (file) => {
  const loaded = await small(file);
  const on = new Set(loaded.plan.mechanisms.filter(({ off }) => !off).map(({ id }) => id));
  if (on.size === 0) return;
  const told = await explain(loaded, { seeds: 1, over: 'mean' });
  expect(told.shares.length).toBeGreaterThanOrEqual(on.size);
  const near = 1e-9 * Math.max(1, Math.abs(told.none), Math.abs(told.all));
  const sum = told.shares.reduce((a, { share }) => a + share, 0);
  expect(Math.abs(sum - told.total.mean)).toBeLessThan(near);
  expect(Math.abs(Math.abs(told.all - told.none) - Math.abs(told.total.mean))).toBeLessThan(near);
  told.overTime.total.forEach((total, t) => {
    if (total === null) return;
    const parts = told.overTime.shares.reduce((a, { share }) => a + (share[t] ?? Number.NaN), 0);
    expect(Math.abs(parts - total)).toBeLessThan(near);
  });
});
