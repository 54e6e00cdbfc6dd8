/** The lessons on spurious features: with the central mechanism taken away, what they expect does not come out. */
import { expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { judgeAll } from '../../src/study/judge.js';

it.each([
  ['spurious/anti-causal-shortcut', { 'drift.another routine.off': true }, 3],
  ['spurious/regularisation-side-by-side', { 'drift.another routine.off': true }, 1],
  ['spurious/many-noise-features', { 'lab.size': 2000 }, 3],
  ['spurious/vanishing-proxy', { 'sense.an update drops the field.off': true }, 2],
  ['published/p7a-shortcut', { 'drift.environment.off': true }, 10],
  ['published/p7b-coloured-bits', { 'drift.painted the other way round.off': true }, 2],
] as const)('%s without its mechanism', async (name, set, most) => {
  const failed = judgeAll(await loadScenario(`scenarios/${name}.yaml`, { set })).filter(({ holds }) => !holds);
  expect(failed.filter((judgement) => judgement.with === null).length).toBeGreaterThanOrEqual(most);
});
