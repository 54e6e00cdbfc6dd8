/** A scenario's hash is that of what was resolved: it may travel as a text, and come out the same. */
import { expect, it } from 'vitest';
import { scenarioFiles } from '../../../src/scenario/gallery.js';
import { loadScenario, parseScenario } from '../../../src/scenario/load.js';
import { resolvedText, scenarioHash } from '../../../src/study/sweep/scenario-hash.js';

it('is the same for the text of every scenario that comes with driftloop', async () => {
  let count = 0;
  for (const file of await scenarioFiles()) {
    const loaded = await loadScenario(file).catch(() => null);
    // Rows are no part of a text.
    if (loaded === null || loaded.scenario.population.rows !== undefined) continue;
    expect(scenarioHash(await parseScenario(resolvedText(loaded))), file).toBe(scenarioHash(loaded));
    count++;
  }
  expect(count).toBeGreaterThan(100);
});

it('is another with another value or mechanism', async () => {
  const loaded = await loadScenario('scenarios/feedback/strategic-credit.yaml');
  const hashes = [loaded, loaded.with({ steps: 100 }), loaded.switchedOff(['respond.gaming'])].map(scenarioHash);
  expect(new Set(hashes).size).toBe(3);
});
