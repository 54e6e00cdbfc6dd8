import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { runFor } from '../../src/study/jobs/series.js';
import { expectedUnder, namesRead } from '../../src/study/variants.js';

describe('what a study leaves out', () => {
  // Each has some of what may go: slices, monitors that a trigger goes by or not, several models, delays, intervals.
  const files = [
    'monitoring/silent-concept-drift',
    'monitoring/outage-or-drift',
    'monitoring/retraining-feeds-the-loop',
    'feedback/never-tried-again',
    'feedback/strategic-credit',
    'lab-vs-field/schema-break',
    'spurious/many-models-one-lab',
    'uncertainty/adaptive-intervals',
  ];

  it.each(files)('changes nothing that is read: %s', async (file) => {
    const loaded = await loadScenario(`scenarios/${file}.yaml`);
    for (const { indices, loaded: variant } of expectedUnder(loaded)) {
      const names = namesRead(
        variant,
        indices.map((index) => loaded.scenario.expect[index]),
      );
      const short = variant.with({ steps: 48, 'population.size': 100 });
      const { series } = runFor(short, names, 1, 0);
      const { series: all } = runFor(short, names, 1, 0, new Set());
      for (const name of names) expect(series.get(name), name).toEqual(all.get(name));
    }
  });
});
