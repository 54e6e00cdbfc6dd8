/** What a page is told of a run. */
import { describe, expect, it } from 'vitest';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { factsOf } from '../../src/server/facts.js';
import { EVERYTHING, parse, SHIPPED, shipped } from '../support/scenario.js';

const valuesOf = (loaded: LoadedScenario): Record<string, number | null> =>
  Object.fromEntries(factsOf(loaded, 1, null).knobs.map(({ path, value }) => [path, value]));

describe('the value of a knob', () => {
  it.each(SHIPPED)('is known in %s', async (file) => {
    const loaded = await shipped(file);
    if (loaded === null) return;
    for (const [path, value] of Object.entries(valuesOf(loaded))) expect(value, path).not.toBeNull();
  });

  it('is what a key that is left out stands for', async () => {
    const sensor = await loadScenario('scenarios/shift/sensor-recalibration.yaml');
    expect(valuesOf(sensor)['sense.recalibration.scale']).toBe(1);
    const ovens = await loadScenario('scenarios/uncertainty/confident-outside-the-data.yaml');
    expect(valuesOf(ovens)['models.humble.uncertainty.level']).toBe(0.9);
    const sure = await loadScenario('scenarios/uncertainty/confident-outside-the-data.yaml', {
      set: { 'models.humble.level': 0.8 },
    });
    expect(valuesOf(sure)['models.humble.uncertainty.level']).toBe(0.8);
    const waiting = await parse(`${EVERYTHING}\nknobs: [{ path: retrain.cool, label: Rest, min: 0, max: 9 }]`);
    expect(valuesOf(waiting)['retrain.cool']).toBe(0);
  });
});
