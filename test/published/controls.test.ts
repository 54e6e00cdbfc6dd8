/** What a lesson expects is owed to its mechanism: under its control, some of it no longer comes out. */
import { describe, expect, it } from 'vitest';
import { scenarioFiles } from '../../src/scenario/gallery.js';
import { loadScenario } from '../../src/scenario/load.js';
import { judgeAll } from '../../src/study/judge.js';

const LESSONS =
  /scenarios.(uncertainty|hidden-failures|feedback|lab-vs-field|spurious|shift|monitoring)|published.p(4|5b)/;

describe.each((await scenarioFiles()).filter((file) => LESSONS.test(file)))('%s', (file) => {
  it('has controls under which its expectations fail', async () => {
    const loaded = await loadScenario(file);
    const controls = loaded.scenario.expect.filter(({ control }) => control);
    expect(controls.length).toBeGreaterThan(0);
    for (const { with: set } of controls) {
      expect(set).toBeDefined();
      const failed = judgeAll(loaded.with(set ?? {})).filter((judged) => judged.with === null && !judged.holds);
      expect(failed.length, JSON.stringify(set)).toBeGreaterThan(0);
    }
  }, 60_000);
});
