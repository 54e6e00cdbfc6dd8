/** P5a under gradient boosting: the reference figures are means of four runs, to 0.04. */
import { expect, it } from 'vitest';
import type { LoadedScenario } from '../../src/scenario/load.js';
import { loadScenario } from '../../src/scenario/load.js';
import { runOf } from '../../src/scenario/simulate.js';

const loaded = await loadScenario('scenarios/published/p5a-friedman.yaml');
/** R2 on the window and on original labels at the start and after 1, 2 and 5 turnovers. */
const STEPS = [0, 20, 40, 100];

function means(scenario: LoadedScenario): { window: number[]; original: number[] } {
  const window = STEPS.map(() => 0);
  const original = STEPS.map(() => 0);
  for (let replicate = 0; replicate < 4; replicate++) {
    for (const record of runOf(scenario, { replicate, seed: 1, hash: false })) {
      const k = record.type === 'step' ? STEPS.indexOf(record.t) : -1;
      if (record.type !== 'step' || k < 0) continue;
      window[k] += (record.measure.r2_window ?? Number.NaN) / 4;
      original[k] += (record.lab.r2 ?? Number.NaN) / 4;
    }
  }
  return { window, original };
}

it('rises on the labels of the window and falls on original ones', () => {
  const { original, window } = means(loaded);
  for (const [k, r2] of [0.888, 0.948, 0.97, 0.991].entries()) expect(Math.abs(window[k] - r2)).toBeLessThan(0.04);
  for (const [k, r2] of [0.883, 0.805, 0.727, 0.581].entries()) expect(Math.abs(original[k] - r2)).toBeLessThan(0.04);
}, 120_000);
